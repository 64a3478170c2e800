/** Migrations: once each, whoever runs them and however many at once; no story but the files' own is accepted. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertSchema, migrate, pendingMigrations, readMigrations } from '../../services/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const run = promisify(execFile);
let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase('template0');
});
afterEach(() => db.drop());

describe('migrations', () => {
  test('M1: the first three bear the names of the guide', async () => {
    const names = (await readMigrations()).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual([
      '001_create_user_email_addresses.sql',
      '002_create_email_otp_verifications.sql',
      '003_create_triggers.sql',
    ]);
  });

  test('twenty at once apply each file once, and none fails', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => migrate(db.ownerUrl)));
    const names = (await readMigrations()).map(({ name }) => name);
    expect(all.flat().toSorted()).toEqual(names);
    const ledger = await db.owner`select name from schema_migrations order by number`;
    expect(ledger.map((row) => row.name)).toEqual(names);
  });

  test('M2: a second run applies nothing and changes nothing', async () => {
    await migrate(db.ownerUrl);
    const before = await db.owner`select * from schema_migrations order by number`;
    expect(await migrate(db.ownerUrl)).toEqual([]);
    expect(await db.owner`select * from schema_migrations order by number`).toEqual(before);
  });

  test('an edited file, a missing file and a file that comes too late are refused by name', async () => {
    const files = await readMigrations();
    const done = files.map(({ number, name, checksum, breaking }) => ({ number, name, checksum, breaking }));
    expect(pendingMigrations(files, done)).toEqual([]);
    const edited = done.map((one) => (one.number === 2 ? { ...one, checksum: 'another' } : one));
    expect(() => pendingMigrations(files, edited)).toThrow(/^002_.*never edited/);
    expect(pendingMigrations(files.slice(0, -1), done)).toEqual([]);
    const breaking = done.map((one, n) => ({ ...one, breaking: n === done.length - 1 }));
    expect(() => pendingMigrations(files.slice(0, -1), breaking)).toThrow(/newer than this program/);
    const older = files.filter(({ number }) => number !== 2);
    expect(() => pendingMigrations(older, done)).toThrow(/newer than this program/);
    const gap = done.filter(({ number }) => number !== 3);
    expect(() => pendingMigrations(files, gap)).toThrow(/^003_/);
  });

  test('a program starts only on its schema, or on a newer one that does not break it', async () => {
    const sql = postgres(db.ownerUrl, { max: 1, fetch_types: false });
    await expect(assertSchema(sql)).rejects.toThrow(/lacks 001_.*run "sealpost migrate"/);
    await migrate(db.ownerUrl);
    await expect(assertSchema(sql)).resolves.toBeUndefined();
    await sql`insert into schema_migrations values (900, '900_later.sql', 'x', false)`;
    await expect(assertSchema(sql)).resolves.toBeUndefined();
    await sql`insert into schema_migrations values (901, '901_breaking.sql', 'x', true)`;
    await expect(assertSchema(sql)).rejects.toThrow(/901_breaking\.sql/);
    await sql.end();
  });

  test('a failure ends the command with another code than 0, and nothing of the file is kept', async () => {
    await db.owner`create table streams (id integer)`;
    const environment = { PATH: process.env.PATH ?? '', DATABASE_URL: db.ownerUrl, SEALPOST_DATA: '/nonexistent' };
    const failed = run(process.execPath, ['services/cli/main.ts', 'migrate'], { env: environment });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('004_create_event_log.sql failed'),
    });
    const [row] =
      await db.owner`select to_regclass('events') as events, (select max(number) from schema_migrations) as last`;
    expect(row).toEqual({ events: null, last: 3 });
    await db.owner`drop table streams`;
    const { stdout } = await run(process.execPath, ['services/cli/main.ts', 'migrate'], { env: environment });
    expect(stdout).toContain(`Applied ${(await readMigrations()).length - 3} migrations.`);
  });

  test('a file outside a transaction that fails is not written down, and the next run has it again', async () => {
    await db.owner.unsafe(`
      create function refuse() returns event_trigger language plpgsql as $$
        begin if current_query() like '%idx_email_otp_purpose_created%' then raise 'no room'; end if; end $$;
      create event trigger refuse on ddl_command_start when tag in ('CREATE INDEX') execute function refuse();
    `);
    await expect(migrate(db.ownerUrl)).rejects.toThrow(/^006_index_open_codes_by_purpose\.sql failed/);
    expect(await db.owner`select max(number) as last from schema_migrations`).toEqual([{ last: 5 }]);
    await db.owner`drop event trigger refuse`;
    expect((await migrate(db.ownerUrl))[0]).toBe('006_index_open_codes_by_purpose.sql');
    expect(await db.owner`select to_regclass('idx_email_otp_purpose_created') is not null as there`).toEqual([
      { there: true },
    ]);
  });
});
