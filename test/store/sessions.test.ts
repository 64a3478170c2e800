/** Sessions and their refresh tokens, to the row: which token works, until when, and what ends a session. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAccount } from '../../services/store/accounts.ts';
import { forgetRefreshTokens, forgetSessions } from '../../services/store/retention.ts';
import { endSession, liveSessions, rotate } from '../../services/store/sessions.ts';
import { beginSession, refreshTokenRows } from '../support/sessions.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';
import { unstopped } from '../support/handlers.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
const [anna, bert] = [addressOf('anna@example.com'), addressOf('bert@example.com')];
beforeEach(async () => {
  await stopClockAt(db, '2026-05-04T10:00:00.000Z');
  await db.empty();
  await createAccount(db.sql, { id: user(2), email: bert, role: 'support', password_hash: 'hash b' });
  await createAccount(db.sql, { id: user(1), email: anna, role: 'admin', password_hash: 'hash a' });
});
afterAll(() => db.drop());

const LIFE = 3600;
const IN_A_MINUTE = '2026-05-04T10:01:00.000Z';
const tokens = () => refreshTokenRows(db);
const token = (tokenHash: string, lifeSeconds = 60) => ({ tokenHash, lifeSeconds });
const begin = (n: number, tokenHash: string, lifeSeconds?: number) =>
  beginSession(db, { id: user(n), accountId: user(1), refreshToken: token(tokenHash, lifeSeconds) });
const turn = (tokenHash: string, next: ReturnType<typeof token>) => rotate(db.sql, tokenHash, next, LIFE);
const live = async (...ns: readonly number[]) =>
  (await liveSessions(db.sql, ns.map(user))).map(({ id }) => Number(id.slice(-12))).toSorted((a, b) => a - b);
const kinds = async () =>
  (await db.owner`select what from sign_ins where what <> 'created' order by id`).map(({ what }) => what as string);

describe('a refresh token', () => {
  test('gives way to the next of its family, once, which lives its own time from now', async () => {
    await begin(11, 'a1');
    await stopClockAt(db, '2026-05-04T10:00:30.000Z');
    expect(await turn('a1', token('a2', 90))).toEqual({
      id: user(1),
      email: anna,
      role: 'admin',
      sessionId: user(11),
    });
    const after = [`a1 f1 a1 used ${IN_A_MINUTE}`, 'a2 f1 a1 fresh 2026-05-04T10:02:00.000Z'];
    expect(await tokens()).toEqual(after);
    expect(await turn('a1', token('a3'))).toBeUndefined();
    expect(await turn('unknown', token('a3'))).toBeUndefined();
    expect(await tokens()).toEqual(after);
  });

  test('twenty times at once works once', async () => {
    await begin(11, 'a1');
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => turn('a1', token(`next ${n}`))));
    expect(all.filter((one) => one !== undefined)).toHaveLength(1);
    expect(await tokens()).toHaveLength(2);
  });

  test('works until its end and not at it', async () => {
    await begin(11, 'a1');
    await stopClockAt(db, IN_A_MINUTE);
    expect(await turn('a1', token('a2'))).toBeUndefined();
    await stopClockAt(db, '2026-05-04T10:00:59.999Z');
    expect(await turn('a1', token('a2'))).toMatchObject({ id: user(1) });
  });

  test('of a disabled account does not work, and is not used up', async () => {
    await begin(11, 'a1');
    await db.owner`update accounts set disabled_at = now() where email = ${anna}`;
    expect(await turn('a1', token('a2'))).toBeUndefined();
    expect(await tokens()).toEqual([`a1 f1 a1 fresh ${IN_A_MINUTE}`]);
  });

  test.each(['a1', 'a2'])('%s, used or not, ends its whole session by a logout, and no other', async (hash) => {
    await begin(11, 'a1');
    await turn('a1', token('a2'));
    await begin(12, 'a3');
    await endSession(db.sql, hash, 'logout', 'net');
    expect([await tokens(), await live(11, 12)]).toEqual([[`a3 f2 a1 fresh ${IN_A_MINUTE}`], [12]]);
    await endSession(db.sql, 'unknown', 'logout', null);
    await endSession(db.sql, 'a3', 'reuse', null);
    expect([await live(11, 12), await kinds()]).toEqual([[12], ['login', 'login', 'logout']]);
  });

  test('that was used ends its session as a reuse, once', async () => {
    await begin(11, 'a1');
    await turn('a1', token('a2'));
    for (let n = 0; n < 2; n++) await endSession(db.sql, 'a1', 'reuse', 'net');
    expect([await tokens(), await live(11), await kinds()]).toEqual([[], [], ['login', 'reuse']]);
    const [row] = await db.owner`select ended_at, ended_by from sessions`;
    expect(row).toEqual({ ended_at: new Date('2026-05-04T10:00:00Z'), ended_by: 'reuse' });
  });

  test('is forgotten once it is over, used or not, and not before', async () => {
    await begin(11, 'a1', 59);
    await begin(12, 'a2', 60);
    await turn('a2', token('a4', 61));
    await stopClockAt(db, IN_A_MINUTE);
    expect(await forgetRefreshTokens(db.sql, unstopped)).toBe(1);
    expect((await tokens()).map((row) => row.slice(0, 2))).toEqual(['a2', 'a4']);
    await stopClockAt(db, '2026-05-04T10:01:00.001Z');
    expect(await forgetRefreshTokens(db.sql, unstopped)).toBe(1);
    expect((await tokens()).map((row) => row.slice(0, 2))).toEqual(['a4']);
  });
});

/** How many sessions are forgotten at this moment. */
const forget = async (at: string) => {
  await stopClockAt(db, at);
  await forgetRefreshTokens(db.sql, unstopped);
  return forgetSessions(db.sql, unstopped);
};

