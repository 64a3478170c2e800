/** Login, refresh and logout in full: the work of an unknown address, the count of wrong passwords, and how long a session lasts. */
import { createHook } from 'node:async_hooks';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashPassword } from '../../services/runtime/password.ts';
import { createAccount, disableAccount, resetPassword } from '../../services/store/accounts.ts';
import type { Answer } from '../support/api.ts';
import { expectProblem, retryAfterOf } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { serve, type Served } from '../support/served.ts';

const password = 'correct horse battery';
const id = '00000000-0000-4000-8000-0000000000aa';
const op = addressOf('op@example.com');
const idle = addressOf('idle@example.com');
let db: TestDatabase;
let served: Served;

beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db, { BCRYPT_ROUNDS: '10', JWT_EXPIRES_IN: '15m', REFRESH_TOKEN_EXPIRES_IN: '2h' });
  const password_hash = await hashPassword(password, 4);
  await createAccount(db.sql, { id, email: op, role: 'country_admin', password_hash });
  const other = { id: '00000000-0000-4000-8000-0000000000bb', email: idle, role: 'admin', password_hash };
  await createAccount(db.sql, other);
  await disableAccount(db.sql, idle);
});
afterAll(async () => {
  await served?.api.stop();
  await db?.drop();
});
beforeEach(async () => {
  await db.setClockAhead(0);
  await db.owner`delete from rate_windows`;
});

const post = (path: string, body: object): Promise<Answer> => served.call('POST', `/api/auth/${path}`, { body });
const login = (given = password, email: string = op): Promise<Answer> => post('login', { email, password: given });
const refresh = (refreshToken: unknown): Promise<Answer> => post('refresh', { refreshToken });
const session = async (): Promise<string> => String((await login()).body.refreshToken);

/** How many comparisons bcrypt makes meanwhile, and what its threads cost. */
async function comparisons(work: () => Promise<unknown>): Promise<{ count: number; cpu: number }> {
  let count = 0;
  const hook = createHook({ init: (_id, type) => void (type === 'bcrypt:CompareAsyncWorker' && count++) }).enable();
  const before = process.cpuUsage();
  await work();
  hook.disable();
  const { user, system } = process.cpuUsage(before);
  return { count, cpu: user + system };
}

/** What three logins with a wrong password cost. */
const cpuOf = async (email: string) =>
  (await comparisons(() => Promise.all([1, 2, 3].map(() => login('wrong password!', email))))).cpu;

describe('a login', () => {
  test('hashes the password of an unknown or disabled address as that of a known one', async () => {
    for (const email of [op, idle, 'nobody@example.com']) {
      const { count } = await comparisons(async () => expect((await login('wrong password!', email)).status).toBe(401));
      expect(count, email).toBe(1);
    }
  });

  test('costs an unknown address about what it costs one whose hash is of the rounds that are set', async () => {
    const costly = addressOf('costly@example.com');
    const hash = await hashPassword(password, 10);
    await createAccount(db.sql, {
      id: '00000000-0000-4000-8000-0000000000cc',
      email: costly,
      role: 'admin',
      password_hash: hash,
    });
    await cpuOf('warm@example.com');
    const [known, unknown] = [await cpuOf(costly), await cpuOf('nobody@example.com')];
    // With the least rounds there are it would be a sixty-fourth.
    expect(unknown / known).toBeGreaterThan(0.3);
    expect(unknown / known).toBeLessThan(3);
  });

  test('that fails answers the same bytes and headers, whether the address is unknown, disabled or known', async () => {
    const answers = [
      await login('wrong password!'),
      await login(password, 'nobody@example.com'),
      await login(password, idle),
    ];
    const told = answers.map(({ status, headers, text, body }) => {
      const names = [...headers].map(([name, value]) => (/date|x-request-id/.test(name) ? name : `${name}: ${value}`));
      return [status, names, text.replaceAll(String(body.requestId), 'id')];
    });
    for (const answer of answers) expectProblem(answer, 401, 'invalid_credentials');
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
    expect(await db.owner`select 1 from refresh_tokens`).toHaveLength(0);
  });

  test('gives a token of the role and life that are set', async () => {
    const began = Math.floor(Date.now() / 1000);
    const { body, headers } = await login();
    expect(body).toMatchObject({ success: true, expiresIn: 900, user: { id, email: op, role: 'country_admin' } });
    const { iat = 0, exp = 0, ...claims } = decodeJwt(String(body.token));
    const [last] = await db.owner`select id from sessions order by started_at desc limit 1`;
    expect(claims).toEqual({ userId: id, sub: id, role: 'country_admin', sealpost_session: last?.id });
    expect(exp - iat).toBe(900);
    expect(iat).toBeGreaterThanOrEqual(began);
    expect(headers.get('Cache-Control')).toBe('no-store');
  });
});

