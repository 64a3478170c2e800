/** The figures: an admin's statistics, which mail a report is about, and the guide's view of 30 days. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type postgres from 'postgres';
import { readStats } from '../../services/store/admin-queries.ts';
import { findMailing } from '../../services/store/feedback.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';

const NOW = '2026-05-10T10:00:00.000Z';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await stopClockAt(db, NOW);
});
beforeEach(async () => {
  await db.owner`truncate events, user_email_addresses`;
});
afterAll(() => db.drop());

type Row = readonly [purpose: string, method: string, verifiedAt: string | null];

async function addresses(rows: readonly Row[]): Promise<void> {
  for (const [n, [purpose, method, verifiedAt]] of rows.entries()) {
    await db.owner`insert into user_email_addresses (user_id, email_address, purpose, verification_method, is_verified, verified_at)
      values (${user(n)}, ${`a${n}@example.com`}, ${purpose}, ${method}, ${verifiedAt !== null}, ${verifiedAt})`;
  }
}

describe('statistics', () => {
  test('each figure counts its own', async () => {
    const then = '2026-01-01T00:00:00Z';
    await addresses([
      ...Array.from({ length: 3 }, (): Row => ['business', 'otp', then]),
      ...Array.from({ length: 2 }, (): Row => ['business', 'registration', null]),
      ['driver', 'registration', then],
      ['driver', 'registration', then],
      ['driver', 'otp', null],
      ['verification', 'admin', then],
      ['verification', 'otp', null],
      ['a', 'otp', then],
      ['a', 'otp', null],
    ]);
    const { stats, byPurpose, recent } = await readStats(db.sql);
    expect(stats).toEqual({
      total_emails: 12,
      verified_emails: 7,
      pending_emails: 5,
      registration_verified: 2,
      otp_verified: 4,
      business_emails: 5,
      driver_emails: 3,
    });
    expect(byPurpose).toEqual([
      { purpose: 'business', total: 5, verified: 3 },
      { purpose: 'driver', total: 3, verified: 2 },
      { purpose: 'a', total: 2, verified: 1 },
      { purpose: 'verification', total: 2, verified: 1 },
    ]);
    expect(recent).toEqual([]);
  });

  test('of no address are noughts', async () => {
    const { stats, byPurpose } = await readStats(db.sql);
    expect([...new Set(Object.values(stats)), byPurpose]).toEqual([0, []]);
  });

  test('the newest ten verifications of seven days, to the millisecond; one taken back is none', async () => {
    const days = [1, 12, 3, 4, 5, 6, 2].map((day): Row => [
      'p',
      'otp',
      `2026-05-${String(10 - (day % 7)).padStart(2, '0')}T09:00:00Z`,
    ]);
    await addresses([
      ['p', 'otp', '2026-05-03T10:00:00.000Z'],
      ['p', 'admin', '2026-05-03T10:00:00.001Z'],
    ]);
    expect((await readStats(db.sql)).recent).toEqual([
      {
        email_address: 'a1@example.com',
        verified_at: new Date('2026-05-03T10:00:00.001Z'),
        verification_method: 'admin',
      },
    ]);
    await db.owner`truncate user_email_addresses`;
    await addresses([...days, ...Array.from({ length: 6 }, (_, n): Row => ['p', 'otp', `2026-05-10T0${n}:00:00Z`])]);
    await db.owner`update user_email_addresses set is_verified = false where email_address = 'a12@example.com'`;
    const { recent } = await readStats(db.sql);
    expect(recent.map(({ verified_at }) => verified_at.toISOString().slice(5, 13))).toEqual([
      '05-10T04',
      '05-10T03',
      '05-10T02',
      '05-10T01',
      '05-10T00',
      '05-09T09',
      '05-08T09',
      '05-07T09',
      '05-06T09',
      '05-05T09',
    ]);
  });
});

async function happened(
  type: string,
  at: string,
  data: postgres.JSONValue = {},
  stream = 'a@example.com',
): Promise<void> {
  await db.owner`insert into events (stream_id, version, type, at, data)
    values (${stream}, (select count(*) + 1 from events), ${type}, ${at}, ${db.owner.json(data)})`;
}

const mail = (n: number, mailing: number, messageId?: string) =>
  happened(messageId ? 'sent' : 'requested', NOW, { otpId: user(n), mailing, ...(messageId && { messageId }) });

describe('the mail that a report is about', () => {
  const a = addressOf('a@example.com');

  test('is what was sent under its id, else the last asked for of the code it names, of this address', async () => {
    await mail(1, 1);
    await mail(1, 1, 'm1');
    await mail(1, 2);
    await mail(2, 1);
    await mail(2, 1, 'm2');
    await happened('sent', NOW, { otpId: user(9), mailing: 9, messageId: 'm9' }, 'b@example.com');
    await happened('delivered', NOW, { otpId: user(8), mailing: 8, messageId: 'm8' });
    expect(await findMailing(db.sql, a, 'm1', undefined)).toEqual({ otpId: user(1), mailing: 1 });
    expect(await findMailing(db.sql, a, 'm1', user(1))).toEqual({ otpId: user(1), mailing: 1 });
    expect(await findMailing(db.sql, a, 'm2', user(1))).toEqual({ otpId: user(2), mailing: 1 });
    expect(await findMailing(db.sql, a, 'unknown', user(1))).toEqual({ otpId: user(1), mailing: 2 });
    expect(await findMailing(db.sql, a, 'unknown', user(7))).toBeUndefined();
    expect(await findMailing(db.sql, a, 'm9', undefined)).toBeUndefined();
    expect(await findMailing(db.sql, a, 'm8', undefined)).toBeUndefined();
    expect(await findMailing(db.sql, addressOf('b@example.com'), 'm9', user(1))).toEqual({
      otpId: user(9),
      mailing: 9,
    });
  });
});
