/** The guide's view: 30 days by UTC day and purpose, each code once, imported ones too, from the log alone. */
import type postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const DAY = 86_400_000;
const MINUTE = 60_000;

type Seed = (type: string, at: number, data?: postgres.JSONValue, stream?: string) => Promise<void>;

/** What the view says after the seeding, which happens at one moment: `today` is its day's first millisecond. */
async function viewAfter(
  seed: (happened: Seed, today: number) => Promise<void>,
  zone = 'UTC',
): Promise<readonly string[]> {
  const seen: string[] = [];
  const undo = new Error('Undone.');
  const done = db.owner.begin(async (sql) => {
    const [clock] = await sql<[{ now: Date }]>`select now() as now`;
    const today = Math.floor(clock.now.getTime() / DAY) * DAY;
    await seed(async (type, at, data = {}, stream = 'a@example.com') => {
      await sql`insert into events (stream_id, version, type, at, data)
        values (${stream}, (select count(*) + 1 from events), ${type}, ${new Date(at)}, ${sql.json(data)})`;
    }, today);
    await sql.unsafe(`set local timezone = '${zone}'`);
    const rows = await sql`select date::text, purpose, total_attempts, successful_verifications, success_rate
      from email_verification_stats`;
    for (const row of rows) {
      const age = (today - Date.parse(String(row.date))) / DAY;
      seen.push(`${age} ${row.purpose} ${row.total_attempts} ${row.successful_verifications} ${row.success_rate}`);
    }
    throw undo;
  });
  await expect(done).rejects.toBe(undo);
  return seen;
}

const asked = (n: number, purpose = 'p', mailing = 1) => ({ otpId: user(n), purpose, mailing });

test('days are UTC whatever the session’s zone, the newest first, and within a day by purpose', async () => {
  for (const zone of ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    const seen = await viewAfter(async (happened, today) => {
      await happened('requested', today - DAY, asked(1));
      await happened('requested', today - 1, asked(2));
      await happened('requested', today, asked(3, 'z'));
      await happened('requested', today, asked(4, 'b'));
      await happened('imported', today, {
        what: 'code',
        otpId: user(5),
        purpose: 'b',
        issuedAt: new Date(today - 1).toISOString(),
      });
    }, zone);
    expect(seen).toEqual(['0 b 1 0 0.00', '0 z 1 0 0.00', '1 b 1 0 0.00', '1 p 2 0 0.00']);
  }
});

test('30 days back and no further, by when a code was made', async () => {
  const seen = await viewAfter(async (happened, today) => {
    await happened('requested', today - 30 * DAY, asked(1));
    await happened('requested', today - 30 * DAY - 1, asked(2));
    const imported = (n: number, at: number) =>
      happened('imported', today, { what: 'code', otpId: user(n), purpose: 'i', issuedAt: new Date(at).toISOString() });
    await imported(3, today - 30 * DAY);
    await imported(4, today - 30 * DAY - 1);
  });
  expect(seen).toEqual(['30 i 1 0 0.00', '30 p 1 0 0.00']);
});

test('a code counts once however often it was mailed, on its own day, as verified only by its own proof', async () => {
  const seen = await viewAfter(async (happened, today) => {
    const yesterday = today - MINUTE;
    await happened('requested', yesterday, asked(1));
    await happened('requested', yesterday + 1, asked(1, 'p', 2));
    await happened('requested', today, asked(1, 'p', 3));
    await happened('verified', today, { otpId: user(1), purpose: 'p' });
    await happened('requested', yesterday, asked(2));
    await happened('requested', yesterday, asked(3));
    for (const type of ['attempted', 'expired', 'sent', 'superseded'])
      await happened(type, yesterday, { otpId: user(2) });
    // Another address's proof of the same otpId is none of this code.
    await happened('verified', yesterday, { otpId: user(3) }, 'b@example.com');
    await happened('asserted', yesterday, asked(4));
  });
  expect(seen).toEqual(['1 p 3 1 33.33']);
});

test('imported codes count with their day and their proof; imported addresses do not', async () => {
  const seen = await viewAfter(async (happened, today) => {
    const code = { what: 'code', purpose: 'p', issuedAt: new Date(today - 3 * DAY).toISOString() };
    await happened('imported', today, { ...code, otpId: user(1), verifiedAt: code.issuedAt });
    await happened('imported', today, { ...code, otpId: user(2), verifiedAt: code.issuedAt });
    await happened('imported', today, { ...code, otpId: user(3), verifiedAt: null });
    await happened('imported', today, { ...code, what: 'address' });
    await happened('requested', today - 3 * DAY, asked(4));
    await happened('requested', today - 3 * DAY, asked(5));
    await happened('requested', today - 3 * DAY, asked(6));
  });
  expect(seen).toEqual(['3 p 6 2 33.33']);
});

test.each([
  [3, 2, '66.67'],
  [7, 1, '14.29'],
  [1, 1, '100.00'],
  [8, 1, '12.50'],
])('of %d codes %d verified are %s per cent', async (total, verified, rate) => {
  const seen = await viewAfter(async (happened, today) => {
    for (let n = 1; n <= total; n++) await happened('requested', today, asked(n));
    for (let n = 1; n <= verified; n++) await happened('verified', today, { otpId: user(n) });
  });
  expect(seen).toEqual([`0 p ${total} ${verified} ${rate}`]);
});
