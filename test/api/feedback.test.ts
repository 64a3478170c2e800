/** What SES reports through SNS becomes events of the code it belongs to; who bounced or complained gets no more mail. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL_TOPIC_ARN } from '../../services/ses-local/feedback.ts';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type ApiProcess, startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { until } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
let ses: LocalSes;
let api: ApiProcess;
let admin: string;
/** What the local SES posts, as it posts it. */
const posted: string[] = [];
const listener = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    posted.push(body);
    void deliver(body).then(({ status }) => response.writeHead(status).end());
  });
});

beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  ses.reportTo(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/`);
  const env = {
    SES_TOPIC_ARNS: LOCAL_TOPIC_ARN,
    SNS_CERTIFICATE_URL: `${ses.url}/sns.pem`,
    EMAIL_RESEND_COOLDOWN: '1',
  };
  api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url, env });
  admin = await tokenOf(user(900), 'admin');
});
afterAll(async () => {
  await api?.kill('SIGKILL');
  listener.close();
  await Promise.all([ses.close(), db.drop()]);
});

const deliver = (body: string) =>
  fetch(`${api.url}/api/ses/notifications`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain; charset=UTF-8' },
    body,
  });

const send = async (email: string, n = 1) =>
  api.call('POST', '/api/email-verification/send-otp', { token: await tokenOf(user(n)), body: { email } });

const statusOf = async (email: string, n = 1) =>
  (
    await api.call('GET', `/api/email-verification/status/${encodeURIComponent(email)}`, {
      token: await tokenOf(user(n)),
    })
  ).body;

const typesOf = async (email: string): Promise<string[]> =>
  (await db.owner<{ type: string }[]>`select type from events where stream_id = ${email} order by version`).map(
    ({ type }) => type,
  );

const eventsCounted = async () => (await db.owner`select count(*)::int as n from events`)[0]?.n as number;

const reports = () => db.owner`
  select count(*)::int as n, count(distinct data ->> 'feedbackId')::int as different
  from events
  where type in ('delivered', 'bounced', 'complained')
`;

describe('a report of SES', () => {
  test('that a mail was delivered shows in its status', async () => {
    await send('there@example.com');
    await until('delivered', async () => (await statusOf('there@example.com')).delivery === 'delivered');
    expect(await typesOf('there@example.com')).toEqual(['requested', 'sent', 'delivered']);
  });

  test.each([
    ['bounce@simulator.amazonses.com', 'bounced', 'bounce'],
    ['complaint@simulator.amazonses.com', 'complained', 'complaint'],
  ])('of %s closes the address: 422, no mail, and an admin sees why and lifts it', async (email, delivery, reason) => {
    await send(email);
    await until(delivery, async () => (await statusOf(email)).delivery === delivery);
    expect(await typesOf(email)).toEqual(['requested', 'sent', delivery, 'suppressed']);
    const refused = await send(email, 2);
    expect(refused).toMatchObject({ status: 422, body: { error: 'address_suppressed' } });
    const mails = async () =>
      ((await (await fetch(`${ses.url}/messages?to=${email}`)).json()) as { total: number }).total;
    expect(await mails()).toBe(1);
    const base = '/api/admin/email-management/suppressions';
    const listed = await api.call('GET', base, { token: admin });
    expect(listed.body.suppressions).toContainEqual({ email, reason, since: expect.any(String) });
    await api.call('POST', `${base}/lift`, { token: admin, body: { email } });
    await until('mail goes there again', async () => (await send(email, 2)).status === 200);
  });

  test('that comes again is taken and recorded once', async () => {
    for (const body of [...posted, ...posted]) expect((await deliver(body)).status).toBe(200);
    const [row] = await reports();
    expect(row?.n).toBeGreaterThanOrEqual(3);
    expect(row?.different).toBe(row?.n);
  });

  test('is refused when altered, and nothing is recorded or logged of what it said', async () => {
    const before = await eventsCounted();
    const forged = posted[0]?.replace('Delivery', 'Complaint') ?? '';
    const answer = await deliver(forged);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      error: 'notification_refused',
      detail: 'Signature is not of this message.',
    });
    for (const body of ['{}', 'x'.repeat(300_000)]) expect([403, 413]).toContain((await deliver(body)).status);
    expect(await eventsCounted()).toBe(before);
    expect(api.output()).not.toMatch(/there@example\.com|simulator\.amazonses/);
  });
});
