/** The operators' accounts, to the row: who is found, what a change records, and whose tokens end with it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createAccount,
  disableAccount,
  findAccount,
  listAccounts,
  resetPassword,
} from '../../services/store/accounts.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';
import { rotate, startSession } from '../../services/store/sessions.ts';
import { beginSession, refreshTokenRows } from '../support/sessions.ts';

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

const tokens = () => refreshTokenRows(db);

const token = (tokenHash: string, lifeSeconds = 60) => ({ tokenHash, lifeSeconds });

const IN_A_MINUTE = '2026-05-04T10:01:00.000Z';

/** Two families of Anna's, one of them with a used token, and one of Bert's. */
async function logIn(): Promise<void> {
  await beginSession(db, { id: user(11), accountId: user(1), refreshToken: token('a1') });
  await rotate(db.sql, 'a1', token('a2'), 60);
  await beginSession(db, { id: user(12), accountId: user(1), refreshToken: token('a3') });
  await beginSession(db, { id: user(13), accountId: user(2), refreshToken: token('b1') });
}
const BERTS = `b1 f3 a2 fresh ${IN_A_MINUTE}`;

describe('an account', () => {
  test('is found by its own address, with what a login needs', async () => {
    expect(await findAccount(db.sql, anna, [])).toEqual({
      id: user(1),
      email: anna,
      role: 'admin',
      password_hash: 'hash a',
      known: false,
    });
    expect(await findAccount(db.sql, addressOf('nobody@example.com'), [])).toBeUndefined();
  });

  test('is one of its address: another is refused and the first stays; any other failure is a failure', async () => {
    const again = { id: user(3), email: anna, role: 'admin', password_hash: 'x' };
    expect(await createAccount(db.sql, again)).toBe('exists');
    expect(await findAccount(db.sql, anna, [])).toMatchObject({ id: user(1), password_hash: 'hash a' });
    const sameId = createAccount(db.sql, { ...again, id: user(1), email: addressOf('c@example.com') });
    await expect(sameId).rejects.toMatchObject({ code: '23505' });
    expect(await createAccount(db.sql, { ...again, email: addressOf('c@example.com') })).toBe('created');
  });

  test('stands in the list by its address, without its hash, disabled or not', async () => {
    await disableAccount(db.sql, bert);
    expect(await listAccounts(db.sql)).toEqual([
      { id: user(1), email: anna, role: 'admin', created_at: expect.any(Date), disabled_at: null, last_login_at: null },
      {
        id: user(2),
        email: bert,
        role: 'support',
        created_at: expect.any(Date),
        disabled_at: new Date('2026-05-04T10:00:00Z'),
        last_login_at: null,
      },
    ]);
  });
});

describe('an account that is disabled', () => {
  test('cannot log in; all its refresh tokens end, and nobody else’s', async () => {
    await logIn();
    expect(await disableAccount(db.sql, anna)).toBe(true);
    const again = { id: user(14), accountId: user(1), passwordHash: 'hash a', refreshToken: token('a4') };
    expect(await startSession(db.sql, { ...again, lifeSeconds: 60, network: null })).toBe(false);
    expect(await tokens()).toEqual([BERTS]);
    expect(await findAccount(db.sql, bert, [])).toMatchObject({ id: user(2) });
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
  expect(await findAccount(db.sql, anna, [])).toEqual({
    id: user(1),
    email: anna,
    role: 'admin',
    password_hash: 'hash new',
    known: false,
  });
  expect(await tokens()).toEqual([BERTS]);
  const session = { id: user(14), accountId: user(1), refreshToken: token('a4'), lifeSeconds: 60, network: null };
  expect(await startSession(db.sql, { ...session, passwordHash: 'hash a' })).toBe(false);
  expect(await startSession(db.sql, { ...session, passwordHash: 'hash new' })).toBe(true);
  expect(
    await db.owner`select password_hash, disabled_at is null as works from accounts where email = ${bert}`,
  ).toEqual([{ password_hash: 'hash b', works: false }]);
  expect(await resetPassword(db.sql, addressOf('nobody@example.com'), 'x')).toBe(false);
});
