/** In place of pg_dump: a program that writes a text of the test's own, and behaves as the environment says. The real one dumps in test/stack. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeDump } from '../../services/backup/dump.ts';
import type { Manifest } from '../../services/backup/manifest.ts';
import { type ToolPlace, toolPlace } from '../../services/backup/tool.ts';
import { unstopped } from './handlers.ts';

const TABLES: Readonly<Record<string, readonly [columns: string, rows: readonly string[]]>> = {
  accounts: ['id, email, password_hash', []],
  events: [
    '"position", stream_id, version, type, at, data',
    [
      '1\ta@example.com\t1\trequested\t2026-01-01\t{"purpose": "x"}',
      '7\tb@example.com\t1\trequested\t2026-01-01\t{}',
      '3\ta@example.com\t2\tsent\t2026-01-01\t{}',
    ],
  ],
  installation: ['only_row, epoch, codes_cleaned_before', ['t\t4\t-infinity']],
  schema_migrations: ['number, name, checksum', ['1\t001_first.sql\tx', '22\t022_last.sql\ty', '9\t009_ninth.sql\tz']],
};

const END = '--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict x\n\n';

/** A dump as pg_dump 18 writes it, in short; what is given takes the place of a table, or of the end. */
export function dumpText(given: Readonly<{ tables?: typeof TABLES; end?: string }> = {}): string {
  const tables = Object.entries({ ...TABLES, ...given.tables });
  const parts = tables.map(
    ([name, [columns, rows]]) =>
      `COPY public.${name} (${columns}) FROM stdin;\n${rows.map((row) => `${row}\n`).join('')}\\.\n`,
  );
  const head =
    '--\n-- PostgreSQL database dump\n--\n\n\\restrict x\n\n-- Dumped from database version 18.4 (Debian 18.4-1)\n-- Dumped by pg_dump version 18.6\n\nSET statement_timeout = 0;\n\n';
  return [head, parts.join('\n'), '\nCREATE INDEX i ON public.events USING btree (type);\n\n', given.end ?? END].join(
    '',
  );
}

export const FAKE_DATABASE = {
  url: 'postgres://somebody:s%C3%A9cret@db.example.test:5433/the_database',
  ssl: 'off',
} as const;

const VERSION = 'pg_dump (PostgreSQL) 18.6 (Debian 18.6-1.pgdg13+1)';

/** Writes the text, then does what the shell is told. Returns where it is found, and the file that its words and environment are written to. */
export function fakePgDump(text: string, then = '', version = VERSION): Readonly<{ place: ToolPlace; asked: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'fake-pg-dump-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'text'), text);
  const script = `#!/bin/sh
[ "$1" != --version ] || { echo '${version}'; exit; }
{ printf '%s\\n' "$@"; env | grep ^PG | sort; } >'${join(folder, 'asked')}'
cat '${join(folder, 'text')}'
${then}
`;
  writeFileSync(join(folder, 'pg_dump'), script);
  chmodSync(join(folder, 'pg_dump'), 0o755);
  return { place: toolPlace({ PATH: `${folder}:${process.env.PATH}` }), asked: join(folder, 'asked') };
}

/** An empty folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backups-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One of this text, made at this moment with the key k1. */
export async function backup(
  folder: string,
  at = new Date('2026-03-01T02:00:07Z'),
  text = dumpText(),
): Promise<Manifest> {
  const { place } = fakePgDump(text);
  return makeDump({ database: FAKE_DATABASE, place, folder, keys: ['k1'], signal: unstopped, say: () => {}, now: at });
}
