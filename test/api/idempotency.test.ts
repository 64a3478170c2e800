/** The header Idempotency-Key on send-otp and resend-otp: one request, one answer, one mail, however often it is made. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, ApiProcess } from '../support/api.ts';
import { expectProblem, holdRecording, retryAfterOf, type Stage, startStage } from '../support/contract.ts';

let stage: Stage;
let second: ApiProcess;
beforeAll(async () => {
  stage = await startStage();
  second = await stage.another();
});
afterAll(() => stage.stop());

const aKey = () => ({ 'Idempotency-Key': randomUUID() });
const same = ({ status, text }: Answer) => [status, text];

describe('the same key and the same body', () => {
  test('are given the first answer again, byte for byte: no second mail, no second event, from any process, at any time', async () => {
    const email = 'again@example.com';
    const key = aKey();
    const caller = await stage.as(1);
    const first = await caller.send({ email }, key);
    expect(first.status).toBe(200);
    const other = await stage.as(1, second);
    const again = () => stage.unchanged(() => caller.send({ email }, key));
    expect(same(await again())).toEqual(same(first));
    expect(same(await stage.unchanged(() => other.send({ email }, key)))).toEqual(same(first));
    await stage.later(61);
    expect(same(await again())).toEqual(same(first));
    await stage.later(3600);
    expect(same(await again())).toEqual(same(first));
    expect(same(await stage.unchanged(() => other.send({ email }, key)))).toEqual(same(first));
    expect(await stage.mails(email)).toHaveLength(1);
    expect(await stage.events(email)).toEqual(['requested', 'sent']);
  });

  test('also after the address was verified with that code', async () => {
    const email = 'verified@example.com';
    const key = aKey();
    const caller = await stage.as(1);
    const first = await caller.send({ email }, key);
    const otp = await stage.code(email);
    expect((await caller.verify({ email, otp })).status).toBe(200);
    expect(same(await stage.unchanged(() => caller.send({ email }, key)))).toEqual(same(first));
  });

  test('hold on resend-otp, and a repeat of the code is kept as such', async () => {
    const email = 'resend@example.com';
    const caller = await stage.as(1);
    await caller.send({ email }, aKey());
    await stage.later(60);
    const key = aKey();
    const first = await caller.resend({ email }, key);
    expect(first.body.expiresIn).toBeLessThanOrEqual(540);
    await stage.later(100);
    expect(same(await stage.unchanged(() => caller.resend({ email }, key)))).toEqual(same(first));
    expect(await stage.mails(email)).toHaveLength(2);
  });

  test('are 409 with Retry-After while the first is under way, and are then given its answer, from another process too', async () => {
    const email = 'waiting@example.com';
    const key = aKey();
    const [here, there] = [await stage.as(1), await stage.as(1, second)];
    const held = await holdRecording(stage.db);
    const first = here.send({ email }, key);
    await held.waiting(1);
    const early = await here.send({ email }, key);
    const elsewhere = there.send({ email }, key);
    await held.waiting(2);
    await held.release();
    expectProblem(early, 409, 'idempotency_in_progress');
    expect(retryAfterOf(early)).toBeLessThanOrEqual(5);
    expect((await first).status).toBe(200);
    const later = [await elsewhere, await here.send({ email }, key)];
    expect(later.map(same)).toEqual([same(await first), same(await first)]);
    await stage.settled();
    expect(await stage.events(email)).toEqual(['requested', 'sent']);
  });

  test('50 at the same moment, through two processes: one mail, and only the first answer or 409', async () => {
    const email = 'crowd@example.com';
    const key = aKey();
    const callers = await Promise.all([stage.api, second].map((api) => stage.as(1, api)));
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, n) => callers[n % 2]?.send({ email }, key)));
    const taken = answers.filter((answer) => answer?.status === 200);
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken.map((answer) => answer?.text)).size).toBe(1);
    for (const answer of answers) {
      if (answer && answer.status !== 200) expectProblem(answer, 409, 'idempotency_in_progress');
    }
    await stage.settled();
    expect(await stage.mails(email)).toHaveLength(1);
    expect(await stage.events(email)).toEqual(['requested', 'sent']);
    expect((await callers[0]?.send({ email }, key))?.text).toBe(taken[0]?.text);
  });
});

describe('the same key and another body', () => {
  test('are refused: another address, another purpose, another locale', async () => {
    const [email, elsewhere] = ['body@example.com', 'elsewhere@example.com'];
    const key = aKey();
    const caller = await stage.as(2);
    const first = await caller.send({ email }, key);
    for (const body of [{ email: elsewhere }, { email, purpose: 'business' }, { email, locale: 'pt-BR' }]) {
      const refused = await stage.unchanged(() => caller.send(body, key));
      expectProblem(refused, 422, 'idempotency_mismatch');
      for (const sent of [elsewhere, key['Idempotency-Key']]) expect(refused.text).not.toContain(sent);
    }
    expect(await stage.mails(elsewhere)).toHaveLength(0);
    expect(same(await stage.unchanged(() => caller.send({ email }, key)))).toEqual(same(first));
    await stage.later(61);
    expectProblem(await stage.unchanged(() => caller.send({ email: elsewhere }, key)), 422, 'idempotency_mismatch');
  });

  test('at the same moment, through two processes: one is taken, the others are 409 or 422, and one mail goes out', async () => {
    const key = aKey();
    const callers = await Promise.all([stage.api, second].map((api) => stage.as(2, api)));
    const emails = Array.from({ length: 12 }, (_, n) => `race-${n}@example.com`);
    const answers = await Promise.all(emails.map(async (email, n) => callers[n % 2]?.send({ email }, key)));
    await stage.settled();
    expect(answers.filter((answer) => answer?.status === 200)).toHaveLength(1);
    for (const answer of answers) expect([200, 409, 422]).toContain(answer?.status);
    const mails = await Promise.all(emails.map((email) => stage.mails(email)));
    expect(mails.flat()).toHaveLength(1);
    const stories = await Promise.all(emails.map((email) => stage.events(email)));
    expect(stories.flat()).toEqual(['requested', 'sent']);
  });
});

describe('a key', () => {
  test('is its caller’s own: another caller with the same key is independent', async () => {
    const key = aKey();
    const [one, two] = [await stage.as(3), await stage.as(4)];
    const mine = await one.send({ email: 'own-1@example.com' }, key);
    const theirs = await two.send({ email: 'own-2@example.com' }, key);
    expect([mine.status, theirs.status]).toEqual([200, 200]);
    expect(theirs.body.otpId).not.toBe(mine.body.otpId);
    expect(same(await one.send({ email: 'own-1@example.com' }, key))).toEqual(same(mine));
    expect(same(await two.send({ email: 'own-2@example.com' }, key))).toEqual(same(theirs));
    await stage.settled();
    expect(await stage.mails('own-1@example.com')).toHaveLength(1);
    expect(await stage.mails('own-2@example.com')).toHaveLength(1);
  });

  test('is not used up by a request that was refused', async () => {
    const email = 'refused@example.com';
    const key = aKey();
    const caller = await stage.as(5);
    await (await stage.as(6)).send({ email });
    expectProblem(await stage.unchanged(() => caller.send({ email }, key)), 429, 'resend_cooldown');
    expectProblem(await stage.unchanged(() => caller.send({ email: 'no address' }, key)), 400, 'invalid_request');
    await stage.later(61);
    const taken = await caller.send({ email }, key);
    expect(taken.status).toBe(200);
    expect(same(await stage.unchanged(() => caller.send({ email }, key)))).toEqual(same(taken));
    expect(await stage.mails(email)).toHaveLength(2);
  });

  test('of 16 and of 255 characters is taken, and stands neither in the database nor in the log', async () => {
    const caller = await stage.as(7);
    for (const length of [16, 255]) {
      const key = `k!~${randomUUID()}`.padEnd(255, 'k').slice(0, length);
      const email = `length-${length}@example.com`;
      const headers = { 'Idempotency-Key': key };
      const first = await caller.send({ email }, headers);
      expect(first.status).toBe(200);
      expect(same(await stage.unchanged(() => caller.send({ email }, headers)))).toEqual(same(first));
      const [{ stored }] = await stage.db.owner<[{ stored: string }]>`
        select concat(
          (select json_agg(k) from idempotency_keys as k), (select json_agg(e) from events as e)
        ) as stored
      `;
      expect(stored).not.toContain(key);
      expect(stage.api.output()).not.toContain(key);
    }
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)('is kept over the end of the api by %s', async (signal) => {
    const email = `${signal.toLowerCase()}@example.com`;
    const key = aKey();
    const before = await stage.another();
    const first = await (await stage.as(8, before)).send({ email }, key);
    await stage.settled();
    await before.kill(signal);
    const after = await stage.as(8, await stage.another());
    expect(same(await stage.unchanged(() => after.send({ email }, key)))).toEqual(same(first));
    expect(await stage.mails(email)).toHaveLength(1);
  });

  test('gives the same bytes also after a restart with other rules', async () => {
    const email = 'rules@example.com';
    const key = aKey();
    const first = await (await stage.as(9)).send({ email }, key);
    const rules = { EMAIL_RESEND_COOLDOWN: '30', EMAIL_OTP_LENGTH: '8', EMAIL_OTP_MAX_ATTEMPTS: '2' };
    const after = await stage.as(9, await stage.another({ ...rules, EMAIL_OTP_EXPIRES_IN: '300' }));
    expect(same(await stage.unchanged(() => after.send({ email }, key)))).toEqual(same(first));
    expect(await stage.mails(email)).toHaveLength(1);
  });
});
