/** Misbehaviour on demand: what the SDK sees, and what the mailbox holds. */
import { AccountSendingPausedException, GetSendQuotaCommand } from '@aws-sdk/client-ses';
import { describe, expect, test } from 'vitest';
import { start, clientOf, email, stored, present, post, behave, frozen, outcome } from './support.ts';

describe('misbehaviour', () => {
  test.each<[object, object, number]>([
    [{ mode: 'throttle' }, { name: 'Throttling', message: 'Maximum sending rate exceeded.' }, 0],
    [{ mode: 'quota' }, { name: 'Throttling', message: 'Daily message quota exceeded.' }, 0],
    [{ mode: 'reject' }, { name: 'MessageRejected', $metadata: { httpStatusCode: 400 } }, 0],
    [
      { mode: 'unverified' },
      { name: 'MessageRejected', message: expect.stringMatching(/^Email address is not verified\./) },
      0,
    ],
    [{ mode: 'pause' }, { name: 'AccountSendingPausedException', $metadata: { httpStatusCode: 400 } }, 0],
    [
      { mode: 'pause', by: 'aws' },
      { name: 'MessageRejected', message: expect.stringMatching(/^Sending paused for this account\./) },
      0,
    ],
    [{ mode: 'error', status: 503 }, { name: 'Error', $metadata: { httpStatusCode: 503 } }, 0],
    [{ mode: 'accept-then-hang' }, { name: 'TimeoutError', code: 'ETIMEDOUT' }, 1],
    [{ mode: 'accept-then-reset' }, { name: 'TimeoutError', code: 'ECONNRESET' }, 1],
    [
      { mode: 'accept-then-error' },
      { name: 'InternalFailure', $fault: 'server', $metadata: { httpStatusCode: 500 } },
      1,
    ],
    [{ mode: 'latency', milliseconds: 60_000 }, { name: 'TimeoutError', code: 'ETIMEDOUT' }, 1],
  ])('%j fails the send as %j and stores %i', async (behaviour, error, count) => {
    const ses = await start();
    const client = clientOf(ses, { requestHandler: { requestTimeout: 500, throwOnRequestTimeout: true } });
    await behave(ses, behaviour);
    const failed = client.send(email(['a@example.com']));
    await expect(failed).rejects.toMatchObject(error);
    expect(await stored(ses)).toBe(count);
    await expect(client.send(new GetSendQuotaCommand({}))).resolves.toMatchObject({ SentLast24Hours: count });
  });

  test('a paused account is an AccountSendingPausedException to the SDK', async () => {
    const ses = await start();
    await behave(ses, { mode: 'pause' });
    await expect(clientOf(ses).send(email(['a@example.com']))).rejects.toThrow(AccountSendingPausedException);
  });

  test('latency answers late, not never', async () => {
    const ses = await start();
    await behave(ses, { mode: 'latency', milliseconds: 120 });
    const before = performance.now();
    expect(await outcome(clientOf(ses))).toBe('ok');
    expect(performance.now() - before).toBeGreaterThan(115);
  });

  test('a lost answer under the SDK’s default retries sends the mail three times', async () => {
    const ses = await start();
    await behave(ses, { mode: 'accept-then-reset' });
    expect(await outcome(clientOf(ses, { maxAttempts: 3 }))).toBe('TimeoutError');
    expect(await stored(ses)).toBe(3);
  });

  test('every: only each n-th send suffers', async () => {
    const ses = await start();
    const client = clientOf(ses);
    await behave(ses, { mode: 'throttle', every: 3 });
    const outcomes: string[] = [];
    for (let send = 1; send <= 6; send += 1) outcomes.push(await outcome(client));
    expect(outcomes).toEqual(['ok', 'ok', 'Throttling', 'ok', 'ok', 'Throttling']);
    expect(await stored(ses)).toBe(4);
  });

  test('times: that many sends suffer, then all is normal again', async () => {
    const ses = await start();
    const client = clientOf(ses);
    await behave(ses, { mode: 'reject', times: 2 });
    expect([await outcome(client), await present(ses)]).toEqual([
      'MessageRejected',
      { mode: 'reject', times: 1, maxSendRate: 200 },
    ]);
    expect([await outcome(client), await outcome(client)]).toEqual(['MessageRejected', 'ok']);
    expect(await present(ses)).toEqual({ mode: 'normal', maxSendRate: 200 });
    expect(await stored(ses)).toBe(1);
  });

  test('maxSendRate changes the rate, with any mode, until it is changed again', async () => {
    const ses = await start({ now: frozen() });
    const client = clientOf(ses);
    await behave(ses, { mode: 'normal', maxSendRate: 1 });
    expect([await outcome(client), await outcome(client)]).toEqual(['ok', 'Throttling']);
    await behave(ses, { mode: 'normal' });
    await expect(client.send(new GetSendQuotaCommand({}))).resolves.toMatchObject({ MaxSendRate: 1 });
  });

  test.each([
    ['{"mode":"trottle"}', '/mode', 'must be one of normal, throttle, '],
    ['{}', '/mode', 'it is missing'],
    ['{"mode":"error"}', '/status', 'must be a whole number from 500 to 599; it is missing'],
    ['{"mode":"error","status":404}', '/status', 'from 500 to 599, not 404'],
    ['{"mode":"latency","milliseconds":"1s"}', '/milliseconds', 'from 0 to 600000, not "1s"'],
    ['{"mode":"throttle","every":0}', '/every', 'from 1 to 1000000, not 0'],
    [
      '{"mode":"throttle","milliseconds":1}',
      '/milliseconds',
      'not a setting of mode throttle, which takes every, times, maxSendRate',
    ],
    ['throttle', '', 'must be JSON'],
    ['["throttle"]', '', 'must be an object'],
  ])('the behaviour %s is refused by name, and the present one stays', async (body, pointer, detail) => {
    const ses = await start();
    await behave(ses, { mode: 'throttle', every: 2 });
    const answer = await post(ses, body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({
      status: 400,
      errors: [{ pointer, detail: expect.stringContaining(detail) }],
    });
    expect(await present(ses)).toEqual({ mode: 'throttle', every: 2, maxSendRate: 200 });
  });

  test('a web page of another origin cannot switch it: only application/json is taken', async () => {
    const ses = await start();
    expect((await post(ses, '{"mode":"throttle"}', 'text/plain')).status).toBe(415);
    expect(await present(ses)).toEqual({ mode: 'normal', maxSendRate: 200 });
  });
});
