/** `sealpost migrate`, `rebuild` and `events`: what they print, what they leave alone, and how they end. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { addEvents } from '../../services/cli/events.ts';
import { addMigrate } from '../../services/cli/migrate.ts';
import { addRebuild } from '../../services/cli/rebuild.ts';
import { readMigrations } from '../../services/store/migrate.ts';
import { user } from '../support/api.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { codeOf, guessOf, handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

const email = 'a@example.com';
const address = addressOf(email);

let db: TestDatabase;
let code: string;
beforeAll(async () => {
  db = await createTestDatabase();
  await handlerOn(db.sql).handle(requestOf(address, user(1)));
  code = await codeOf(db.sql, address, user(1));
  await handlerOn(db.sql).handle(guessOf(address, user(1), code));
  await handlerOn(db.sql).handle(requestOf(addressOf('other@example.com'), user(2)));
});
afterAll(() => db.drop());

const migrate = (url: string, ...args: readonly string[]) =>
  runCommand(addMigrate, ['migrate', ...args], { DATABASE_URL: url });

describe('sealpost migrate', () => {
  test('tells what it would apply and applies nothing; applies each by name, once; and twice is no harm', async () => {
    const empty = await createTestDatabase('template0');
    onTestFinished(() => empty.drop());
    const files = await readMigrations();
    const told = await migrate(empty.ownerUrl, '--check');
    // None of them breaks the version before.
    expect(told.stdout.trimEnd().split('\n')).toEqual(files.map(({ name }) => name));
    expect(await empty.owner`select to_regclass('schema_migrations') as ledger`).toEqual([{ ledger: null }]);
    const { code: ended, stdout } = await migrate(empty.ownerUrl);
    const lines = stdout.trimEnd().split('\n');
    expect(ended).toBe(0);
    expect(lines.filter((line) => line.startsWith('Running '))).toEqual(files.map(({ name }) => `Running ${name}`));
    expect(lines.at(-1)).toBe(`Applied ${files.length} migrations.`);
    for (const args of [[], ['--check']]) {
      expect(await migrate(empty.ownerUrl, ...args)).toEqual({
        code: 0,
        stdout: 'The database is up to date.\n',
        stderr: '',
      });
    }
  });

  test('of a database of another story ends with 1, says so, and applies nothing', async () => {
    const other = await createTestDatabase();
    onTestFinished(() => other.drop());
    await other.owner`update schema_migrations set checksum = 'edited' where number = 3`;
    await other.owner`delete from schema_migrations where number = 11`;
    for (const args of [[], ['--check']]) {
      const { code: ended, stdout, stderr } = await migrate(other.ownerUrl, ...args);
      expect([ended, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^003_\S+ is not the file that was applied: an applied migration is never edited\.\n$/);
    }
    expect(await other.owner`select from schema_migrations where number = 11`).toHaveLength(0);
  });

  test('with --login makes the role that the programs log in with, changes its password, and never changes the owner’s own', async () => {
    const role = `login_${db.url.slice(-12)}`;
    onTestFinished(async () => void (await db.owner`drop role if exists ${db.owner(role)}`));
    const url = new URL(db.url);
    url.username = role;
    url.password = 'p%40ss';
    const login = () =>
      runCommand(addMigrate, ['migrate', '--login'], { DATABASE_URL: url.href, DATABASE_ADMIN_URL: db.ownerUrl });
    const exists = async () => (await db.owner`select rolpassword from pg_authid where rolname = ${role}`).length;
    const plain = await runCommand(addMigrate, ['migrate'], {
      DATABASE_URL: url.href,
      DATABASE_ADMIN_URL: db.ownerUrl,
    });
    expect([plain.code, await exists()]).toEqual([0, 0]);
    expect((await login()).code).toBe(0);
    const sql = postgres(url.href, { max: 1, fetch_types: false });
    expect(await sql`select count(*)::int as n from streams`).toEqual([{ n: 2 }]);
    await sql.end();
    const old = url.href;
    url.password = 'another%40';
    expect((await login()).code).toBe(0);
    for (const [href, outcome] of [
      [old, '28P01'],
      [url.href, 'in'],
    ] as const) {
      const again = postgres(href, { max: 1, fetch_types: false });
      expect(
        await again`select 1`.then(
          () => 'in',
          (error: unknown) => (error as { code: string }).code,
        ),
      ).toBe(outcome);
      await again.end();
    }
    const owner = async () => (await db.owner`select rolpassword from pg_authid where rolname = current_user`)[0];
    const before = await owner();
    await migrate(db.ownerUrl, '--login');
    expect(await owner()).toEqual(before);
  });
});

const rebuild = (...args: readonly string[]) =>
  runCommand(addRebuild, ['rebuild', ...args], { DATABASE_URL: db.url, DATABASE_ADMIN_URL: db.ownerUrl });

const counts = (emails: number) =>
  `streams: 0 rows differ\nuser_email_addresses: ${emails} rows differ\nemail_otp_verifications: 0 rows differ\n`;

describe('sealpost rebuild', () => {
  test('with --check ends with 1 on a difference and writes nothing; without it puts things right and ends with 0', async () => {
    const right = { code: 0, stdout: `${counts(0)}The tables match the log.\n`, stderr: '' };
    expect(await rebuild('--check')).toEqual(right);
    await db.owner`update user_email_addresses set purpose = 'tampered' where email_address = ${email}`;
    for (let times = 0; times < 2; times++) {
      expect(await rebuild('--check')).toEqual({ code: 1, stdout: `${counts(1)}Nothing was written.\n`, stderr: '' });
    }
    expect(await rebuild()).toEqual({ code: 0, stdout: `${counts(1)}The tables were rebuilt.\n`, stderr: '' });
    expect(await rebuild('--check')).toEqual(right);
    expect(await db.owner`select from user_email_addresses where purpose = 'tampered'`).toEqual([]);
  });
});

const events = (...args: readonly string[]) => runCommand(addEvents, ['events', ...args], { DATABASE_URL: db.url });

describe('sealpost events', () => {
  test('prints the story of that address alone, in order, however it is written, and no code', async () => {
    const { code: ended, stdout, stderr } = await events('--email', 'A@Example.com');
    expect([ended, stderr]).toEqual([0, '']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(lines.map(([version, , type]) => [version, type])).toEqual([
      ['1', 'requested'],
      ['2', 'verified'],
      ['3', 'send_failed'],
    ]);
    expect(lines[0]?.[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(JSON.parse(lines[0]?.[3] ?? '')).toMatchObject({ userId: user(1), purpose: 'verification' });
    expect(stdout).not.toMatch(new RegExp(`"${code}"|${user(2)}|other@`));
  });

  test('as JSON is an object a line', async () => {
    const { stdout } = await events('--email', email, '--json');
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(found.map(({ version, type }) => [version, type])).toEqual([
      [1, 'requested'],
      [2, 'verified'],
      [3, 'send_failed'],
    ]);
    expect(Object.keys(found[0] ?? {}).toSorted()).toEqual(['at', 'data', 'position', 'type', 'version']);
  });

  test('of an address without a story says so beside the output; of none at all is refused', async () => {
    expect(await events('--email', 'nobody@example.com')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'There are no events for this address.\n',
    });
    expect((await events('--email', 'nobody')).code).toBe(1);
  });
});
