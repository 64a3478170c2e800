/** The append's rows beside the log: what an upsert changes, which mail is settled, what the clean-up's marks keep out. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SendFailed, Sent } from '../../services/core/events.ts';
import { append } from '../../services/store/append.ts';
import { additionTo, at, codeRow, emailRow, recordedAs } from '../support/additions.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.empty();
  await db.owner`update installation set codes_cleaned_before = '-infinity', emails_cleaned_before = '-infinity'`;
});
afterAll(() => db.drop());

const a = addressOf('a@example.com');
const b = addressOf('b@example.com');

test('a change of an address’s row: proof and updated_at follow; whose it is, its purpose and its birth stay', async () => {
  await append(db.sql, [additionTo(a, { emails: [emailRow(1, a), emailRow(2, a, { purpose: 'driver' })] })]);
  const later = {
    user_id: user(2),
    purpose: 'business',
    created_at: at('2026-06-01T00:00:00Z'),
    is_verified: true,
    verified_at: at('2026-06-02T00:00:00Z'),
    verification_method: 'admin',
    updated_at: at('2026-06-03T00:00:00Z'),
  };
  await append(db.sql, [additionTo(a, { expectedVersion: 1, emails: [emailRow(1, a, later)] })]);
  const was = { user_id: user(1), email_address: a, created_at: new Date('2026-05-04T10:00:00Z') };
  expect(await db.owner`select * from user_email_addresses order by id`).toEqual([
    {
      ...was,
      id: 1,
      purpose: 'verification',
      is_verified: true,
      verified_at: new Date('2026-06-02T00:00:00Z'),
      verification_method: 'admin',
      updated_at: new Date('2026-06-03T00:00:00Z'),
    },
    {
      ...was,
      id: 2,
      purpose: 'driver',
      is_verified: false,
      verified_at: null,
      verification_method: 'otp',
      updated_at: new Date('2026-05-04T10:00:00Z'),
    },
  ]);
});

test('a proof taken back leaves nothing of it', async () => {
  const verified = { is_verified: true, verified_at: at('2026-06-02T00:00:00Z') };
  await append(db.sql, [additionTo(a, { emails: [emailRow(1, a, verified)] })]);
  await append(db.sql, [additionTo(a, { expectedVersion: 1, emails: [emailRow(1, a)] })]);
  expect(await db.owner`select is_verified, verified_at from user_email_addresses`).toEqual([
    { is_verified: false, verified_at: null },
  ]);
});

test('a change of a code’s row: its fate, its end and its attempts follow; whose it is and what it was stay', async () => {
  await append(db.sql, [additionTo(a, { codes: [codeRow(1, a), codeRow(2, a)] })]);
  const later = {
    user_id: user(2),
    otp: 'bbbbbbbbbb',
    purpose: 'business',
    max_attempts: 9,
    created_at: at('2026-06-01T00:00:00Z'),
    verified: true,
    verified_at: at('2026-06-02T00:00:00Z'),
    expires_at: at('2026-06-03T00:00:00Z'),
    attempts: 2,
    updated_at: at('2026-06-04T00:00:00Z'),
  };
  await append(db.sql, [additionTo(a, { expectedVersion: 1, codes: [codeRow(1, a, later)] })]);
  const was = {
    user_id: user(1),
    email: a,
    otp: 'aaaaaaaaaa',
    purpose: 'verification',
    max_attempts: 3,
    created_at: new Date('2026-05-04T10:00:00Z'),
  };
  expect(await db.owner`select * from email_otp_verifications order by id`).toEqual([
    {
      ...was,
      id: user(1),
      verified: true,
      verified_at: new Date('2026-06-02T00:00:00Z'),
      expires_at: new Date('2026-06-03T00:00:00Z'),
      attempts: 2,
      updated_at: new Date('2026-06-04T00:00:00Z'),
    },
    {
      ...was,
      id: user(2),
      verified: false,
      verified_at: null,
      expires_at: new Date('2026-05-04T10:10:00Z'),
      attempts: 0,
      updated_at: new Date('2026-05-04T10:00:00Z'),
    },
  ]);
});

const mails = async () =>
  (await db.owner`select otp_id, mailing from outbox order by 1, 2`).map(
    ({ otp_id, mailing }) => `${Number(String(otp_id).slice(-3))}.${mailing}`,
  );
const wait = async (n: number, mailing: number, address = a): Promise<void> => {
  await db.owner`
    insert into outbox (otp_id, mailing, stream_id, version, created_at, expires_at, claimed_until)
    values (${user(n)}, ${mailing}, ${address}, 1, now(), now(), now())
  `;
};

describe('a mail that is settled', () => {
  test.each<Sent | SendFailed>([
    { type: 'sent', data: { otpId: user(1), mailing: 2, messageId: 'm' } },
    { type: 'send_failed', data: { otpId: user(1), mailing: 2, reason: 'rejected' } },
  ])('$type takes its own mailing out of the outbox and no other', async (event) => {
    for (const mailing of [1, 2, 3]) await wait(1, mailing);
    await wait(2, 2);
    await wait(3, 2, b);
    await append(db.sql, [additionTo(a, { events: [recordedAs(event, 1)] })]);
    expect(await mails()).toEqual(['1.1', '1.3', '2.2', '3.2']);
  });

  test.each(['delivered', 'bounced', 'complained'])('%s, which comes after it, takes none', async (type) => {
    await wait(1, 1);
    const data = { otpId: user(1), mailing: 1, feedbackId: 'f', permanent: false, subType: '', complaint: '' };
    await append(db.sql, [additionTo(a, { events: [recordedAs({ type: type as 'delivered', data }, 1)] })]);
    expect(await mails()).toEqual(['1.1']);
  });
});

describe('beyond the marks of the clean-up', () => {
  test('a code whose time was over before the mark makes no row, one that ends at it does; the log has all', async () => {
    await db.owner`update installation set codes_cleaned_before = '2026-05-04T10:00:00Z', emails_cleaned_before = 'infinity'`;
    const codes = [
      codeRow(1, a, { expires_at: at('2026-05-04T09:59:59.999Z') }),
      codeRow(2, a, { expires_at: at('2026-05-04T10:00:00.000Z') }),
      codeRow(3, a, { expires_at: at('2026-05-04T09:00:00.000Z'), verified: true }),
    ];
    await append(db.sql, [additionTo(a, { codes })]);
    expect(await db.owner`select id from email_otp_verifications`).toEqual([{ id: user(2) }]);
    expect(await db.owner`select from events`).toHaveLength(1);
  });

  test('an unverified address unchanged since before the mark makes no row; a verified one, or one of the mark, does', async () => {
    await db.owner`update installation set emails_cleaned_before = '2026-05-04T10:00:00Z', codes_cleaned_before = 'infinity'`;
    const old = { updated_at: at('2026-05-04T09:59:59.999Z') };
    const emails = [
      emailRow(1, a, { ...old, purpose: 'p1' }),
      emailRow(2, a, { ...old, purpose: 'p2', is_verified: true }),
      emailRow(3, a, { purpose: 'p3', created_at: at('2020-01-01T00:00:00Z') }),
    ];
    await append(db.sql, [additionTo(a, { emails })]);
    expect(await db.owner`select id from user_email_addresses order by id`).toEqual([{ id: 2 }, { id: 3 }]);
  });
});
