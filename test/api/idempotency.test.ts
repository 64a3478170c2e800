/** The header Idempotency-Key on send-otp and resend-otp: one request, one answer, one mail, however often it is made. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type ApiProcess, tokenOf, user } from '../support/api.ts';
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

  test('of a user who had verified the address before: still so when an admin has taken it back since, and no mail', async () => {
    const email = 'before@example.com';
    const key = aKey();
    const caller = await stage.as(1);
    await caller.send({ email });
    await caller.verify({ email, otp: await stage.code(email) });
    const first = await caller.send({ email }, key);
    expect(first.body).toMatchObject({ alreadyVerified: true });
    const [row] = await stage.db.owner`select id from user_email_addresses where email_address = ${email}`;
    const token = await tokenOf(user(900), 'admin');
    const body = { emailId: row?.id, verified: false };
    await stage.api.call('POST', '/api/admin/email-management/toggle-verification', { token, body });
    await stage.later(61);
    const other = await stage.as(1, second);
    for (const one of [caller, other]) {
      expect(same(await stage.unchanged(() => one.send({ email }, key)))).toEqual(same(first));
    }
    expectProblem(await caller.send({ email, purpose: 'business' }, key), 422, 'idempotency_mismatch');
    expect((await caller.send({ email }, aKey())).body).toHaveProperty('otpId');
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
