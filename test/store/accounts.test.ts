/** The operators' accounts and their refresh tokens, to the row: whose tokens end, which token works, and until when. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createAccount,
  disableAccount,
  endFamily,
  findAccount,
  listAccounts,
  resetPassword,
  rotate,
  startFamily,
} from '../../services/store/accounts.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';
import { unstopped } from '../support/handlers.ts';
import { forgetRefreshTokens } from '../../services/store/retention.ts';

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

const tokens = async () =>
  (
    await db.owner`
      select token_hash, family, account_id, used_at is not null as used, expires_at from refresh_tokens order by 1
    `
  ).map(
    ({ token_hash, family, account_id, used, expires_at }) =>
      `${token_hash} f${String(family).slice(-1)} a${String(account_id).slice(-1)} ${used ? 'used' : 'fresh'} ${(expires_at as Date).toISOString()}`,
  );

const token = (tokenHash: string, lifeSeconds = 60) => ({ tokenHash, lifeSeconds });

const IN_A_MINUTE = '2026-05-04T10:01:00.000Z';

/** Two families of Anna's, one of them with a used token, and one of Bert's. */
async function logIn(): Promise<void> {
  await startFamily(db.sql, user(11), user(1), token('a1'));
  await rotate(db.sql, 'a1', token('a2'));
  await startFamily(db.sql, user(12), user(1), token('a3'));
  await startFamily(db.sql, user(13), user(2), token('b1'));
}
const BERTS = `b1 f3 a2 fresh ${IN_A_MINUTE}`;

describe('an account', () => {
  test('is found by its own address, with what a login needs', async () => {
    expect(await findAccount(db.sql, anna)).toEqual({
      id: user(1),
      email: anna,
      role: 'admin',
      password_hash: 'hash a',
    });
    expect(await findAccount(db.sql, addressOf('nobody@example.com'))).toBeUndefined();
  });

  test('is one of its address: another is refused and the first stays; any other failure is a failure', async () => {
    const again = { id: user(3), email: anna, role: 'admin', password_hash: 'x' };
    expect(await createAccount(db.sql, again)).toBe('exists');
    expect(await findAccount(db.sql, anna)).toMatchObject({ id: user(1), password_hash: 'hash a' });
    const sameId = createAccount(db.sql, { ...again, id: user(1), email: addressOf('c@example.com') });
    await expect(sameId).rejects.toMatchObject({ code: '23505' });
    expect(await createAccount(db.sql, { ...again, email: addressOf('c@example.com') })).toBe('created');
  });

  test('stands in the list by its address, without its hash, disabled or not', async () => {
    await disableAccount(db.sql, bert);
    expect(await listAccounts(db.sql)).toEqual([
      { id: user(1), email: anna, role: 'admin', created_at: expect.any(Date), disabled_at: null },
      {
        id: user(2),
        email: bert,
        role: 'support',
        created_at: expect.any(Date),
        disabled_at: new Date('2026-05-04T10:00:00Z'),
      },
    ]);
  });
});

describe('an account that is disabled', () => {
  test('cannot log in; all its refresh tokens end, and nobody else’s', async () => {
    await logIn();
    expect(await disableAccount(db.sql, anna)).toBe(true);
    expect(await findAccount(db.sql, anna)).toBeUndefined();
    expect(await tokens()).toEqual([BERTS]);
    expect(await findAccount(db.sql, bert)).toMatchObject({ id: user(2) });
    expect(await disableAccount(db.sql, addressOf('nobody@example.com'))).toBe(false);
  });

  test('is so since the first time', async () => {
    await disableAccount(db.sql, anna);
    await stopClockAt(db, '2026-05-05T00:00:00Z');
    expect(await disableAccount(db.sql, anna)).toBe(true);
    const [row] = await db.owner`select disabled_at from accounts where email = ${anna}`;
    expect(row?.disabled_at).toEqual(new Date('2026-05-04T10:00:00Z'));
  });
});

