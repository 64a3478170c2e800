/** A session ends when it is said to end, whatever goes on with it at the same moment, at whichever api. */
import { setImmediate as tick } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { disableAccount, resetPassword } from '../../services/store/accounts.ts';
import type { ApiProcess } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { atOnce } from '../support/load.ts';
import {
  addressOfAccount,
  cheapHash,
  logIn,
  makeAccount,
  PASSWORD,
  post,
  refreshWith,
  startApis,
} from '../support/logins.ts';

let db: TestDatabase;
let apis: ApiProcess[];
beforeAll(async () => {
  db = await createTestDatabase();
  // Refreshes and logins that take their time, so that what ends a session comes in their midst.
  await db.owner.unsafe(`
    create function linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.02); return new; end $$;
    create trigger linger before insert on refresh_tokens for each row execute function linger();
  `);
  apis = await startApis(db, 2);
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.kill('SIGKILL')));
  await db.drop();
});
beforeEach(() => db.empty());

const apiOf = (n: number): ApiProcess => apis[n % apis.length] as ApiProcess;
const forgetLimits = () => db.owner`delete from rate_windows`;

/** Resolves after so many turns of the database. */
async function turns(n: number): Promise<void> {
  for (let turn = 0; turn < n; turn++) await db.sql`select 1`;
}

/** How many statements wait for a lock. */
const waiting = async (): Promise<number> =>
  (await db.owner`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).length;

describe('logins whose old password was found right while it is replaced', () => {
  test.each([
    ['reset', (hash: string) => resetPassword(db.sql, addressOfAccount(1), hash)],
    [
      'disabled and reset',
      async (hash: string) => {
        await disableAccount(db.sql, addressOfAccount(1));
        await resetPassword(db.sql, addressOfAccount(1), hash);
      },
    ],
  ])('begin no session that outlives it: 0 of 100, account %s', async (_how, replace) => {
    const [old, next] = [await cheapHash(), await cheapHash('another long password')];
    await makeAccount(db, 1, old);
    let outlived = 0;
    for (let round = 0; round < 10; round++) {
      await db.owner`update accounts set password_hash = ${old}`;
      await forgetLimits();
      // Held until all have compared and would write, and the password is about to be replaced.
      const { logins, replaced } = await db.owner
        .begin(async (tx) => {
          await tx`lock table refresh_tokens in share mode`;
          const under = atOnce(10, (n) => logIn(apiOf(n), 1, PASSWORD));
          await expect.poll(waiting, { interval: 5 }).toBe(10);
          const way = replace(next);
          await expect.poll(waiting, { interval: 5 }).toBe(11);
          return { logins: under, replaced: way };
        })
        .then(async (both) => ({ logins: await both.logins, replaced: await both.replaced }));
      expect(replaced).not.toBe(false);
      const begun = logins.filter(({ status }) => status === 200);
      const after = await Promise.all(begun.map(({ body }, n) => refreshWith(apiOf(n), body.refreshToken)));
      outlived += after.filter(({ status }) => status === 200).length;
    }
    expect(outlived).toBe(0);
  });
});

type Session = Readonly<{ account: number; first: string; logOut(): Promise<unknown> }>;

/** Refreshes until it is refused, or so often after the end that it has outlived it; says whether it has. */
async function refreshOn(n: number, token: string, ended: () => boolean): Promise<boolean> {
  let current = token;
  for (let turn = 0, after = 0; after < 5; turn++) {
    const begunAfter = ended();
    const { status, body } = await refreshWith(apiOf(n + turn), current);
    if (status === 401) return false;
    if (status === 200) current = String(body.refreshToken);
    if (begunAfter) after++;
    await tick();
  }
  return true;
}

describe('a thief who refreshes all the time, at two apis', () => {
  test.each<readonly [string, (session: Session) => Promise<unknown>]>([
    ['a logout', ({ logOut }) => logOut()],
    ['the second use of an earlier token', ({ first, account }) => refreshWith(apiOf(account), first)],
    ['a reset', async ({ account }) => resetPassword(db.sql, addressOfAccount(account), await cheapHash('x'))],
    ['the end of the account', ({ account }) => disableAccount(db.sql, addressOfAccount(account))],
  ])('does not outlive %s: 0 of 50', async (_what, end) => {
    const hash = await cheapHash();
    let outlived = 0;
    for (let round = 0; round < 5; round++) {
      await forgetLimits();
      const survivors = await atOnce(10, async (n) => {
        const account = round * 10 + n + 1;
        await makeAccount(db, account, hash);
        let login = await logIn(apiOf(n), account);
        while (login.status === 503) login = await logIn(apiOf(n), account);
        const first = String(login.body.refreshToken);
        const second = String((await refreshWith(apiOf(n), first)).body.refreshToken);
        let ended = false;
        const thief = refreshOn(n, second, () => ended);
        await turns(1 + (round % 3));
        await end({ account, first, logOut: () => post(apiOf(n), 'logout', { refreshToken: first }) });
        ended = true;
        return thief;
      });
      outlived += survivors.filter(Boolean).length;
    }
    expect(outlived).toBe(0);
  });
});

describe('one refresh token', () => {
  test('at two apis at the same moment works once, and ends its session', async () => {
    await makeAccount(db, 1);
    for (let round = 0; round < 10; round++) {
      const { body } = await logIn(apiOf(round), 1);
      const answers = await atOnce(6, (n) => refreshWith(apiOf(n), body.refreshToken));
      const works = answers.filter(({ status }) => status === 200);
      expect(works.length).toBe(1);
      expect((await refreshWith(apiOf(round), works[0]?.body.refreshToken)).status).toBe(401);
    }
  });

  test('of one account gives nothing of another, whatever stands in its row', async () => {
    await makeAccount(db, 1);
    await makeAccount(db, 2);
    const { body } = await logIn(apiOf(0), 1);
    await db.owner`update refresh_tokens set account_id = (select id from accounts where email = ${addressOfAccount(2)})`;
    expect((await refreshWith(apiOf(1), body.refreshToken)).status).toBe(401);
  });
});
