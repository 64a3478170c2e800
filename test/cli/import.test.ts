/** Coming from the guide's system: its two tables come over as events, what cannot come is named, and twice adds nothing. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asOf } from '../../services/core/as-of.ts';
import { migrate } from '../../services/store/migrate.ts';
import { readRecorded, readState } from '../../services/store/queries.ts';
import { rebuild } from '../../services/store/rebuild.ts';
import { JWT_SECRET, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createGuideDatabase } from '../support/guide-tables.ts';
import { guessOf, handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'sealpost-import-'));
const report = join(folder, 'left-out.jsonl');
const same = { streams: 0, user_email_addresses: 0, email_otp_verifications: 0 };
const secret = '482913';

let source: TestDatabase;
let db: TestDatabase;
beforeAll(async () => {
  [source, db] = await Promise.all([createGuideDatabase(), createTestDatabase()]);
  await source.owner.unsafe(`
    insert into user_email_addresses
      (user_id, email_address, is_verified, verified_at, purpose, verification_method, created_at, updated_at)
    values
      ('${user(1)}', 'Anna@Example.com', true, '2025-03-03 12:00', 'business', 'otp', '2025-03-01 08:00', '2025-03-03 12:00'),
      ('${user(1)}', 'anna@example.com', false, null, 'business', 'otp', '2025-03-02 08:00', '2025-03-02 08:00'),
      ('${user(2)}', 'reg@example.com', true, null, 'verification', 'signup', '2025-01-01', '2025-01-02'),
      ('${user(3)}', 'open@bücher.example', false, null, 'driver', 'otp', '2025-02-01', '2025-02-01'),
      ('${user(4)}', 'two@example.com,three@example.com', true, '2025-01-01', 'verification', 'otp', '2025-01-01', '2025-01-01'),
      ('${user(5)}', 'not an address', false, null, 'verification', 'otp', '2025-01-01', '2025-01-01'),
      ('${user(6)}', 'endless@example.com', false, null, 'verification', 'otp', '2025-01-01', 'infinity')
  `);
  await source.owner.unsafe(`
    insert into email_otp_verifications (id, user_id, email, otp, purpose, verified, verified_at, expires_at, attempts, created_at)
    values
      ('${user(101)}', '${user(1)}', 'Anna@Example.com', '${secret}', 'business', true, now() at time zone 'UTC' - interval '1 day',
        now() at time zone 'UTC' - interval '1 day', 1, now() at time zone 'UTC' - interval '1 day'),
      ('${user(102)}', '${user(3)}', 'open@bücher.example', '${secret}', 'driver', false, null,
        now() at time zone 'UTC' + interval '10 minutes', 0, now() at time zone 'UTC'),
      ('${user(103)}', '${user(5)}', 'broken@', '${secret}', 'driver', false, null, '2025-01-01', 0, '2025-01-01')
  `);
});
afterAll(async () => {
  await Promise.all([source.drop(), db.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

function sealpost(args: readonly string[], more: Record<string, string> = {}) {
  const env = { ...process.env, DATABASE_URL: db.url, JWT_SECRET, SEALPOST_DATA: folder, ...more };
  return run(process.execPath, ['services/cli/main.ts', ...args], { env });
}

const importFrom = (...more: readonly string[]) =>
  sealpost(['import', '--from', source.ownerUrl, '--time-zone', 'UTC', ...more]);

const eventsCounted = async () => (await db.owner`select count(*)::int as n from events`)[0]?.n as number;

const rows = () => db.owner`
  select user_id, email_address, is_verified, verified_at, purpose, verification_method, created_at
  from user_email_addresses order by user_id
`;

describe('import', () => {
  test('brings over what can come, and says by id what was left out and why', async () => {
    const { stdout } = await importFrom('--report', report);
    expect(stdout).toContain('7 addresses and 3 codes; times without a zone are UTC.');
    expect(stdout).toContain('user_email_addresses: 3 imported, 1 there already, 3 left out');
    expect(stdout).toContain(
      'left out 2: email must be exactly one address, with one @, such as a@example.com (id 5, 6)',
    );
    expect(stdout).toContain(`email_otp_verifications: 2 imported, 0 there already, 1 left out`);
    const lines = readFileSync(report, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      { table: 'user_email_addresses', reason: expect.any(String), id: 5 },
      { table: 'user_email_addresses', reason: expect.any(String), id: 6 },
      { table: 'user_email_addresses', reason: 'a time is outside the range of dates', id: 7 },
      { table: 'email_otp_verifications', reason: expect.any(String), id: user(103) },
    ]);
    expect(stdout).not.toMatch(/anna|two@|broken/i);
    expect(await rows()).toEqual([
      {
        user_id: user(1),
        email_address: 'anna@example.com',
        is_verified: true,
        verified_at: new Date('2025-03-03T12:00:00Z'),
        purpose: 'business',
        verification_method: 'otp',
        created_at: new Date('2025-03-01T08:00:00Z'),
      },
      {
        user_id: user(2),
        email_address: 'reg@example.com',
        is_verified: true,
        verified_at: new Date('2025-01-02T00:00:00Z'),
        purpose: 'verification',
        verification_method: 'registration',
        created_at: new Date('2025-01-01T00:00:00Z'),
      },
      {
        user_id: user(3),
        email_address: 'open@xn--bcher-kva.example',
        is_verified: false,
        verified_at: null,
        purpose: 'driver',
        verification_method: 'otp',
        created_at: new Date('2025-02-01T00:00:00Z'),
      },
    ]);
  });

  test('twice adds nothing, and what came new in between comes', async () => {
    const before = await eventsCounted();
    const { stdout } = await importFrom();
    expect(stdout).toContain('user_email_addresses: 0 imported, 4 there already, 3 left out');
    expect(stdout).toContain('email_otp_verifications: 0 imported, 2 there already, 1 left out');
    expect(await eventsCounted()).toBe(before);
    await source.owner.unsafe(
      `insert into user_email_addresses (user_id, email_address) values ('${user(9)}', 'new@example.com')`,
    );
    expect((await importFrom()).stdout).toContain('user_email_addresses: 1 imported, 4 there already');
    expect(await eventsCounted()).toBe(before + 1);
  });

  test('what is verified there by now becomes verified here: a change of today, whatever the time of the old row', async () => {
    const one = source.owner({ user_id: user(11), email_address: 'later@example.com', updated_at: '2025-03-01 08:00' });
    await source.owner`insert into user_email_addresses ${one}`;
    await importFrom();
    const row = async () => (await db.owner`select * from user_email_addresses where user_id = ${user(11)}`)[0];
    const before = await row();
    const now = source.owner({ is_verified: true, verified_at: '2025-02-28 07:00' });
    await source.owner`update user_email_addresses set ${now} where user_id = ${user(11)}`;
    await importFrom();
    const [event] = await db.owner`select at from events where stream_id = 'later@example.com' order by version desc`;
    const after = { is_verified: true, verified_at: new Date('2025-02-28T07:00:00Z'), updated_at: event?.at };
    expect(await row()).toEqual({ ...before, ...after });
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  });

  test('no code comes over, no imported code can be typed, and the tables are what the log says', async () => {
    const open = addressOf('open@bücher.example');
    const [row] =
      await db.owner`select otp, attempts, max_attempts from email_otp_verifications where id = ${user(101)}`;
    expect(row).toEqual({ otp: 'imported', attempts: 1, max_attempts: 3 });
    const all =
      await db.owner`select events::text as text from events union all select c::text from email_otp_verifications c`;
    expect(all.filter(({ text }) => String(text).includes(secret))).toEqual([]);
    const handler = handlerOn(db.sql);
    for (const otpId of [user(102), undefined]) {
      expect(await handler.handle(guessOf(open, user(3), secret, otpId))).toMatchObject({
        kind: 'rejected',
        rejection: { code: 'otp_unknown' },
      });
    }
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  });

  test('a user who was verified there is not asked again, and status at a moment knows since when', async () => {
    const anna = addressOf('anna@example.com');
    const before = await eventsCounted();
    expect(await handlerOn(db.sql).handle(requestOf(anna, user(1)))).toEqual({
      kind: 'unchanged',
      because: 'already-verified',
    });
    expect(await eventsCounted()).toBe(before);
    const events = await readRecorded(db.sql, anna);
    const verifiedAt = (date: string) => asOf(events, Date.parse(date), user(1)).because?.type;
    expect([verifiedAt('2025-03-03T11:59:59Z'), verifiedAt('2025-03-03T12:00:00Z')]).toEqual([undefined, 'imported']);
    expect((await readState(db.sql, anna))?.codes).toEqual([]);
  });

  test('D10: the view counts imported codes of the last 30 days on their own day', async () => {
    const view =
      await db.sql`select purpose, total_attempts, successful_verifications from email_verification_stats order by purpose`;
    expect(view).toEqual([
      { purpose: 'business', total_attempts: 1, successful_verifications: 1 },
      { purpose: 'driver', total_attempts: 1, successful_verifications: 0 },
    ]);
  });

  test('what is no source is refused in a sentence: Sealpost’s own, an empty one, a zone that is none', async () => {
    const before = await eventsCounted();
    const empty = await createTestDatabase('template0');
    await expect(sealpost(['import', '--from', db.ownerUrl])).rejects.toThrow(/made from its log/);
    await expect(sealpost(['import', '--from', empty.ownerUrl])).rejects.toThrow(/has no tables user_email_addresses/);
    await expect(importFrom('--time-zone', 'Mars/Olympus')).rejects.toThrow(/Europe\/Berlin/);
    expect(await eventsCounted()).toBe(before);
    // Nor may migrate run over that system's tables.
    await expect(migrate(source.ownerUrl)).rejects.toThrow(/tables of another system.*sealpost import/);
    await empty.drop();
  });
});
