/** A token that an account logged in for works only as long as its session does; any other token is looked at as before. */
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TokenCheck } from '../../services/api/identity/token-check.ts';
import { withSessions } from '../../services/api/identity/session-check.ts';
import { disableAccount, resetPassword } from '../../services/store/accounts.ts';
import { type BoundedSql, StoreUnavailable } from '../../services/store/database.ts';
import { type ApiProcess, JWT_SECRET, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  addressOfAccount,
  adminStatus,
  cheapHash,
  logIn,
  makeAccount,
  post,
  refreshWith,
  startApis,
} from '../support/logins.ts';
import { beginSession } from '../support/sessions.ts';

let db: TestDatabase;
let apis: ApiProcess[];
let here: ApiProcess;
let there: ApiProcess;
beforeAll(async () => {
  db = await createTestDatabase();
  apis = await startApis(db, 2);
  [here, there] = apis as [ApiProcess, ApiProcess];
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.kill('SIGKILL')));
  await db.drop();
});
beforeEach(() => db.empty());

/** What the requirement gives them, and what the poll itself takes. */
const IN_TIME = { timeout: 5500, interval: 100 };

describe('the access token of an account', () => {
  test.each<readonly [string, (refreshToken: unknown) => Promise<unknown>]>([
    ['a logout', (refreshToken) => post(there, 'logout', { refreshToken })],
    [
      'a second use of its refresh token',
      async (refreshToken) => {
        await refreshWith(there, refreshToken);
        return refreshWith(there, refreshToken);
      },
    ],
    ['a reset', async () => resetPassword(db.sql, addressOfAccount(1), await cheapHash('another long one'))],
    ['the end of the account', () => disableAccount(db.sql, addressOfAccount(1))],
    ['the end of the account by hand', () => db.owner`update accounts set disabled_at = now() where id = ${user(1)}`],
    ['another role', () => db.owner`update accounts set role = 'support' where id = ${user(1)}`],
    ['an account that is gone', () => db.owner`delete from accounts where id = ${user(1)}`],
  ])(
    'works no more within five seconds of %s, at another api too; that of another account goes on',
    async (_what, end) => {
      await makeAccount(db, 1);
      await makeAccount(db, 2);
      const [{ body }, other] = [await logIn(here, 1), (await logIn(here, 2)).body];
      for (const api of apis) expect(await adminStatus(api, body.token)).toBe(200);
      await end(body.refreshToken);
      for (const api of apis) await expect.poll(() => adminStatus(api, body.token), IN_TIME).toBe(401);
      expect(await adminStatus(here, other.token)).toBe(200);
    },
  );

  test('goes on through refreshes of its session', async () => {
    await makeAccount(db, 1);
    const { body } = await logIn(here, 1);
    const next = await refreshWith(there, body.refreshToken);
    expect(decodeJwt(String(next.body.token)).sealpost_session).toBe(decodeJwt(String(body.token)).sealpost_session);
    for (const token of [body.token, next.body.token]) expect(await adminStatus(there, token)).toBe(200);
  });
});

const sign = (claims: object) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(JWT_SECRET));

const statusWith = async (session: unknown, sub = user(1)) =>
  adminStatus(here, await sign({ sub, role: 'admin', sealpost_session: session }));

describe('a token with the right signature', () => {
  test('that names the session of another account, none that there is, or no id, is refused; none is a fault of ours', async () => {
    await makeAccount(db, 1);
    await makeAccount(db, 2);
    await beginSession(db, { id: user(11), accountId: user(1), refreshToken: { tokenHash: 'x', lifeSeconds: 60 } });
    expect(await statusWith(user(11))).toBe(200);
    expect(await statusWith(user(11), user(2))).toBe(401);
    for (const session of [user(12), '', 'x', null, 7, {}, [user(11)], "' or true --", '\u0000'])
      expect(await statusWith(session)).toBe(401);
  });

  test('of another program is good without a session, also with the sid that OpenID Connect gives it', async () => {
    expect(await adminStatus(here, await tokenOf(user(1), 'admin'))).toBe(200);
    expect(await adminStatus(here, await sign({ sub: user(1), role: 'admin', sid: user(77) }))).toBe(200);
  });
});

/** A token is the name of its session here. */
const caller: TokenCheck = async (token) => ({
  userId: user(1),
  roles: [],
  ...(token === 'plain' ? {} : { sessionId: token }),
});

/** The check with a database that counts what it is asked, and fails as the test likes. */
function counting() {
  let [asked, away, at] = [0, false, 0];
  const sql = Object.assign(
    async () => {
      asked++;
      if (away) throw new StoreUnavailable('away');
      return [{ id: user(11), accountId: user(1) }];
    },
    { json: (value: unknown) => value },
  ) as unknown as BoundedSql;
  return {
    check: withSessions(caller, sql, () => at),
    asked: () => asked,
    goAway: (now: boolean) => void (away = now),
    after: (milliseconds: number) => void (at += milliseconds),
  };
}

describe('the look at sessions', () => {
  test('asks nothing for a token that names none', async () => {
    const { check, asked, goAway } = counting();
    goAway(true);
    for (let n = 0; n < 3; n++) await check('plain');
    expect(asked()).toBe(0);
  });

  test('asks once for all that comes at once, and again after some seconds', async () => {
    const { check, asked, after } = counting();
    const all = await Promise.allSettled(
      Array.from({ length: 300 }, (_, n) => check(n % 3 === 0 ? user(11) : user(1000 + n))),
    );
    expect([asked(), all.filter(({ status }) => status === 'fulfilled').length]).toEqual([1, 100]);
    await check(user(11));
    expect(asked()).toBe(1);
    after(2500);
    await check(user(11));
    expect(asked()).toBe(2);
  });

  test('lets in while the database is away whom it saw a moment ago, and then nobody', async () => {
    const { check, goAway, after } = counting();
    await check(user(11));
    goAway(true);
    after(2499);
    await check(user(11));
    after(1);
    await expect(check(user(11))).rejects.toBeInstanceOf(StoreUnavailable);
    goAway(false);
    await check(user(11));
  });
});
