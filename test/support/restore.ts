/** A database of the test's own with a folder of backups, the command that restores it, and what became of the database. */
import postgres from 'postgres';
import { afterEach, beforeEach } from 'vitest';
import { addRestore } from '../../services/cli/restore/command.ts';
import { connect, type Pool } from '../../services/store/database.ts';
import { runCommand } from './command.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { temporaryFolder } from './fake-pg-dump.ts';
import { pathWithPsql } from './loadable-dump.ts';
import { addressOf } from './rules.ts';

export const anna = addressOf('anna@example.com');
export const ben = addressOf('ben@example.com');
export const cleo = addressOf('cleo@example.com');
export const dora = addressOf('dora@example.com');

type Given = Readonly<Record<string, string>>;

export const restoring = {} as {
  db: TestDatabase;
  folder: string;
  /** Connected to none of them. */
  admin: postgres.Sql;
};

/** Makes `restoring` anew for each test of the file. */
export function restoreEachTime(): void {
  beforeEach(async () => {
    restoring.db = await createTestDatabase();
    restoring.folder = temporaryFolder();
    const url = withName(restoring.db.ownerUrl, 'postgres');
    restoring.admin = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  });
  afterEach(async () => {
    const { admin, db } = restoring;
    for (const name of await databases()) {
      if (name !== nameOf(db)) await admin`drop database ${admin(name)} with (force)`;
    }
    await admin.end();
    await db.drop();
  });
}

export const nameOf = ({ url }: TestDatabase): string => new URL(url).pathname.slice(1);

export function withName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** This test's own, whatever a restore has made of it. */
export async function databases(): Promise<readonly string[]> {
  const { admin, db } = restoring;
  const rows = await admin<{ datname: string }[]>`
    select datname from pg_database where starts_with(datname, ${nameOf(db)}) order by datname
  `;
  return rows.map(({ datname }) => datname);
}

export const environment = (more: Given = {}) => ({
  PATH: pathWithPsql(),
  DATABASE_URL: restoring.db.url,
  DATABASE_ADMIN_URL: restoring.db.ownerUrl,
  BACKUP_DIR: restoring.folder,
  JWT_JWKS_URL: 'https://id.example.com/keys',
  OTP_KEYS: `k1:${'\u0007'.repeat(32)}`,
  ...more,
});

export const restore = (args: readonly string[], more: Given = {}) =>
  runCommand(addRestore, ['restore', ...args], environment(more));

/** Work with a database as the programs log in, closed in any case. */
export async function on<T>(url: string, work: (sql: Pool) => Promise<T>): Promise<T> {
  const sql = connect({ url, ssl: 'off', poolMax: 2, applicationName: 'test', statementTimeoutMilliseconds: 5000 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

export async function typesOf(sql: Pool, address: string): Promise<readonly string[]> {
  const rows = await sql<{ type: string }[]>`select type from events where stream_id = ${address} order by version`;
  return rows.map(({ type }) => type);
}