describe('a session', () => {
  test('is begun only with the credentials that were compared, of an account that is not disabled', async () => {
    const session = { id: user(11), accountId: user(1), refreshToken: token('a1') };
    expect(await beginSession(db, { ...session, passwordHash: 'another' })).toBe(false);
    await db.owner`update accounts set disabled_at = now() where email = ${anna}`;
    expect(await beginSession(db, session)).toBe(false);
    expect([await tokens(), await live(11), await kinds()]).toEqual([[], [], []]);
    await db.owner`update accounts set disabled_at = null where email = ${anna}`;
    expect(await beginSession(db, session)).toBe(true);
    expect([await live(11), await kinds()]).toEqual([[11], ['login']]);
  });

  test.each([
    ['a new password', "password_hash = 'new'"],
    ['another role', "role = 'support'"],
    ['a disabled account', 'disabled_at = now()'],
  ])('does not go on with %s, whoever wrote it and whatever comes back', async (_what, change) => {
    const before = await db.owner`select role, password_hash, disabled_at from accounts where id = ${user(1)}`;
    await begin(11, 'a1');
    await db.owner.unsafe(`update accounts set ${change} where id = '${user(1)}'`);
    expect([await live(11), await turn('a1', token('a2'))]).toEqual([[], undefined]);
    await db.owner`update accounts set ${db.owner(before[0] as object)} where id = ${user(1)}`;
    expect([await live(11), await turn('a1', token('a2'))]).toEqual([[], undefined]);
    expect(await tokens()).toEqual([`a1 f1 a1 fresh ${IN_A_MINUTE}`]);
  });

  test('goes on where nothing of its account changed but what is no credential', async () => {
    await begin(11, 'a1');
    await db.owner`update accounts set email = 'other@example.com', created_at = now() where id = ${user(1)}`;
    await db.owner`update accounts set password_hash = password_hash, disabled_at = null where id = ${user(1)}`;
    expect([await live(11), await turn('a1', token('a2'))]).toMatchObject([[11], { sessionId: user(11) }]);
  });

  test('of the version before has a row as soon as it has a token, and none is added where it has ended', async () => {
    const add = (hash: string, family: string, account = user(1)) =>
      db.owner`insert into refresh_tokens (token_hash, family, account_id, expires_at)
        values (${hash}, ${family}, ${account}, event_clock() + interval '1 minute')`;
    await add('old', user(21));
    expect([await live(21), await turn('old', token('new'))]).toMatchObject([[21], { sessionId: user(21) }]);
    await add('of another account', user(21), user(2));
    await endSession(db.sql, 'new', 'logout', null);
    await add('late', user(21));
    expect(await tokens()).toEqual([]);
  });

  test('is forgotten once nothing of it lives', async () => {
    await begin(11, 'a1', LIFE - 1);
    await begin(12, 'b1', LIFE + 1);
    expect(await forget('2026-05-04T11:00:00.000Z')).toBe(0);
    expect(await forget('2026-05-04T11:00:00.001Z')).toBe(1);
    expect(await live(11, 12)).toEqual([12]);
    expect(await forget('2026-05-04T11:00:01.001Z')).toBe(1);
  });
});
