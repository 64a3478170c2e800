/** The six worked cases of the HTTP contract, told over HTTP as existing clients live them; each test has its number. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wrongCode } from '../support/mailbox.ts';
import { expectProblem, holdRecording, retryAfterOf, type Stage, startStage } from '../support/contract.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

describe('the worked cases of the contract', () => {
  test('1: with only an address the purpose is verification', async () => {
    const email = 'one@example.com';
    const caller = await stage.as(1);
    expect((await caller.send({ email })).status).toBe(200);
    expect((await caller.list('?all=true')).body.emails).toMatchObject([{ email, purpose: 'verification' }]);
    const otp = await stage.code(email);
    expect((await caller.verify({ email, otp, purpose: 'verification' })).status).toBe(200);
    expect((await caller.status(email)).body).toMatchObject({ verified: true, purpose: 'verification' });
    expect(await stage.events(email)).toEqual(['requested', 'sent', 'verified']);
  });

  test('2: after three wrong codes the right one is refused, and is no event', async () => {
    const email = 'two@example.com';
    const caller = await stage.as(2);
    const { otpId } = (await caller.send({ email })).body;
    const otp = await stage.code(email);
    for (const attemptsRemaining of [2, 1, 0]) {
      const answer = await caller.verify({ email, otp: wrongCode(otp), otpId });
      expectProblem(answer, 400, 'otp_incorrect');
      expect(answer.body.attemptsRemaining).toBe(attemptsRemaining);
    }
    const refused = await stage.unchanged(() => caller.verify({ email, otp, otpId }));
    expectProblem(refused, 400, 'too_many_attempts');
    expect(refused.body.attemptsRemaining).toBe(0);
    expect((await caller.status(email)).body.verified).toBe(false);
    expect(await stage.events(email)).toEqual(['requested', 'sent', 'attempted', 'attempted', 'attempted']);
  });

  test('2: the right code as the third is accepted, however many wrong ones arrive at the same moment after it', async () => {
    const email = 'two-at-once@example.com';
    const caller = await stage.as(2);
    const { otpId } = (await caller.send({ email })).body;
    const otp = await stage.code(email);
    const wrong = () => caller.verify({ email, otp: wrongCode(otp), otpId });
    for (let n = 0; n < 2; n++) expectProblem(await wrong(), 400, 'otp_incorrect');

    const held = await holdRecording(stage.db);
    const right = caller.verify({ email, otp, otpId });
    await held.waiting(1);
    const crowd = Array.from({ length: 20 }, wrong);
    await held.release();

    expect((await right).body).toMatchObject({ success: true, emailVerified: true });
    for (const answer of await Promise.all(crowd)) expectProblem(answer, 400, 'otp_used');
    expect(await stage.events(email)).toEqual(['requested', 'sent', 'attempted', 'attempted', 'verified']);
  });

  test('3: the right code twice: the repeat within a minute has the same body and records nothing, a later one is refused', async () => {
    const email = 'three@example.com';
    const caller = await stage.as(3);
    const { otpId } = (await caller.send({ email })).body;
    const otp = await stage.code(email);
    const first = await caller.verify({ email, otp, otpId });
    expect(first.status).toBe(200);
    const verifiedAt = (await caller.status(email)).body.verifiedAt;
    await stage.later(45);
    const repeat = await stage.unchanged(() => caller.verify({ email, otp, otpId }));
    expect([repeat.status, repeat.text]).toEqual([200, first.text]);
    expectProblem(await stage.unchanged(() => caller.verify({ email, otp: wrongCode(otp), otpId })), 400, 'otp_used');
    await stage.later(15);
    expectProblem(await stage.unchanged(() => caller.verify({ email, otp, otpId })), 400, 'otp_used');
    expect((await caller.status(email)).body.verifiedAt).toBe(verifiedAt);
  });

  test('4: again within 60 s is refused with Retry-After; after 60 s the same code and otpId are mailed again', async () => {
    const email = 'four@example.com';
    const caller = await stage.as(4);
    const { otpId } = (await caller.send({ email })).body;
    const otp = await stage.code(email);
    const refused = await stage.unchanged(() => caller.send({ email }));
    expectProblem(refused, 429, 'resend_cooldown');
    expect(retryAfterOf(refused)).toBeGreaterThan(50);
    expect(retryAfterOf(refused)).toBeLessThanOrEqual(60);

    await stage.later(60);
    const again = await caller.send({ email });
    expect(again.status).toBe(200);
    expect(again.body.otpId).toBe(otpId);
    expect(await stage.code(email)).toBe(otp);
    expect(await stage.mails(email)).toHaveLength(2);
    expect(await stage.events(email)).toEqual(['requested', 'sent', 'requested', 'sent']);
    expect((await caller.verify({ email, otp, otpId })).status).toBe(200);
  });

  test('4: a code that was guessed at, or is half over, is replaced: the old one is refused and costs no attempt', async () => {
    for (const [email, makeStale] of [
      ['four-guessed@example.com', 'guess'],
      ['four-old@example.com', 'wait'],
    ] as const) {
      const caller = await stage.as(4);
      const old = (await caller.send({ email })).body;
      const oldCode = await stage.code(email);
      if (makeStale === 'guess') await caller.verify({ email, otp: wrongCode(oldCode), otpId: old.otpId });
      await stage.later(makeStale === 'guess' ? 60 : 301);
      const renewed = await caller.send({ email });
      expect(renewed.body.otpId).not.toBe(old.otpId);
      expect(renewed.body.expiresIn).toBe(600);
      const otp = await stage.code(email);
      const late = await stage.unchanged(() => caller.verify({ email, otp: oldCode, otpId: old.otpId }));
      expectProblem(late, 400, 'otp_superseded');
      expect((await caller.verify({ email, otp, otpId: renewed.body.otpId })).status).toBe(200);
      expect((await stage.events(email)).filter((type) => type === 'superseded')).toHaveLength(1);
    }
  });

  test('5: the sixth request for one address within an hour is refused, whichever users ask, and mails nothing', async () => {
    const email = 'five@example.com';
    for (let n = 1; n <= 5; n++) {
      expect((await (await stage.as(50 + n)).send({ email })).status).toBe(200);
      await stage.later(61);
    }
    const sixth = await stage.as(56);
    const refused = await stage.unchanged(() => sixth.send({ email }));
    expectProblem(refused, 429, 'hourly_limit');
    expect(retryAfterOf(refused)).toBeGreaterThan(3600 - 5 * 61 - 30);
    expect(await stage.mails(email)).toHaveLength(5);
    await stage.later(retryAfterOf(refused) - 20);
    expectProblem(await stage.unchanged(() => sixth.send({ email })), 429, 'hourly_limit');
    await stage.later(20);
    expect((await sixth.send({ email })).status).toBe(200);
  });

  test('5: the 21st request within a day is refused, whichever users ask, and mails nothing', async () => {
    const email = 'five-a-day@example.com';
    const callers = await Promise.all([61, 62, 63, 65].map((n) => stage.as(n)));
    // The last of a day is for a user who has not asked in it.
    const ask = (n: number) => callers[n === 19 ? 3 : n % 3]?.send({ email });
    for (let n = 0; n < 20; n++) {
      expect((await ask(n))?.status, `request ${n + 1}`).toBe(200);
      await stage.later(901);
    }
    const newcomer = await stage.as(64);
    const refused = await stage.unchanged(() => newcomer.send({ email }));
    expectProblem(refused, 429, 'daily_limit');
    expect(retryAfterOf(refused)).toBeGreaterThan(86_400 - 20 * 901 - 60);
    expect(await stage.mails(email)).toHaveLength(20);
    await stage.later(retryAfterOf(refused));
    expect((await newcomer.send({ email })).status).toBe(200);
  });

  test('6: mixed case and an internationalised domain are one address with their canonical form', async () => {
    for (const [canonical, ...spellings] of [
      ['six@example.com', 'Six@Example.COM', 'SIX@example.com', ' six@EXAMPLE.com '],
      ['six@xn--bcher-kva.example', 'six@bücher.example', 'Six@BÜCHER.Example', 'six@XN--BCHER-KVA.example'],
    ] as const) {
      const caller = await stage.as(6);
      const { otpId } = (await caller.send({ email: spellings[0] })).body;
      for (const email of [canonical, ...spellings.slice(1)]) {
        expectProblem(await stage.unchanged(() => caller.send({ email })), 429, 'resend_cooldown');
      }
      const otp = await stage.code(canonical);
      expect((await stage.mails(canonical))[0]?.to).toEqual([canonical]);
      expect((await caller.verify({ email: spellings[1], otp, otpId })).status).toBe(200);
      for (const email of [canonical, ...spellings]) {
        expect((await caller.status(email)).body).toMatchObject({ verified: true });
      }
      const listed = (await caller.list()).body.emails as { email: string }[];
      expect(listed.filter(({ email }) => email === canonical)).toHaveLength(1);
    }
    expect((await (await stage.as(6)).list()).body.total).toBe(2);
  });
});
