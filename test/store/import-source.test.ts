/** The guide's tables as they are read for an import: pages by id, moments by zone, gaps filled, the code itself never. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ImportSource, openImportSource } from '../../services/store/import-source.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createGuideDatabase } from '../support/guide-tables.ts';

let guide: TestDatabase;
let own: TestDatabase;
beforeAll(async () => {
  [guide, own] = await Promise.all([createGuideDatabase(), createTestDatabase()]);
  await guide.owner.unsafe(`
    insert into user_email_addresses
      (id, user_id, email_address, is_verified, verified_at, purpose, verification_method, created_at, updated_at)
    values
      (30, '${user(3)}', 'c@example.com', null, null, null, null, null, null),
      (10, '${user(1)}', 'A@example.com', true, '2026-01-03 12:00:00.125', 'business', 'otp', '2026-01-01 12:00', '2026-07-01 12:00'),
      (20, '${user(2)}', 'b@example.com', false, null, 'driver', 'registration', '2026-01-02 12:00', '2026-01-02 12:00');
    insert into email_otp_verifications
      (id, user_id, email, otp, purpose, verified, verified_at, expires_at, attempts, max_attempts, created_at, updated_at)
    values
      ('${user(5)}', '${user(1)}', 'b@example.com', '482913', null, null, null, '2026-01-01 12:10', null, null, null, null),
      ('${user(4)}', '${user(1)}', 'a@example.com', '482913', 'business', true, '2026-01-01 12:05', '2026-07-01 12:10', 2, 5,
        '2026-01-01 12:00', '2026-01-01 12:05')
  `);
});
afterAll(() => Promise.all([guide.drop(), own.drop()]));

async function reading<T>(timeZone: string | undefined, read: (source: ImportSource) => Promise<T>): Promise<T> {
  const source = await openImportSource(guide.ownerUrl, timeZone);
  try {
    return await read(source);
  } finally {
    await source.close();
  }
}

const utc = (moment: string) => Date.parse(`2026-${moment}Z`);

describe('addresses', () => {
  test('by id, after the last address and as many as asked for', async () => {
    await reading('UTC', async (source) => {
      expect([source.addresses, source.codes, source.timeZone]).toEqual([3, 2, 'UTC']);
      const ids = async (after: number, limit: number) =>
        (await source.addressesAfter(after, limit)).map(({ id }) => id);
      expect([await ids(0, 2), await ids(20, 2), await ids(19, 9), await ids(30, 2)]).toEqual([
        [10, 20],
        [30],
        [20, 30],
        [],
      ]);
    });
  });

  test('each to the letter, and what it does not say is not made up', async () => {
    const [first, , last] = await reading('UTC', (source) => source.addressesAfter(0, 9));
    expect(first).toEqual({
      id: 10,
      user_id: user(1),
      email: 'A@example.com',
      verified: true,
      verified_at: utc('01-03T12:00:00.125'),
      purpose: 'business',
      method: 'otp',
      created_at: utc('01-01T12:00'),
      updated_at: utc('07-01T12:00'),
    });
    expect(last).toEqual({
      id: 30,
      user_id: user(3),
      email: 'c@example.com',
      verified: false,
      verified_at: null,
      purpose: null,
      method: null,
      created_at: null,
      updated_at: null,
    });
  });
});

describe('codes', () => {
  test('by id, after the last code and as many as asked for', async () => {
    await reading('UTC', async (source) => {
      const ids = async (after: string, limit: number) => (await source.codesAfter(after, limit)).map(({ id }) => id);
      expect([await ids(user(0), 1), await ids(user(4), 1), await ids(user(5), 1)]).toEqual([[user(4)], [user(5)], []]);
    });
  });

  test('each to the letter but for the code itself, with the guide’s own defaults', async () => {
    const rows = await reading('UTC', (source) => source.codesAfter(user(0), 9));
    expect(rows).toEqual([
      {
        id: user(4),
        user_id: user(1),
        email: 'a@example.com',
        purpose: 'business',
        verified: true,
        verified_at: utc('01-01T12:05'),
        expires_at: utc('07-01T12:10'),
        attempts: 2,
        max_attempts: 5,
        created_at: utc('01-01T12:00'),
        updated_at: utc('01-01T12:05'),
      },
      {
        id: user(5),
        user_id: user(1),
        email: 'b@example.com',
        purpose: null,
        verified: false,
        verified_at: null,
        expires_at: utc('01-01T12:10'),
        attempts: 0,
        max_attempts: 3,
        created_at: null,
        updated_at: null,
      },
    ]);
    expect(JSON.stringify(rows)).not.toContain('482913');
  });
});

describe('times', () => {
  test('without a zone are read in the one that is named, with its summer; without a name in the server’s own', async () => {
    const [inBerlin] = await reading('Europe/Berlin', (source) => source.addressesAfter(0, 1));
    expect([inBerlin?.created_at, inBerlin?.updated_at]).toEqual([utc('01-01T11:00'), utc('07-01T10:00')]);
    await guide.owner.unsafe(
      `alter database ${(await guide.owner`select current_database() as name`)[0]?.name} set timezone = 'Asia/Tokyo'`,
    );
    expect(await reading(undefined, (source) => Promise.resolve(source.timeZone))).toBe('Asia/Tokyo');
    const [inTokyo] = await reading(undefined, (source) => source.codesAfter(user(0), 1));
    expect([inTokyo?.created_at, inTokyo?.expires_at]).toEqual([utc('01-01T03:00'), utc('07-01T03:10')]);
  });

  test('with a zone of their own are what they are, whatever is named', async () => {
    await guide.owner.unsafe(`alter table user_email_addresses
      alter column created_at type timestamptz using created_at at time zone 'America/New_York'`);
    for (const zone of ['UTC', 'Asia/Tokyo']) {
      const [first] = await reading(zone, (source) => source.addressesAfter(0, 1));
      expect(first?.created_at).toBe(utc('01-01T17:00'));
    }
  });
});

/** Sessions that an opening left behind. */
const sessions = async (db: TestDatabase) =>
  (
    await db.owner`select from pg_stat_activity
      where datname = current_database() and query not like '%pg_stat_activity%'
      and (query like '%reset_val%' or query like '%at time zone%')`
  ).length;

test.each(['events', 'schema_migrations'])(
  'a system that has a table %s of its own is read like another',
  async (table) => {
    await guide.owner.unsafe(`create table ${table} (id integer)`);
    expect(await reading('UTC', async (source) => source.addresses)).toBe(3);
    await guide.owner.unsafe(`drop table ${table}`);
  },
);

describe('refused, and its connections closed', () => {
  test('a database of Sealpost, one without the tables, and a zone that is none', async () => {
    await expect(openImportSource(own.ownerUrl)).rejects.toThrow('--from is a database of Sealpost');
    for (const zone of ['Mars/Olympus', 'Olympus', 'ABC+3', '+03:00', "UTC'", '']) {
      await expect(openImportSource(guide.ownerUrl, zone), zone).rejects.toThrow('--time-zone: must be a name such as');
    }
    await guide.owner`alter table email_otp_verifications rename to elsewhere`;
    await expect(openImportSource(guide.ownerUrl)).rejects.toThrow('--from has no tables user_email_addresses and');
    await guide.owner`alter table elsewhere rename to email_otp_verifications`;
    await expect.poll(async () => [await sessions(own), await sessions(guide)]).toEqual([0, 0]);
  });
});
