/** Dumps that can be loaded, without PostgreSQL's programs: in their place stand a text made here and psql.ts. The real ones work in test/stack. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { makeDump } from '../../services/backup/dump.ts';
import type { Manifest } from '../../services/backup/manifest.ts';
import { readMigrations } from '../../services/store/migrate.ts';
import type { TestDatabase } from './database.ts';
import { fakePgDump } from './fake-pg-dump.ts';
import { unstopped } from './handlers.ts';

/** What pg_dump would write of this database: its schema by the migrations, and the rows of every table. */
export async function dumpTextOf({ owner }: TestDatabase): Promise<string> {
  const tables = await owner<{ name: string; columns: string }[]>`
    select table_name as name, string_agg(quote_ident(column_name), ', ' order by ordinal_position) as columns
    from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE'
    group by table_name
    order by table_name
  `;
  const copies: string[] = [];
  for (const { name, columns } of tables) {
    const rows = await text(await owner.unsafe(`copy public.${name} (${columns}) to stdout`).readable());
    copies.push(`COPY public.${name} (${columns}) FROM stdin;\n${rows}\\.\n`);
  }
  const sequences = await owner<{ line: string }[]>`
    select format('select pg_catalog.setval(%L, %s, true);', schemaname || '.' || sequencename, coalesce(last_value, 1)) as line
    from pg_sequences
    where schemaname = 'public'
  `;
  const schema = (await readMigrations()).map(({ text: sql }) => sql.replaceAll(/ concurrently/gi, ''));
  return [
    '-- Dumped from database version 18.4',
    'create table schema_migrations (number integer primary key, name text not null, checksum text not null, breaking boolean not null, applied_at timestamptz not null default now());',
    ...schema,
    'truncate installation, leases;',
    // pg_dump makes triggers after the rows.
    'set session_replication_role = replica;',
    ...copies,
    'reset session_replication_role;',
    ...sequences.map(({ line }) => line),
    '-- PostgreSQL database dump complete',
    '',
  ].join('\n');
}

/** A backup of this database in the folder, made with these keys. */
export async function backUpTestDatabase(
  db: TestDatabase,
  folder: string,
  { at = new Date(), change = (dump: string): string => dump, keys = ['k1'] } = {},
): Promise<Manifest> {
  const { place } = fakePgDump(change(await dumpTextOf(db)));
  const database = { url: db.ownerUrl, ssl: 'off' } as const;
  return makeDump({ database, place, folder, keys, signal: unstopped, say: () => {}, now: at });
}

/** A PATH on which psql is ours; `before` is a line of shell that it does first. */
export function pathWithPsql(before = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'fake-psql-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(import.meta.dirname, 'psql.ts');
  writeFileSync(join(folder, 'psql'), `#!/bin/sh\n${before}\nexec '${process.execPath}' '${program}'\n`);
  chmodSync(join(folder, 'psql'), 0o755);
  return `${folder}:${process.env.PATH}`;
}
