/** 503 mail_unavailable: only while the mail service takes no mail at all, only for what needs a mail, and over by itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, expectProblem, retryAfterOf, type Stage, startStage, until } from '../support/contract.ts';
import { behave } from '../support/mailbox.ts';

const key = { 'Idempotency-Key': 'a-key-of-one-request' };

/** From here on it is known that the mail service takes nothing: the mail to `first` has found out. */
async function breakDown(stage: Stage, behaviour: object | undefined, first: string): Promise<Caller> {
  const [caller, prober] = [await stage.as(1), await stage.as(99)];
  if (behaviour) await behave(stage.ses.url, behaviour);
  expect((await caller.send({ email: first })).status).toBe(200);
  let probes = 0;
  await until('it is known', async () => {
    await sleep(300);
    return (await prober.send({ email: `probe-${probes++}@example.com` })).status === 503;
  });
  return caller;
}

async function expectUnavailable(stage: Stage, caller: Caller, email: string): Promise<void> {
  const before = await stage.events(email);
  const answer = await caller.send({ email });
  expectProblem(answer, 503, 'mail_unavailable');
  expect(retryAfterOf(answer)).toBeLessThanOrEqual(60);
  expect(answer.text).not.toContain(email);
  expect(await stage.events(email)).toEqual(before);
  expect(await stage.mails(email)).toHaveLength(0);
}

describe.concurrent('while the mail service takes no mail, send-otp is 503 and records nothing', () => {
  test.each([
    ['paused by its owner', { mode: 'pause' }, {}],
    ['paused by AWS', { mode: 'pause', by: 'aws' }, {}],
    ['its daily quota used up', { mode: 'quota' }, {}],
    ['its keys refused', undefined, { AWS_SECRET_ACCESS_KEY: 'not-the-secret-that-it-should-be' }],
  ])('%s', async (why, behaviour, env) => {
    const stage = await startStage(env);
    try {
      const [first, later] = ['first@example.com', 'later@example.com'];
      const caller = await breakDown(stage, behaviour, first);
      await expectUnavailable(stage, caller, later);
      expect(stage.api.output()).not.toContain('not-the-secret');
      if (why !== 'paused by its owner') return;

      await behave(stage.ses.url, { mode: 'normal' });
      await expectUnavailable(stage, caller, later);
      await until('it takes mail again', async () => (await caller.send({ email: later })).status === 200);
      for (const email of [first, later]) {
        await until('its mail comes', async () => (await stage.events(email)).includes('sent'));
        expect(await stage.mails(email)).toHaveLength(1);
        expect(await stage.events(email)).toEqual(['requested', 'sent']);
      }
      for (let n = 0; n < 5; n++) expect((await caller.send({ email: `after-${n}@example.com` })).status).toBe(200);
    } finally {
      await stage.stop();
    }
  });
});

describe('while the mail service takes no mail, what needs no mail is answered as ever', () => {
  let stage: Stage;
  let caller: Caller;
  let code: string;
  const [open, verified, broken] = ['open@example.com', 'verified@example.com', 'broken@example.com'];

  beforeAll(async () => {
    stage = await startStage();
    caller = await stage.as(1);
    await caller.send({ email: verified });
    await caller.verify({ email: verified, otp: await stage.code(verified) });
    expect((await caller.send({ email: open }, key)).status).toBe(200);
    code = await stage.code(open);
    await breakDown(stage, { mode: 'pause' }, broken);
  });
  afterAll(() => stage.stop());

  test('status says that the mail is queued, list lists it, and health is OK', async () => {
    expect((await caller.status(broken)).body).toMatchObject({ success: true, verified: false, delivery: 'queued' });
    expect((await caller.list('?all=true')).body.total).toBe(3);
    expect((await stage.api.call('GET', '/health')).text).toContain('OK');
  });

  test('a repeated Idempotency-Key is given its first answer', async () => {
    const answer = await caller.send({ email: open }, key);
    expect([answer.status, answer.body.success]).toEqual([200, true]);
    expect(await stage.mails(open)).toHaveLength(1);
  });

  test('an address that is verified already is told so', async () => {
    expect((await caller.send({ email: verified })).body).toMatchObject({ success: true, alreadyVerified: true });
    expect(await stage.events(verified)).toEqual(['requested', 'sent', 'verified']);
  });

  test('bad input is bad input', async () => {
    expectProblem(await caller.send({ email: 'no address' }), 400, 'invalid_request');
  });

  test('a code that came before is verified', async () => {
    expect((await caller.verify({ email: open, otp: code })).body).toMatchObject({
      success: true,
      emailVerified: true,
    });
  });
});

describe('any other trouble of the mail service is no 503', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage.stop());

  test.each([
    ['throttled', { mode: 'throttle' }],
    ['one mail rejected', { mode: 'reject' }],
    ['an error of the service', { mode: 'error', status: 503 }],
    ['no answer', { mode: 'accept-then-hang' }],
    ['a broken connection', { mode: 'accept-then-reset' }],
    ['a late answer', { mode: 'latency', milliseconds: 300 }],
  ])('%s', async (name, behaviour) => {
    const caller = await stage.as(2);
    await behave(stage.ses.url, behaviour);
    for (let n = 0; n < 4; n++) {
      const answer = await caller.send({ email: `${name.replaceAll(' ', '-')}-${n}@example.com` });
      expect(answer.status, answer.text).toBe(200);
    }
    expect(stage.api.output()).not.toContain('mail_unavailable');
  });
});
