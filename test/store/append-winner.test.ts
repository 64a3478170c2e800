/** The statement that records, called directly: what a stream that won leaves in each table, to the letter. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EmailAddress } from '../../services/core/email-address.ts';
import { emptyAddress } from '../../services/core/state.ts';
import { append } from '../../services/store/append.ts';
import { additionTo, at, codeRow, emailRow, recordedAs, requestedData } from '../support/additions.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await stopClockAt(db, '2026-05-04T10:00:01Z');
});
beforeEach(async () => {
  await db.empty();
});
afterAll(() => db.drop());

const a = addressOf('a@example.com');
const b = addressOf('b@example.com');
const c = addressOf('c@example.com');

/** A stream with one event. */
async function begin(address: EmailAddress): Promise<void> {
  expect([...(await append(db.sql, [additionTo(address)]))]).toEqual([address]);
}

const two = (address: EmailAddress) =>
  [1, 2].map((version) => recordedAs({ type: 'unlocked', data: { by: address, before: version } }, version));

const openCode = {
  ...requestedData(1),
  issuedAt: 0,
  changedAt: 0,
  attempts: 0,
  mailings: [],
  status: { kind: 'pending' as const },
};

describe('a stream that wins', () => {
  test('is in each table to the letter', async () => {
    await begin(a);
    const codes = [{ ...openCode, expiresAt: at('2026-05-04T10:09:00Z') }];
    const state = { ...emptyAddress, codes, lastEventAt: at('2026-05-04T10:00:00.250Z') };
    const data = requestedData(11, { purpose: 'business', expiresAt: '2026-05-04T10:10:00.500Z' });
    await append(db.sql, [
      additionTo(a, {
        expectedVersion: 1,
        state,
        events: [
          recordedAs({ type: 'requested', data: { ...data, otpId: user(12) } }, 2, '2026-05-04T10:00:00.125Z'),
          recordedAs({ type: 'requested', data }, 3, '2026-05-04T10:00:00.250Z'),
        ],
        emails: [
          emailRow(11, a, { is_verified: true, verified_at: at('2026-05-04T10:00:00.3Z'), purpose: 'business' }),
        ],
        codes: [
          codeRow(11, a, {
            verified: true,
            verified_at: at('2026-05-04T10:00:00.4Z'),
            attempts: 2,
            purpose: 'business',
          }),
        ],
        claimed: new Set([3]),
        keys: [{ key: { caller: user(7), keyHash: 'h', fingerprint: 'f' }, version: 3 }],
      }),
    ]);
    expect(await db.owner`select version, state, expires_at from streams`).toEqual([
      { version: 3, state, expires_at: new Date('2026-05-04T10:09:00Z') },
    ]);
    expect(await db.owner`select version, type, at, data from events where version > 1 order by position`).toEqual([
      { version: 2, type: 'requested', at: new Date('2026-05-04T10:00:00.125Z'), data: { ...data, otpId: user(12) } },
      { version: 3, type: 'requested', at: new Date('2026-05-04T10:00:00.250Z'), data },
    ]);
    expect(await db.owner`select * from user_email_addresses where id = 11`).toEqual([
      {
        id: 11,
        user_id: user(1),
        email_address: a,
        is_verified: true,
        verified_at: new Date('2026-05-04T10:00:00.300Z'),
        purpose: 'business',
        verification_method: 'otp',
        created_at: new Date('2026-05-04T10:00:00Z'),
        updated_at: new Date('2026-05-04T10:00:00Z'),
      },
    ]);
    expect(await db.owner`select * from email_otp_verifications where id = ${user(11)}`).toEqual([
      {
        id: user(11),
        user_id: user(1),
        email: a,
        otp: 'aaaaaaaaaa',
        purpose: 'business',
        verified: true,
        verified_at: new Date('2026-05-04T10:00:00.400Z'),
        expires_at: new Date('2026-05-04T10:10:00Z'),
        attempts: 2,
        max_attempts: 3,
        created_at: new Date('2026-05-04T10:00:00Z'),
        updated_at: new Date('2026-05-04T10:00:00Z'),
      },
    ]);
    const row = { mailing: 1, stream_id: a, tries: 0, deferrals: 0, unsure: 0 };
    const ends = new Date('2026-05-04T10:10:00.500Z');
    // The mail that this process sends itself is its own for 15 seconds; the other is free from its birth.
    const [own, free] = [new Date('2026-05-04T10:00:00.250Z'), new Date('2026-05-04T10:00:00.125Z')];
    expect(await db.owner`select * from outbox where version > 1 order by version desc`).toEqual([
      {
        ...row,
        otp_id: user(11),
        version: 3,
        created_at: own,
        expires_at: ends,
        claimed_until: new Date('2026-05-04T10:00:15.250Z'),
      },
      { ...row, otp_id: user(12), version: 2, created_at: free, expires_at: ends, claimed_until: free },
    ]);
    expect(await db.owner`select * from idempotency_keys`).toEqual([
      {
        caller: user(7),
        key_hash: 'h',
        fingerprint: 'f',
        stream_id: a,
        version: 3,
        created_at: own,
        answer: 'requested',
      },
    ]);
  });

  test('has the time of its first open code, and the events of a batch stand in order of position', async () => {
    const ends = [3, 1, 2].map((minute) => ({ ...openCode, expiresAt: at(`2026-05-04T11:0${minute}:00Z`) }));
    const state = {
      ...emptyAddress,
      codes: [...ends, { ...openCode, status: { kind: 'expired' as const }, expiresAt: 1 }],
    };
    await append(
      db.sql,
      [c, a, b].map((address) => additionTo(address, { state, events: two(address) })),
    );
    const told = await db.owner`select stream_id || version as event from events order by position`;
    expect(told.map(({ event }) => event as string)).toEqual([`${c}1`, `${c}2`, `${a}1`, `${a}2`, `${b}1`, `${b}2`]);
    const [row] = await db.owner`select distinct expires_at from streams`;
    expect(row?.expires_at).toEqual(new Date('2026-05-04T11:01:00Z'));
  });
});