test('a new password: the old one is gone, the account works again, all its refresh tokens end and nobody else’s', async () => {
  await logIn();
  await db.owner`update accounts set disabled_at = now()`;
  expect(await resetPassword(db.sql, anna, 'hash new')).toBe(true);
  expect(await findAccount(db.sql, anna)).toEqual({
    id: user(1),
    email: anna,
    role: 'admin',
    password_hash: 'hash new',
  });
  expect(await tokens()).toEqual([BERTS]);
  expect(
    await db.owner`select password_hash, disabled_at is null as works from accounts where email = ${bert}`,
  ).toEqual([{ password_hash: 'hash b', works: false }]);
  expect(await resetPassword(db.sql, addressOf('nobody@example.com'), 'x')).toBe(false);
});

describe('a refresh token', () => {
  test('gives way to the next of its family, once, which lives its own time from now', async () => {
    await startFamily(db.sql, user(11), user(1), token('a1'));
    await stopClockAt(db, '2026-05-04T10:00:30.000Z');
    expect(await rotate(db.sql, 'a1', token('a2', 90))).toEqual({ id: user(1), email: anna, role: 'admin' });
    const after = [`a1 f1 a1 used ${IN_A_MINUTE}`, 'a2 f1 a1 fresh 2026-05-04T10:02:00.000Z'];
    expect(await tokens()).toEqual(after);
    expect(await rotate(db.sql, 'a1', token('a3'))).toBeUndefined();
    expect(await rotate(db.sql, 'unknown', token('a3'))).toBeUndefined();
    expect(await tokens()).toEqual(after);
  });

  test('twenty times at once works once', async () => {
    await startFamily(db.sql, user(11), user(1), token('a1'));
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => rotate(db.sql, 'a1', token(`next ${n}`))));
    expect(all.filter((one) => one !== undefined)).toHaveLength(1);
    expect(await tokens()).toHaveLength(2);
  });

  test('works until its end and not at it', async () => {
    await startFamily(db.sql, user(11), user(1), token('a1'));
    await stopClockAt(db, IN_A_MINUTE);
    expect(await rotate(db.sql, 'a1', token('a2'))).toBeUndefined();
    await stopClockAt(db, '2026-05-04T10:00:59.999Z');
    expect(await rotate(db.sql, 'a1', token('a2'))).toMatchObject({ id: user(1) });
  });

  test('of a disabled account does not work, and is not used up', async () => {
    await startFamily(db.sql, user(11), user(1), token('a1'));
    await db.owner`update accounts set disabled_at = now() where email = ${anna}`;
    expect(await rotate(db.sql, 'a1', token('a2'))).toBeUndefined();
    expect(await tokens()).toEqual([`a1 f1 a1 fresh ${IN_A_MINUTE}`]);
  });

  test.each(['a1', 'a2'])('%s, used or not, ends its whole family and no other', async (hash) => {
    await logIn();
    await endFamily(db.sql, hash);
    expect(await tokens()).toEqual([`a3 f2 a1 fresh ${IN_A_MINUTE}`, BERTS]);
    await endFamily(db.sql, 'unknown');
    expect(await tokens()).toHaveLength(2);
  });

  test('is forgotten once it is over, used or not, and not before', async () => {
    await startFamily(db.sql, user(11), user(1), token('a1', 59));
    await startFamily(db.sql, user(11), user(1), token('a2', 60));
    await rotate(db.sql, 'a2', token('a4', 61));
    await stopClockAt(db, IN_A_MINUTE);
    expect(await forgetRefreshTokens(db.sql, unstopped)).toBe(1);
    expect((await tokens()).map((row) => row.slice(0, 2))).toEqual(['a2', 'a4']);
    await stopClockAt(db, '2026-05-04T10:01:00.001Z');
    expect(await forgetRefreshTokens(db.sql, unstopped)).toBe(1);
    expect((await tokens()).map((row) => row.slice(0, 2))).toEqual(['a4']);
  });
});
