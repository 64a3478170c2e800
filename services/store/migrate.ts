/** Brings a database to this program's schema: numbered files, each once, each in a transaction, one migrator at a time. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { Sql } from './database.ts';
import { dropInvalid } from './invalid-indexes.ts';
import { driverOptions } from './driver.ts';

const migrationsFolder = join(import.meta.dirname, '../../migrations');

export type Migration = Readonly<{
  number: number;
  name: string;
  text: string;
  checksum: string;
  /** `-- migrate: no-transaction`, for CREATE INDEX CONCURRENTLY. */
  transactional: boolean;
  /** `-- migrate: breaking`: a program that does not know this file must not run on its schema. */
  breaking: boolean;
}>;

type Applied = { number: number; name: string; checksum: string; breaking: boolean };
type Connection = postgres.Sql;

/** What stands between this program and this database, in a sentence that says what to do. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
}

const LOCK = 7_325_768_001;
const LOCK_WAIT_MILLISECONDS = 120_000;

/** May have been in vain on this server, and a dump leaves out what they make: they are run each time, quietly. */
const REPEATED: ReadonlySet<number> = new Set([23]);

/** Applies what is missing and returns the names applied. Safe to run twice and by many at once; throws on any failure. */
export async function migrate(url: string, say: (line: string) => void = () => {}): Promise<readonly string[]> {
  let repeating = false;
  const notice = noticeTo((line) => (repeating ? undefined : say(line)));
  const sql = postgres({ ...driverOptions(url), max: 1, fetch_types: false, onnotice: notice });
  try {
    await lock(sql);
    const migrations = await readMigrations();
    await refuseForeignTables(sql);
    const pending = pendingMigrations(migrations, await readApplied(sql));
    for (const migration of pending) {
      say(`Running ${migration.name}`);
      await apply(sql, migration);
    }
    repeating = true;
    for (const { number, text } of migrations) if (REPEATED.has(number)) await sql.unsafe(text).simple();
    return pending.map(({ name }) => name);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

// That the ledger is there already (42P07) is no news.
function noticeTo(say: (line: string) => void) {
  return ({ code, message }: postgres.Notice): void => {
    if (code !== '42P07') say(`  ${message}`);
  };
}

/** What migrate would apply, oldest first; applies and makes nothing. Throws as migrate does. */
export async function unappliedMigrations(url: string): Promise<readonly Migration[]> {
  const sql = postgres({ ...driverOptions(url), max: 1, fetch_types: false });
  try {
    return pendingMigrations(await readMigrations(), await ledgerOf(sql));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Refuses a database that lacks migrations, or has breaking ones that this program does not know. */
export async function assertSchema(sql: Sql): Promise<void> {
  const done = await ledgerOf(sql);
  const known = await readMigrations();
  const missing = known.filter(({ number }) => !done.some((one) => one.number === number));
  if (missing.length > 0) {
    throw new SchemaMismatch(
      `The database lacks ${missing.map(({ name }) => name).join(', ')}: run "sealpost migrate".`,
    );
  }
  const breaking = done.filter((one) => one.breaking && !known.some(({ number }) => number === one.number));
  if (breaking.length > 0) {
    throw new SchemaMismatch(`The database is newer than this program (${breaking[0]?.name}): run a newer Sealpost.`);
  }
}

/** The newest migration of a database; undefined where it is not of a Sealpost. */
export async function newestApplied(sql: Sql): Promise<Pick<Migration, 'number' | 'name'> | undefined> {
  const last = (await ledgerOf(sql)).at(-1);
  return last && { number: last.number, name: last.name };
}

export async function readMigrations(folder: string = migrationsFolder): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{3}_.+\.sql$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return {
        number: Number(name.slice(0, 3)),
        name,
        text,
        checksum: createHash('sha256').update(text).digest('hex'),
        transactional: !text.includes('-- migrate: no-transaction'),
        breaking: text.includes('-- migrate: breaking'),
      };
    }),
  );
}

/**
 * Those not yet applied. Throws where the ledger and the files tell different stories. A later migration that breaks
 * nothing may be there: that is how a program goes back to the version before.
 */
export function pendingMigrations(files: readonly Migration[], done: readonly Applied[]): readonly Migration[] {
  const newest = files.at(-1)?.number ?? 0;
  for (const { number, name, checksum, breaking } of done) {
    const file = files.find((one) => one.number === number);
    if (!file && number > newest && !breaking) continue;
    if (!file) throw new SchemaMismatch(`The database is newer than this program (${name}): run a newer Sealpost.`);
    if (file.checksum !== checksum) {
      throw new SchemaMismatch(`${file.name} is not the file that was applied: an applied migration is never edited.`);
    }
  }
  const last = done.at(-1)?.number ?? 0;
  const pending = files.filter(({ number }) => !done.some((one) => one.number === number));
  const late = pending.find(({ number }) => number < last);
  if (late) throw new SchemaMismatch(`${late.name} comes before ${done.at(-1)?.name}, which is applied already.`);
  return pending;
}

// Polled, because a session that waits inside a statement would hold up CREATE INDEX CONCURRENTLY for ever.
async function lock(sql: Connection): Promise<void> {
  const deadline = performance.now() + LOCK_WAIT_MILLISECONDS;
  for (;;) {
    const [row] = await sql<[{ locked: boolean }]>`select pg_try_advisory_lock(${LOCK}::bigint) as locked`;
    if (row.locked) return;
    if (performance.now() > deadline) throw new SchemaMismatch('Another migration has been running for two minutes.');
    await sleep(100);
  }
}

async function readApplied(sql: Sql): Promise<readonly Applied[]> {
  await sql`
    create table if not exists schema_migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      breaking boolean not null,
      applied_at timestamptz not null default now()
    )
  `;
  return readLedger(sql);
}

async function ledgerOf(sql: Sql): Promise<Applied[]> {
  const [ledger] = await sql<[{ there: boolean }]>`select to_regclass('schema_migrations') is not null as there`;
  return ledger.there ? readLedger(sql) : [];
}

async function refuseForeignTables(sql: Connection): Promise<void> {
  const [row] = await sql<[{ foreign: boolean }]>`
    select to_regclass('schema_migrations') is null and to_regclass('user_email_addresses') is not null as foreign
  `;
  if (!row.foreign) return;
  throw new SchemaMismatch(
    'This database has the tables of another system: give Sealpost a new one, and bring them over with "sealpost import --from".',
  );
}

function readLedger(sql: Sql): Promise<Applied[]> {
  return sql<Applied[]>`select number, name, checksum, breaking from schema_migrations order by number`;
}

async function apply(
  sql: Connection,
  { number, name, text, checksum, transactional, breaking }: Migration,
): Promise<void> {
  try {
    if (!transactional) {
      await dropInvalid(sql, text);
      await sql.unsafe(text).simple();
      await sql`insert into schema_migrations ${sql({ number, name, checksum, breaking })}`;
      return;
    }
    await sql.begin(async (transaction) => {
      await transaction.unsafe(text).simple();
      await transaction`insert into schema_migrations ${transaction({ number, name, checksum, breaking })}`;
    });
  } catch (error) {
    throw new Error(`${name} failed and none of it was kept: ${(error as Error).message}`, { cause: error });
  }
}
