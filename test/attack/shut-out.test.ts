/** A stranger cannot keep a person from proving a mailbox: not by asking for codes, not by guessing, not for good. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, startStage, type Stage } from '../support/contract.ts';
import { wrongCode } from '../support/mailbox.ts';

const NO_LIMITS = { EMAIL_RATE_LIMIT_PER_USER_HOUR: '0', RATE_LIMIT_MAX_REQUESTS: '0', RATE_LIMIT_PER_SECOND: '0' };

let stage: Stage;
let owner: Caller;
beforeAll(async () => {
  stage = await startStage(NO_LIMITS);
  owner = await stage.as(1);
});
afterAll(() => stage.stop());

const strangers = (...numbers: number[]) => Promise.all(numbers.map((n) => stage.as(n)));

/** Asks as often as it is let within the hour; returns how often that was. */
async function askAll(email: string, callers: readonly Caller[]): Promise<number> {
  let granted = 0;
  for (let n = 0; n < 6; n++)
    for (const caller of callers) {
      if ((await caller.send({ email })).status === 200) granted++;
      await stage.later(61);
    }
  return granted;
}

async function guessWrong(caller: Caller, email: string, times: number): Promise<string[]> {
  const code = await stage.code(email);
  const told: string[] = [];
  for (let n = 0; n < times; n++) told.push(String((await caller.verify({ email, otp: wrongCode(code) })).body.error));
  return told;
}

async function proves(caller: Caller, email: string): Promise<string> {
  const { status, body } = await caller.send({ email });
  if (status !== 200) return `send ${String(body.error)}`;
  const answer = await caller.verify({ email, otp: await stage.code(email) });
  return answer.status === 200 ? 'verified' : `verify ${String(answer.body.error)}`;
}

describe('asking for codes', () => {
  test.each([
    ['one stranger', [11], 2],
    ['two strangers', [21, 22], 4],
    ['nine strangers, who use up the hour together', [31, 32, 33, 34, 35, 36, 37, 38, 39], 5],
  ])('%s', async (name, numbers, most) => {
    const email = `asked-${numbers[0]}@example.com`;
    const granted = await askAll(email, await strangers(...numbers));
    expect(granted).toBe(most);
    // Where as many users as an hour has mails ask for one each, the hour is used up; that is the address's own cap.
    if (granted < 5) expect(await proves(owner, email), name).toBe('verified');
  });

  test('for a day and a night: one stranger has 8 mails of the day, and the owner is let in each hour', async () => {
    const email = 'asked-for-days@example.com';
    const [stranger] = await strangers(41);
    let granted = 0;
    for (let hour = 0; hour < 24; hour++) {
      if ((await stranger?.send({ email }))?.status === 200) granted++;
      await stage.later(3600);
    }
    expect(granted).toBe(8);
    expect(await proves(owner, email)).toBe('verified');
  });
});

describe('guessing', () => {
  test('six wrong guesses of a stranger cost the owner nothing', async () => {
    const email = 'guessed@example.com';
    const [stranger] = await strangers(51);
    for (let n = 0; n < 2; n++) {
      expect((await stranger?.send({ email }))?.status).toBe(200);
      await stage.later(61);
      if (stranger) await guessWrong(stranger, email, 3);
    }
    expect(await proves(owner, email)).toBe('verified');
  });

  test('strangers who guess all day: 10 each are judged, 20 of all; the owner has a guess all the same', async () => {
    const email = 'guessed-for-days@example.com';
    const callers = await strangers(61, 62, 63);
    let judged = 0;
    for (let hour = 0; hour < 12; hour++) {
      for (const caller of callers) {
        if ((await caller.send({ email })).status !== 200) continue;
        judged += (await guessWrong(caller, email, 4)).filter((told) => told === 'otp_incorrect').length;
        await stage.later(61);
      }
      await stage.later(3600);
    }
    expect(judged).toBe(20);
    expect(await proves(owner, email)).toBe('verified');
  });

  test('is forgotten in a day: who was locked is let in again, without an operator', async () => {
    const email = 'forgotten@example.com';
    const caller = await stage.as(71);
    // Three, two before the first wait, then one of each code.
    for (let n = 0; n < 7; n++) {
      expect((await caller.send({ email })).status).toBe(200);
      await guessWrong(caller, email, 3);
      await stage.later(3601);
    }
    expect(await proves(caller, email)).toBe('send address_locked');
    await stage.later(86_400);
    expect(await proves(caller, email)).toBe('verified');
  });
});

describe('a clock of the database that was 30 days ahead', () => {
  const AHEAD = 30 * 86_400;

  test('for one request: the person waits no longer than a cooldown for a code that works', async () => {
    const email = 'ahead@example.com';
    await stage.skip(AHEAD);
    expect((await owner.send({ email })).status).toBe(200);
    await stage.skip(-AHEAD);
    const first = await owner.send({ email });
    expect(Number(first.headers.get('Retry-After') ?? 0)).toBeLessThanOrEqual(60);
    if (first.status !== 200) {
      await stage.later(60);
      expect((await owner.send({ email })).status).toBe(200);
    }
    expect((await owner.verify({ email, otp: await stage.code(email) })).status).toBe(200);
  });

  test('leaves no limit behind that lasts for as long: of an IP, of a user, of all, of mails', async () => {
    const limited = await startStage({
      EMAIL_RATE_LIMIT_PER_USER_HOUR: '2',
      EMAIL_RATE_LIMIT_ALL_PER_MINUTE: '3',
      RATE_LIMIT_MAX_REQUESTS: '4',
    });
    try {
      const caller = await limited.as(1);
      const ask = async (email: string) => String((await caller.send({ email })).body.error ?? 'sent');
      await limited.skip(AHEAD);
      const ahead = [];
      for (const n of [1, 2, 3, 4, 5]) ahead.push(await ask(`ahead-${n}@example.com`));
      expect(ahead).toEqual(['sent', 'sent', 'user_limit', 'user_limit', 'rate_limited']);
      await limited.later(-AHEAD);
      expect(await ask('after-1@example.com')).toBe('sent');
      await limited.settled();
      expect(await limited.mails('after-1@example.com')).toHaveLength(1);
    } finally {
      await limited.stop();
    }
  });
});
