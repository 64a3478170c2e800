/** The header Idempotency-Key: another body under it, another caller's, and keys that are none. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, ApiProcess } from '../support/api.ts';
import { expectProblem, type Stage, startStage } from '../support/contract.ts';

let stage: Stage;
let second: ApiProcess;
beforeAll(async () => {
  stage = await startStage();
  second = await stage.another();
});
afterAll(() => stage.stop());

const aKey = () => ({ 'Idempotency-Key': randomUUID() });
const same = ({ status, text }: Answer) => [status, text];

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