describe('wrong passwords', () => {
  test('of ten at an address each is judged, the eleventh hears 429 for a quarter of an hour, in any spelling, also at once', async () => {
    const spellings = ['op@example.com', 'OP@Example.com', ' op@EXAMPLE.COM'];
    const { count } = await comparisons(async () => {
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, n) => login('wrong password!', spellings[n % 3])),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([
        ...Array.from({ length: 10 }, () => 401),
        ...Array.from({ length: 6 }, () => 429),
      ]);
    });
    expect(count).toBe(10);
    const limited = await login();
    expectProblem(limited, 429, 'login_limited');
    expect(retryAfterOf(limited)).toBeGreaterThan(840);
    expect(retryAfterOf(limited)).toBeLessThanOrEqual(900);
    expect((await login('wrong password!', 'other@example.com')).status).toBe(401);
    await db.setClockAhead(901);
    expect((await login()).status).toBe(200);
  });

  test('are forgotten with the right one, and with nothing else', async () => {
    for (let n = 0; n < 9; n++) await login('wrong password!');
    expect((await login()).status).toBe(200);
    for (let n = 0; n < 9; n++) expect((await login('wrong password!')).status).toBe(401);
    await refresh(await session());
    for (let n = 0; n < 10; n++) expect((await login('wrong password!')).status).toBe(401);
    expect((await login('wrong password!')).status).toBe(429);
  });

  test('are counted under what names no one', async () => {
    await login('wrong password!', 'nobody@example.com');
    const rows = await db.owner<{ key: string }[]>`select key from rate_windows`;
    const names = rows.map(({ key }) => key.replace(/[\w-]{43}/, 'account').replace(/ [\w-]{6}$/, ' from'));
    const kinds = ['login account', 'login account from', 'login failures', 'login network from'];
    expect(names.toSorted()).toEqual(kinds);
  });
});

describe('a session', () => {
  test('ends with the life of its refresh token, and every refresh begins a new one', async () => {
    const [first, second] = [await session(), await session()];
    await db.setClockAhead(7195);
    const next = await refresh(first);
    expect(next.status).toBe(200);
    await db.setClockAhead(7205);
    expectProblem(await refresh(second), 401, 'invalid_refresh_token');
    await db.setClockAhead(7195 + 7195);
    const last = await refresh(next.body.refreshToken);
    expect(last.body).toMatchObject({ expiresIn: 900, user: { id, email: op, role: 'country_admin' } });
    await db.setClockAhead(7195 + 7195 + 7205);
    expect((await refresh(last.body.refreshToken)).status).toBe(401);
  });

  test('ends with a logout, by a token that was used too; another session of the account goes on', async () => {
    const [used, other] = [await session(), await session()];
    const { refreshToken } = (await refresh(used)).body;
    expect((await post('logout', { refreshToken: used })).body).toEqual({ success: true });
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(other)).status).toBe(200);
    expect((await post('logout', { refreshToken: 'a-token-that-nobody-has' })).body).toEqual({ success: true });
  });

  test.each([
    ['a new password', () => hashPassword(password, 4).then((hash) => resetPassword(db.sql, op, hash))],
    ['the end of the account', () => disableAccount(db.sql, op)],
  ])('does not outlive %s', async (_what, change) => {
    const [token, chained] = [await session(), (await refresh(await session())).body.refreshToken];
    await change();
    expect(await db.owner`select 1 from refresh_tokens where account_id = ${id}`).toHaveLength(0);
    for (const one of [token, chained]) expectProblem(await refresh(one), 401, 'invalid_refresh_token');
    await resetPassword(db.sql, op, await hashPassword(password, 4));
    for (const one of [token, chained]) expectProblem(await refresh(one), 401, 'invalid_refresh_token');
    expect((await login()).status).toBe(200);
  });

  test('is not begun where only the tokens of another issuer are taken', async () => {
    const env = { JWT_SECRET: '', JWT_JWKS_URL: 'http://127.0.0.1:9/jwks', OTP_KEYS: `k:${'x'.repeat(32)}` };
    const foreign = await serve(db, env);
    for (const path of ['login', 'refresh', 'logout']) {
      const body = { email: op, password, refreshToken: 'x' };
      expect((await foreign.call('POST', `/api/auth/${path}`, { body })).status).toBe(404);
    }
    await foreign.api.stop();
  });
});
