/** SES as a road: one request a call whatever comes of it, to one recipient, bounded in time. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSesTransport } from '../../services/mail/ses.ts';
import type { SendResult } from '../../services/mail/transport.ts';
import { behave, credentials, list, start, stored } from '../ses-local/support.ts';

const mail = {
  to: 'a@example.com',
  reference: 'otp-1',
  message: { subject: 'Your code', text: '012345 is your code.', html: '<p>012345</p>' },
};

function transportTo(endpoint: string, secretAccessKey = credentials.secretAccessKey) {
  const from = { fromEmail: 'noreply@example.com', fromName: 'Acme' };
  const signing = { ...credentials, secretAccessKey };
  const transport = createSesTransport({ region: 'us-east-1', credentials: signing, endpoint, ...from });
  onTestFinished(() => transport.close());
  return transport;
}

/** A server in SES's place that answers each call like this; and how many there were. */
async function inItsPlace(answer: RequestListener) {
  const seen = { calls: 0, form: new URLSearchParams() };
  const server = createServer((request, response) => {
    seen.calls++;
    void text(request).then((body) => {
      seen.form = new URLSearchParams(body);
      return answer(request, response);
    });
  });
  // It never ends a connection itself: only the client does.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => (server.closeAllConnections(), void server.close()));
  const connections = () => promisify(server.getConnections.bind(server))();
  return { seen, connections, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const callsOf = async (url: string) => (await (await fetch(`${url}/calls`)).json()) as Record<string, number>;

test('a mail is taken under the id that SES gives, for its one recipient, with our sender', async () => {
  const ses = await start();
  const result = await transportTo(ses.url).send(mail);
  const { messages } = await list(ses);
  expect(messages).toMatchObject([
    { from: 'noreply@example.com', to: ['a@example.com'], subject: 'Your code', text: '012345 is your code.' },
  ]);
  expect(result).toEqual({ kind: 'accepted', messageId: messages[0]?.id });
  expect(messages[0]?.headers).toMatchObject({ 'x-entity-ref-id': 'otp-1' });
  expect(await callsOf(ses.url)).toEqual({ SendRawEmail: 1 });
});

describe('one request and no second', () => {
  test.each<[object, SendResult, number]>([
    [{ mode: 'throttle' }, { kind: 'throttled' }, 0],
    [{ mode: 'quota' }, { kind: 'unavailable', reason: 'quota' }, 0],
    [{ mode: 'pause' }, { kind: 'unavailable', reason: 'paused' }, 0],
    [{ mode: 'pause', by: 'aws' }, { kind: 'unavailable', reason: 'paused' }, 0],
    [{ mode: 'reject' }, { kind: 'rejected' }, 0],
    [{ mode: 'error', status: 503 }, { kind: 'throttled' }, 0],
    [{ mode: 'error', status: 500 }, { kind: 'unsure' }, 0],
    [{ mode: 'accept-then-error' }, { kind: 'unsure' }, 1],
    [{ mode: 'accept-then-reset' }, { kind: 'unsure' }, 1],
  ])('%j: %j, and %d stored', async (behaviour, result, count) => {
    const ses = await start();
    await behave(ses, behaviour);
    expect(await transportTo(ses.url).send(mail)).toMatchObject(result);
    expect(await stored(ses)).toBe(count);
    expect(await callsOf(ses.url)).toEqual({ SendRawEmail: 1 });
  });

  test.each([1, 2])(
    'a mail that is not to be sent any more when asked for the time no. %i: late, and nothing is stored',
    async (time) => {
      const ses = await start();
      let asked = 0;
      expect(await transportTo(ses.url).send(mail, () => (++asked >= time ? 0 : 1))).toEqual({ kind: 'late' });
      expect(await stored(ses)).toBe(0);
    },
  );

  test('with a wrong secret nothing is stored, and it is told as such', async () => {
    const ses = await start();
    expect(await transportTo(ses.url, 'wrong').send(mail)).toMatchObject({
      kind: 'unavailable',
      reason: 'credentials',
    });
    expect(await stored(ses)).toBe(0);
  });

  test('an answer without an id is not clear', async () => {
    const { seen, url } = await inItsPlace((_, response) =>
      response.end('<SendRawEmailResponse><SendRawEmailResult></SendRawEmailResult></SendRawEmailResponse>'),
    );
    expect(await transportTo(url).send(mail)).toEqual({ kind: 'unsure' });
    expect(seen.calls).toBe(1);
  });

  test('silence is waited for four seconds: then nobody knows', async () => {
    const { seen, url } = await inItsPlace(() => {});
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const results: SendResult[] = [];
    const transport = transportTo(url);
    const sending = transport.send(mail).then((result) => void results.push(result));
    while (seen.calls === 0) await sleep(5);
    await vi.advanceTimersByTimeAsync(3900);
    await sleep(20);
    expect(results).toEqual([]);
    await vi.advanceTimersByTimeAsync(2100);
    await sending;
    expect([results, seen.calls, transport.attemptMillisecondsMax]).toEqual([[{ kind: 'unsure' }], 1, 6000]);
  });
});

test('the recipient and the sender are named beside the mail, and the connection is gone after the end', async () => {
  const { seen, url, connections } = await inItsPlace((_, response) => response.writeHead(500).end());
  const transport = transportTo(url);
  await transport.send(mail);
  const named = [...seen.form].filter(([name]) => name !== 'RawMessage.Data');
  expect(Object.fromEntries(named)).toEqual({
    Action: 'SendRawEmail',
    Version: '2010-12-01',
    Source: 'noreply@example.com',
    'Destinations.member.1': 'a@example.com',
  });
  expect(await connections()).toBe(1);
  transport.close();
  await expect.poll(connections, { timeout: 3000 }).toBe(0);
});

test('a mail that cannot be made is rejected without a request', async () => {
  const ses = await start();
  const attachments = [{ path: '/etc/hostname' }] as never;
  const message = { ...mail.message, attachments };
  expect(await transportTo(ses.url).send({ ...mail, message })).toEqual({ kind: 'rejected' });
  expect(await callsOf(ses.url)).toEqual({});
});

describe('the rate', () => {
  test('is what SES says, asked once', async () => {
    const ses = await start({ maxSendRate: 14 });
    expect(await transportTo(ses.url).sendRate()).toBe(14);
    expect(await callsOf(ses.url)).toEqual({ GetSendQuota: 1 });
  });

  test('is 1 where SES does not say, and cannot be learnt where it does not answer', async () => {
    const silent = await inItsPlace((_, response) =>
      response.end('<GetSendQuotaResponse><GetSendQuotaResult></GetSendQuotaResult></GetSendQuotaResponse>'),
    );
    expect(await transportTo(silent.url).sendRate()).toBe(1);
    const broken = await inItsPlace((_, response) => response.writeHead(500).end());
    await expect(transportTo(broken.url).sendRate()).rejects.toThrow();
    expect(broken.seen.calls).toBe(1);
  });
});
