/** Passwords are hashed two at a time and no more wait than a few; whoever has a token waits behind none of them. */
import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTokenCheck } from '../../services/api/identity/token-check.ts';
import { Busy, createTurns } from '../../services/store/turns.ts';
import { hashPassword } from '../../services/runtime/password.ts';
import { JWT_SECRET, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { atOnce } from '../support/load.ts';
import { makeAccount, PASSWORD } from '../support/logins.ts';
import { serve, type Served } from '../support/served.ts';

let db: TestDatabase;
let served: Served;
beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db, { BCRYPT_ROUNDS: '10' });
});
afterAll(async () => {
  await served.api.stop();
  await db.drop();
});
beforeEach(() => db.empty());

const options = {
  secrets: [JWT_SECRET],
  issuerKeys: undefined,
  algorithms: [],
  issuer: undefined,
  audience: undefined,
  userClaims: ['sub'],
  roleClaims: ['role'],
};

test('a token is judged while every thread hashes', async () => {
  const check = createTokenCheck(options);
  const tokens = await Promise.all([1, 2, 3].map((n) => tokenOf(user(n))));
  const done: string[] = [];
  // More than there are threads, each a good part of a second.
  const hashing = atOnce(8, () => promisify(pbkdf2)('x', 'y', 300_000, 64, 'sha512').then(() => done.push('hash')));
  for (const token of tokens) await check(token).then(() => done.push('token'));
  await check(`${tokens[0]}x`).catch(() => done.push('refused'));
  await hashing;
  expect(done.slice(0, 4)).toEqual(['token', 'token', 'token', 'refused']);
});

describe('logins', () => {
  test('twenty at once: what finds no place is told to come again, costs nobody a guess, and the rest is judged', async () => {
    const hash = await hashPassword(PASSWORD, 10);
    for (let n = 1; n <= 20; n++) await makeAccount(db, n, hash);
    const answers = await atOnce(20, (n) =>
      served.call('POST', '/api/auth/login', {
        body: { email: `op${n + 1}@example.com`, password: 'wrong password!' },
      }),
    );
    const busy = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20 - busy.length);
    expect(busy.length).toBeGreaterThan(0);
    for (const { body, headers } of busy) expect([body.error, headers.get('retry-after')]).toEqual(['login_busy', '1']);
    const [row] = await db.owner`select count from rate_windows where key like 'login network %'`;
    expect(row?.count).toBe(20 - busy.length);
    expect(await db.owner`select from sign_ins where what = 'failure'`).toHaveLength(20 - busy.length);
  });
});

describe('the gate', () => {
  test('lets so much through at once, the rest in order, and refuses at once what is beyond', async () => {
    const gate = createTurns({ atOnce: 2, waitingMax: 3 });
    const open: (() => void)[] = [];
    const begun: number[] = [];
    const work = (n: number) =>
      gate(() => new Promise<number>((resolve) => open.push(() => resolve(n)) && begun.push(n)));
    const all = [0, 1, 2, 3, 4].map(work);
    await expect(work(5)).rejects.toBeInstanceOf(Busy);
    expect(begun).toEqual([0, 1]);
    for (let n = 0; n < 5; n++) {
      open.shift()?.();
      await all[n];
      await Promise.resolve();
      expect(begun.length).toBeLessThanOrEqual(n + 3);
    }
    expect([begun, await Promise.all(all)]).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
  });

  test('gives the place of work that failed to the next, and is whole again after all of it', async () => {
    const gate = createTurns({ atOnce: 1, waitingMax: 1 });
    for (let round = 0; round < 3; round++) {
      const fails = gate(() => Promise.reject(new Error('no')));
      const works = gate(async () => 'yes');
      await expect(fails).rejects.toThrow('no');
      expect(await works).toBe('yes');
    }
  });
});
