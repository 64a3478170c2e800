/** The reports of the local SES: what became of each mail, signed as SNS signs, again until they are taken. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFeedback, LOCAL_TOPIC_ARN } from '../../services/ses-local/feedback.ts';
import { readFeedback } from '../../services/mail/feedback.ts';
import { createSnsCheck } from '../../services/mail/sns.ts';
import { moved, stopTheClock } from '../support/sender.ts';

const certificateUrl = 'http://127.0.0.1/sns.pem';

/** Reports to a listener that answers the n-th like this, on a clock that the test moves; and every body that came. */
async function reporting(status: (n: number) => number = () => 200) {
  const posted: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.writeHead(status(posted.push(Buffer.concat(chunks).toString()))).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const feedback = createFeedback(() => certificateUrl);
  await feedback.publicKey();
  stopTheClock();
  onTestFinished(() => {
    feedback.close();
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const accepted = (...to: string[]) => feedback.accepted({ id: 'm-1', from: 'noreply@example.com', to, sentAt: 0 });
  return { feedback, posted, url, accepted };
}

const messageOf = (body: string | undefined): string => (JSON.parse(body ?? '{}') as { Message: string }).Message;

describe('reports', () => {
  test('come half a second after the mail, and only where they are asked for', async () => {
    const { feedback, posted, url, accepted } = await reporting();
    accepted('unasked@example.com');
    feedback.reportTo(url);
    accepted('a@example.com');
    await moved(499);
    expect(posted).toEqual([]);
    await moved(1);
    await expect.poll(() => posted.length).toBe(1);
    expect(readFeedback(messageOf(posted[0]))?.destination).toEqual(['a@example.com']);
  });

  test('are signed so that the check of SNS believes them', async () => {
    const { feedback, posted, url, accepted } = await reporting();
    feedback.reportTo(url);
    accepted('a@example.com');
    await moved(500);
    await expect.poll(() => posted.length).toBe(1);
    const fetchCertificate = () => feedback.publicKey();
    const believe = createSnsCheck({ topicArns: [LOCAL_TOPIC_ARN], certificateUrl, fetchCertificate });
    expect(await believe(posted[0] ?? '', Date.now())).toMatchObject({
      Type: 'Notification',
      TopicArn: LOCAL_TOPIC_ARN,
    });
  });

  test('come again while they are not taken, a second later, five times at most, the same to the byte', async () => {
    const { feedback, posted, url, accepted } = await reporting(() => 503);
    feedback.reportTo(url);
    accepted('a@example.com');
    await moved(500);
    for (const n of [1, 2, 3, 4, 5]) {
      await expect.poll(() => posted.length).toBe(n);
      // The answer is on its way yet; once it is here, the second begins.
      await expect.poll(async () => (await moved(500), posted.length), { interval: 5 }).toBe(Math.min(n + 1, 5));
    }
    await moved(60_000);
    expect([posted.length, new Set(posted).size]).toEqual([5, 1]);
  });

  test.each([
    ['a@example.com', { kind: 'delivered' }],
    ['bounce@simulator.amazonses.com', { kind: 'bounced', permanent: true, subType: 'General' }],
    ['Bounce+x@simulator.amazonses.com', { kind: 'bounced', permanent: true, subType: 'General' }],
    ['suppressionlist@simulator.amazonses.com', { kind: 'bounced', permanent: true, subType: 'Suppressed' }],
    ['complaint@simulator.amazonses.com', { kind: 'complained', complaint: 'abuse' }],
    ['ooto@simulator.amazonses.com', { kind: 'delivered' }],
    ['bounce@example.com', { kind: 'delivered' }],
  ])('%s is reported as %j', async (to, report) => {
    const { feedback, posted, url, accepted } = await reporting();
    feedback.reportTo(url);
    accepted(to);
    await moved(500);
    await expect.poll(() => posted.length).toBe(1);
    expect(readFeedback(messageOf(posted[0]))).toMatchObject({ messageId: 'm-1', destination: [to], report });
  });

  test('end with the local SES', async () => {
    const { feedback, posted, url, accepted } = await reporting();
    feedback.reportTo(url);
    accepted('a@example.com');
    feedback.close();
    await moved(10_000);
    expect(posted).toEqual([]);
  });
});
