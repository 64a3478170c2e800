/** The clean-up's two statements: what goes to the millisecond, what stays, and marks that never move back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { limitSettings } from '../../services/config/limits.ts';
import { BATCH_ROWS } from '../../services/store/in-batches.ts';
import { KEPT, cleanUpAddresses, cleanUpCodes } from '../../services/store/retention.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { stopClockAt } from '../support/still-clock.ts';
import { counted, unstopped } from '../support/handlers.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await stopClockAt(db, '2026-08-31T10:00:00.000Z');
  await db.empty();
  await db.owner`update installation set codes_cleaned_before = '-infinity', emails_cleaned_before = '-infinity'`;
});
afterAll(() => db.drop());

const marks = async () =>
  (
    await db.owner`select codes_cleaned_before::text as codes, emails_cleaned_before::text as emails
    from installation`
  )[0];

async function code(n: number, expiresAt: string, verified = false): Promise<void> {
  await db.owner`insert into email_otp_verifications (id, user_id, email, otp, expires_at, verified, created_at)
    values (${user(n)}, ${user(1)}, 'a@example.com', 'x', ${expiresAt}, ${verified}, '2020-01-01Z')`;
}

async function email(id: number, updatedAt: string, verified = false): Promise<void> {
  await db.owner`insert into user_email_addresses (id, user_id, email_address, updated_at, is_verified, created_at)
    values (${id}, ${user(id)}, 'a@example.com', ${updatedAt}, ${verified}, '2020-01-01Z')`;
}

const codes = async () =>
  (await db.owner`select id from email_otp_verifications order by 1`).map(({ id }) => Number(String(id).slice(-3)));
const emails = async () =>
  (await db.owner`select id from user_email_addresses order by 1`).map(({ id }) => id as number);

describe('codes', () => {
  test('go a day after their end and not at it, used or not; addresses and their mark stay', async () => {
    await code(1, '2026-08-30T09:59:59.999Z');
    await code(2, '2026-08-30T10:00:00.000Z');
    await code(3, '2026-08-31T10:10:00.000Z');
    await code(4, '2026-08-01T00:00:00.000Z', true);
    await email(1, '2020-01-01T00:00:00Z');
    expect(await cleanUpCodes(db.sql, unstopped)).toBe(2);
    expect([await codes(), await emails()]).toEqual([[2, 3], [1]]);
    expect(await marks()).toEqual({ codes: '2026-08-30 10:00:00+00', emails: '-infinity' });
    expect(await cleanUpCodes(db.sql, unstopped)).toBe(0);
  });

  test('a clock that steps back moves the mark not at all, and what stood before the mark still goes', async () => {
    await cleanUpCodes(db.sql, unstopped);
    await stopClockAt(db, '2026-08-20T10:00:00.000Z');
    await code(1, '2026-08-30T09:59:59.999Z');
    await code(2, '2026-08-30T10:00:00.000Z');
    expect(await cleanUpCodes(db.sql, unstopped)).toBe(1);
    expect(await codes()).toEqual([2]);
    expect(await marks()).toEqual({ codes: '2026-08-30 10:00:00+00', emails: '-infinity' });
  });
});

describe('addresses', () => {
  test('go six months after their last change where they are not verified; codes and their mark stay', async () => {
    await email(1, '2026-02-28T09:59:59.999Z');
    await email(2, '2026-02-28T10:00:00.000Z');
    await email(3, '2026-02-28T09:59:59.999Z', true);
    await email(4, '2026-08-30T00:00:00.000Z');
    await code(1, '2020-01-01T00:00:00Z');
    expect(await cleanUpAddresses(db.sql, unstopped)).toBe(1);
    expect([await emails(), await codes()]).toEqual([[2, 3, 4], [1]]);
    expect(await marks()).toEqual({ codes: '-infinity', emails: '2026-02-28 10:00:00+00' });
    expect(await cleanUpAddresses(db.sql, unstopped)).toBe(0);
  });

  test('a clock that steps back moves the mark of addresses not at all', async () => {
    await cleanUpAddresses(db.sql, unstopped);
    await stopClockAt(db, '2026-03-31T10:00:00.000Z');
    await email(1, '2026-02-28T09:59:59.999Z');
    await email(2, '2026-02-28T10:00:00.000Z');
    expect(await cleanUpAddresses(db.sql, unstopped)).toBe(1);
    expect(await emails()).toEqual([2]);
    expect(await marks()).toEqual({ codes: '-infinity', emails: '2026-02-28 10:00:00+00' });
  });
});

const fill = (rows: number) => db.owner`
  insert into email_otp_verifications (id, user_id, email, otp, expires_at)
  select gen_random_uuid(), ${user(1)}, 'a@example.com', 'x', '2026-08-01Z' from generate_series(1, ${rows}::integer)
`;
const left = async () => (await db.owner`select count(*)::integer as n from email_otp_verifications`)[0]?.n as number;

describe('a deletion of many', () => {
  test('goes in batches until nothing is left of it', async () => {
    await fill(2 * BATCH_ROWS + 1);
    const pool = counted(db.sql);
    expect(await cleanUpCodes(pool.sql, unstopped)).toBe(2 * BATCH_ROWS + 1);
    expect([await left(), pool.statements()]).toEqual([0, 4]);
  });

  test('ends after a batch when it is told to, and the next run goes on', async () => {
    await fill(BATCH_ROWS + 7);
    expect(await cleanUpCodes(db.sql, AbortSignal.abort())).toBe(BATCH_ROWS);
    expect(await left()).toBe(7);
    expect(await cleanUpCodes(db.sql, unstopped)).toBe(7);
  });
});

test('a window is kept for as long as the longest can run', async () => {
  const [row] = await db.owner`select extract(epoch from ${KEPT.rateWindows}::interval)::float8 as seconds`;
  const longest = limitSettings.RATE_LIMIT_WINDOW_MS.schema.safeParse(String(Number(row?.seconds) * 1000 + 1));
  expect([Number(row?.seconds), longest.success]).toEqual([86_400, false]);
});
