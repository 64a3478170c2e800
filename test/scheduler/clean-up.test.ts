/** MA4, MA8: the guide's clean-up takes rows of the read tables beyond its boundary, and nothing from the log. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { cleanUpAddresses, cleanUpCodes } from '../../services/store/retention.ts';
import { compareDrawnRows } from '../../services/scheduler/jobs/compare-sample.ts';
import { expireCodes } from '../../services/scheduler/jobs/expire-codes.ts';
import { rebuild } from '../../services/store/rebuild.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { codeOf, guessOf, handlerOn, requestOf, unstopped } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

const DAY = 86_400;
const TTL = 600;
const same = { streams: 0, user_email_addresses: 0, email_otp_verifications: 0 };

let db: TestDatabase;
let eventsBefore: number;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => db.setClockAhead(0));

async function request(name: string, userId = user(1)): Promise<void> {
  await handlerOn(db.sql).handle(requestOf(addressOf(`${name}@example.com`), userId));
}

async function verify(name: string): Promise<void> {
  const address = addressOf(`${name}@example.com`);
  await handlerOn(db.sql).handle(guessOf(address, user(1), await codeOf(db.sql, address, user(1))));
}

const codes = async () =>
  (await db.owner`select email from email_otp_verifications order by email`).map(
    ({ email }) => String(email).split('@')[0],
  );
const emails = async () =>
  (await db.owner`select email_address from user_email_addresses order by 1`).map(
    (row) => String(row.email_address).split('@')[0],
  );
const eventsCounted = async () => (await db.owner`select count(*)::int as n from events`)[0]?.n as number;

describe('the weekly clean-up', () => {
  test('takes codes whose time was over a day ago, a minute beyond and not a minute before; the view keeps its counts', async () => {
    await request('older');
    await db.setClockAhead(120);
    await request('younger');
    await verify('younger');
    eventsBefore = await eventsCounted();
    const view = () => db.owner`select total_attempts, successful_verifications from email_verification_stats`;
    const counted = await view();
    await db.setClockAhead(DAY + TTL + 60);
    expect(await cleanUpCodes(db.sql, unstopped)).toBe(1);
    expect(await codes()).toEqual(['younger']);
    expect(await cleanUpCodes(db.sql, unstopped)).toBe(0);
    expect(await eventsCounted()).toBe(eventsBefore);
    expect(await view()).toEqual(counted);
  });

  test('a rebuild brings nothing back, and the sample finds no difference', async () => {
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
    await rebuild(db.ownerUrl, { check: false });
    expect(await codes()).toEqual(['younger']);
    const metrics = createMetrics('scheduler');
    expect(await compareDrawnRows({ sql: db.sql, metrics })).toBe(0);
    expect((await metrics.rowsDiffering.get()).values[0]?.value).toBe(0);
  });

  test('what happens to a cleaned code later is in the log and makes no row', async () => {
    await db.setClockAhead(DAY + TTL + 60);
    expect(await expireCodes({ signal: unstopped, sql: db.sql, handler: handlerOn(db.sql) })).toBe(1);
    const history = { attempts: 0, attemptsMax: 3, verifiedAt: null, createdAt: 0, updatedAt: 0, expiresAt: 600_000 };
    const old = {
      type: 'import-code' as const,
      address: addressOf('old@example.com'),
      otpId: user(50),
      userId: user(1),
      purpose: 'x',
    };
    expect(await handlerOn(db.sql).handle({ ...old, ...history })).toMatchObject({ kind: 'recorded' });
    expect(await codes()).toEqual(['younger']);
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  });
});

describe('the monthly clean-up', () => {
  const MONTHS = 184 * DAY;

  test('takes unverified addresses unchanged for six months; verified ones and those asked for since stay', async () => {
    await request('stale');
    await request('fresh');
    await request('kept');
    await verify('kept');
    await db.setClockAhead(30 * DAY);
    await request('fresh');
    await db.setClockAhead(MONTHS + 60);
    expect(await cleanUpAddresses(db.sql, unstopped)).toBe(2);
    expect(await emails()).toEqual(['fresh', 'kept', 'younger']);
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  });

  test('an address that was cleaned away is there again when its user asks again', async () => {
    await db.setClockAhead(MONTHS + 120);
    await request('stale');
    expect(await emails()).toContain('stale');
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  });
});

test('a row that is not what the log says shows in the gauge', async () => {
  await db.owner`update user_email_addresses set purpose = 'tampered' where email_address = 'kept@example.com'`;
  const metrics = createMetrics('scheduler');
  await expect.poll(() => compareDrawnRows({ sql: db.sql, metrics })).toBeGreaterThan(0);
  expect((await metrics.rowsDiffering.get()).values[0]?.value).toBeGreaterThan(0);
});
