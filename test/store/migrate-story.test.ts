/** What a migration leaves: the ledger of the very files, one migrator at a time, and no table of another system touched. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  type Migration,
  migrate,
  pendingMigrations,
  readMigrations,
  unappliedMigrations,
} from '../../services/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** The files as they were applied, each by the beginning of its SHA-256. They are never edited. */
const files = [
  '001_create_user_email_addresses.sql 94f21a58aa08',
  '002_create_email_otp_verifications.sql 288a0a7331c4',
  '003_create_triggers.sql 48555e3a1745',
  '004_create_event_log.sql e70e749649fa',
  '005_create_email_verification_stats.sql f294834c836c',
  '006_index_open_codes_by_purpose.sql af8905e3eff7',
  '007_grant_least_rights.sql 90f627b28066',
  '008_index_suppressed_streams.sql 0d66d418c95d',
  '009_create_accounts.sql aed650243b71',
  '010_create_allowances.sql 842a90453445',
  '011_create_erasure.sql 7b17ca7a2f3d',
  '012_create_import.sql b1bfc6056c66',
  '013_count_unsure_mails.sql ac199c0f51c4',
  '014_keep_answers_without_events.sql b6a314ef5da9',
  '015_create_cleanup_marks.sql 722e4fb3c014',
];
const names = files.map((file) => file.split(' ')[0] ?? '');

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase('template0');
});
afterEach(() => db.drop());

const tables = async () =>
  (await db.owner`select relname from pg_class where relnamespace = 'public'::regnamespace`).map(
    ({ relname }) => relname as string,
  );

test('an applied migration is the file it was; one is outside a transaction, none breaks', async () => {
  const read = await readMigrations();
  const known = read.slice(0, files.length);
  expect(known.map(({ name, checksum }) => `${name} ${checksum.slice(0, 12)}`)).toEqual(files);
  expect(known.map(({ number }) => number)).toEqual(files.map((_, index) => index + 1));
  expect(known.filter(({ transactional }) => !transactional).map(({ number }) => number)).toEqual([6]);
  expect(known.filter(({ breaking }) => breaking)).toEqual([]);
});

test('a copy with the line ends of Windows is the same files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const read = await readMigrations();
  for (const { name, text } of read) await writeFile(join(folder, name), text.replaceAll('\n', '\r\n'));
  await writeFile(join(folder, 'schema.sql'), 'not one of them');
  expect(await readMigrations(folder)).toEqual(read);
});

test('to look is to change nothing; to migrate is to say each file in order and to write it down', async () => {
  expect((await unappliedMigrations(db.ownerUrl)).map(({ name }) => name).slice(0, files.length)).toEqual(names);
  expect(await tables()).toEqual([]);
  const said: string[] = [];
  const applied = await migrate(db.ownerUrl, (line) => said.push(line));
  expect(applied.slice(0, files.length)).toEqual(names);
  expect(said.filter((line) => line.startsWith('Running'))).toEqual(applied.map((name) => `Running ${name}`));
  const ledger =
    await db.owner`select number, name, left(checksum, 12) as checksum, breaking from schema_migrations order by 1`;
  expect(
    ledger
      .slice(0, files.length)
      .map(({ number, name, checksum, breaking }) => [number, `${name} ${checksum}`, breaking]),
  ).toEqual(files.map((file, index) => [index + 1, file, false]));
  expect(await unappliedMigrations(db.ownerUrl)).toEqual([]);
});

test('a database with the tables of another system is refused, and nothing is made there', async () => {
  await db.owner`create table user_email_addresses (id serial primary key, email_address text)`;
  await db.owner`insert into user_email_addresses (email_address) values ('a@example.com')`;
  const before = await tables();
  await expect(migrate(db.ownerUrl)).rejects.toThrow(
    /^This database has the tables of another system: give Sealpost a new one/,
  );
  expect(await tables()).toEqual(before);
  expect(await db.owner`select email_address from user_email_addresses`).toEqual([{ email_address: 'a@example.com' }]);
});

test('while another migrates, a migrator touches nothing and waits in no statement; then it takes its turn', async () => {
  const other = postgres(db.ownerUrl, { max: 1, fetch_types: false });
  await other`select pg_advisory_lock(7325768001)`;
  const migrated = migrate(db.ownerUrl);
  const asking = async () =>
    (
      await db.owner`select state from pg_stat_activity
      where datname = current_database() and query like '%pg_try_advisory_lock%' and query not like '%pg_stat_activity%'`
    ).map(({ state }) => state as string);
  await expect.poll(asking).toEqual(['idle']);
  expect(await tables()).toEqual([]);
  expect(await db.owner`select from pg_locks where not granted and locktype = 'advisory'`).toHaveLength(0);
  await other.end();
  expect((await migrated).slice(0, files.length)).toEqual(names);
});

test('nothing is left of the migrator: no session and no lock', async () => {
  await migrate(db.ownerUrl);
  const left = () => db.owner`select from pg_locks where locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())`;
  await expect.poll(left).toHaveLength(0);
});

const file = (number: number, more: Partial<Migration> = {}): Migration => ({
  number,
  name: `${number}.sql`,
  text: '',
  checksum: `c${number}`,
  transactional: true,
  breaking: false,
  ...more,
});
const done = (number: number, breaking = false) => ({
  number,
  name: `${number}.sql`,
  checksum: `c${number}`,
  breaking,
});
const pending = (...of: Parameters<typeof pendingMigrations>) => pendingMigrations(...of).map(({ number }) => number);

describe('the files beside the ledger', () => {
  test('what is missing at the end is pending, in order', () => {
    expect(pending([file(1), file(2), file(3)], [])).toEqual([1, 2, 3]);
    expect(pending([file(1), file(2), file(3)], [done(1)])).toEqual([2, 3]);
    expect(pending([], [])).toEqual([]);
  });

  test.each([
    ['a later one that breaks nothing is let be', [file(1)], [done(1), done(2)], undefined],
    ['a later one that breaks is refused', [file(1)], [done(1), done(2, true)], /newer than this program \(2\.sql\)/],
    ['an earlier one without its file is refused', [file(2)], [done(1), done(2)], /newer than this program \(1\.sql\)/],
    [
      'one whose text is another is refused',
      [file(1, { checksum: 'd1' })],
      [done(1)],
      /^1\.sql is not the file that was applied/,
    ],
    ['one before the last that is applied is refused', [file(1), file(2)], [done(2)], /^1\.sql comes before 2\.sql/],
    [
      'one before a later one that is unknown is refused',
      [file(1), file(2)],
      [done(1), done(3)],
      /^2\.sql comes before 3\.sql/,
    ],
  ])('%s', (_name, known, ledger, refused) => {
    if (refused) expect(() => pending(known, ledger)).toThrow(refused);
    else expect(pending(known, ledger)).toEqual([]);
  });
});
