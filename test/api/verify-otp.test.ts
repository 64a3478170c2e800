/** POST verify-otp: which code is meant, what each answer says, and what a guess costs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, expectProblem, retryAfterOf, type Stage, startStage, withoutIds } from '../support/contract.ts';
import { wrongCode } from '../support/mailbox.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const verified = {
  success: true,
  message: expect.stringMatching(/\S/),
  emailVerified: true,
  verificationSource: 'otp',
};

async function asked(n: number, email: string, purpose?: string) {
  const caller = await stage.as(n);
  const answer = await caller.send(purpose === undefined ? { email } : { email, purpose });
  expect(answer.status).toBe(200);
  const otpId = String(answer.body.otpId);
  const otp = await stage.code(email);
  return { caller, email, otpId, otp, right: { email, otp, otpId }, wrong: { email, otp: wrongCode(otp), otpId } };
}

const countOf = async (email: string, type: string): Promise<number> =>
  (await stage.events(email)).filter((one) => one === type).length;

describe('the right code', () => {
  test('is answered with every field of the contract, records one event and mails nothing', async () => {
    const { caller, email, otp, otpId } = await asked(1, 'right@example.com');
    const answer = await caller.verify({ email, otp, otpId, purpose: 'verification' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/json\b/);
    expect(answer.body).toEqual(verified);
    await stage.settled();
    expect(await stage.events(email)).toEqual(['requested', 'sent', 'verified']);
    expect(await stage.mails(email)).toHaveLength(1);
  });

  test('verifies the address in any spelling, and the code as a person types it', async () => {
    const { caller, otp, otpId } = await asked(1, 'typed@example.com');
    const typed = ` ${otp.slice(0, 3)} ${otp.slice(3)} `;
    expect((await caller.verify({ email: 'Typed@EXAMPLE.com', otp: typed, otpId })).body).toEqual(verified);
  });

  test('of a user verifies nothing for another one', async () => {
    const { caller, email, otp, otpId } = await asked(1, 'mine@example.com');
    await caller.verify({ email, otp, otpId });
    const other = await stage.as(2);
    expect((await other.status(email)).body.verified).toBe(false);
    expect((await other.list('?all=true')).body.total).toBe(0);
  });

  test('typed at the same moment 20 times verifies once', async () => {
    const { caller, email, otp, otpId } = await asked(1, 'crowd@example.com');
    const answers = await Promise.all(Array.from({ length: 20 }, () => caller.verify({ email, otp, otpId })));
    expect(answers.map(({ text }) => text)).toEqual(Array(20).fill(answers[0]?.text));
    expect(answers[0]?.body).toEqual(verified);
    expect(await countOf(email, 'verified')).toBe(1);
  });
});

describe('without otpId', () => {
  test('the newest code of this user, address and purpose is meant', async () => {
    const first = await asked(3, 'newest@example.com');
    await first.caller.verify({ email: first.email, otp: wrongCode(first.otp) });
    await stage.later(61);
    const second = await asked(3, 'newest@example.com');
    expect(second.otpId).not.toBe(first.otpId);
    const answer = await second.caller.verify({ email: second.email, otp: second.otp });
    expect(answer.body).toEqual(verified);
    expect(await countOf(second.email, 'attempted')).toBe(1);
  });

  test('a code of another purpose is not meant, and loses no attempt', async () => {
    const { caller, email, otp } = await asked(3, 'purposes@example.com', 'business');
    expectProblem(await stage.unchanged(() => caller.verify({ email, otp })), 400, 'otp_unknown');
    expectProblem(await stage.unchanged(() => caller.verify({ email, otp, purpose: 'driver' })), 400, 'otp_unknown');
    expect((await caller.verify({ email, otp, purpose: 'business' })).body).toEqual(verified);
    expect((await caller.status(email)).body.purpose).toBe('business');
  });
});

describe('a code that is not accepted', () => {
  test('wrong: each guess is one event and the answer counts down what is left', async () => {
    const { caller, email, otp, otpId } = await asked(4, 'wrong@example.com');
    const guesses = [
      wrongCode(otp),
      wrongCode(wrongCode(otp)),
      `${wrongCode(otp).slice(0, 3)} ${wrongCode(otp).slice(3)}`,
    ];
    for (const [index, guess] of guesses.entries()) {
      const answer = await caller.verify({ email, otp: guess, otpId });
      expectProblem(answer, 400, 'otp_incorrect');
      expect(answer.body.attemptsRemaining).toBe(2 - index);
      expect(await countOf(email, 'attempted')).toBe(index + 1);
    }
    const [{ logged }] = await stage.db.owner<[{ logged: string }]>`
      select jsonb_agg(data)::text as logged from events where stream_id = ${email} and type = 'attempted'
    `;
    for (const guess of guesses) expect(logged).not.toContain(guess);
    expect((await caller.status(email)).body.verified).toBe(false);
  });

  test('expired: at its last seconds it is good, after 600 s it is refused and nothing is recorded', async () => {
    const inTime = await asked(4, 'in-time@example.com');
    const late = await asked(4, 'late@example.com');
    await stage.later(585);
    expect((await inTime.caller.verify(inTime.right)).body).toEqual(verified);
    await stage.later(15);
    expectProblem(await stage.unchanged(() => late.caller.verify(late.right)), 400, 'otp_expired');
    expect((await late.caller.status(late.email)).body.verified).toBe(false);
  });

  test('replaced: the old one says so, the new one still has all its attempts', async () => {
    const old = await asked(4, 'replaced@example.com');
    await stage.later(301);
    const fresh = await asked(4, 'replaced@example.com');
    expectProblem(await stage.unchanged(() => old.caller.verify(old.right)), 400, 'otp_superseded');
    const guess = await fresh.caller.verify(fresh.wrong);
    expect(guess.body.attemptsRemaining).toBe(2);
  });

  test('of another length: a field is wrong, no guess was made, and nothing is recorded', async () => {
    const { caller, email, otp, otpId, right } = await asked(4, 'slips@example.com');
    for (const slip of [otp.slice(1), `${otp}0`, ` ${otp.slice(0, 3)}-`, 'abcde', '٣'.repeat(7)]) {
      for (const id of [otpId, undefined]) {
        const answer = await stage.unchanged(() => caller.verify({ email, otp: slip, otpId: id }));
        expectProblem(answer, 400, 'invalid_request');
        expect(answer.body.errors).toEqual([{ pointer: '/otp', detail: 'the code has 6 digits' }]);
        expect(answer.body).not.toHaveProperty('attemptsRemaining');
      }
    }
    expect((await caller.verify(right)).body).toEqual(verified);
    expect(await countOf(email, 'attempted')).toBe(0);
  });

  test("someone else's, or of another address: exactly as an unknown one, and no attempt is lost", async () => {
    const owned = await asked(5, 'owner@example.com');
    await asked(5, 'other@example.com');
    const { caller, email, otp, right: guess, wrong } = owned;
    const unknown = await stage.unchanged(() =>
      caller.verify({ ...guess, otpId: '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90' }),
    );
    expectProblem(unknown, 400, 'otp_unknown');
    const stranger = await stage.as(6);
    const tries: readonly [Caller, object][] = [
      [stranger, guess],
      [stranger, wrong],
      [stranger, { email, otp }],
      [caller, { ...guess, email: 'other@example.com' }],
      [stranger, { ...guess, purpose: 'verification' }],
    ];
    for (const [who, body] of tries) {
      expect(withoutIds(await stage.unchanged(() => who.verify(body)))).toEqual(withoutIds(unknown));
    }
    expect(await countOf(email, 'attempted')).toBe(0);
    expect((await caller.verify(guess)).body).toEqual(verified);
  });
});

describe('guesses over several codes', () => {
  test('a new code does not refill the budget: the sixth guess has to wait, even the right one, and is not judged', async () => {
    const first = await asked(7, 'budget@example.com');
    const { caller, email } = first;
    for (let n = 0; n < 3; n++) await caller.verify(first.wrong);
    await stage.later(61);
    const second = await asked(7, email);
    for (let n = 0; n < 2; n++) await caller.verify(second.wrong);
    const locked = await stage.unchanged(() => caller.verify(second.right));
    expectProblem(locked, 429, 'address_locked');
    expect(retryAfterOf(locked)).toBeLessThanOrEqual(31);
    expect(retryAfterOf(locked)).toBeGreaterThan(20);
    expect((await caller.status(email)).body.verified).toBe(false);
    await stage.later(retryAfterOf(locked));
    expect((await caller.verify(second.right)).body).toEqual(verified);
    expect(await countOf(email, 'attempted')).toBe(5);
  });
});
