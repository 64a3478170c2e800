/** Base backups and WAL as files, made by programs of the test's own. The real ones work in test/stack. */
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBase, type WholeBase } from '../../services/backup/base.ts';
import { seriesAt } from '../../services/backup/series.ts';
import { type ToolPlace, toolPlace } from '../../services/backup/tool.ts';
import { FAKE_DATABASE, temporaryFolder } from './fake-pg-dump.ts';
import { unstopped } from './handlers.ts';

export const facts = {
  systemId: '77',
  server: '18.4',
  epoch: 1,
  position: 5,
  schema: { number: 22, name: '022_x.sql' },
};
const LSN = '0/3000028';

/** Programs that do what the shell is told; pg_basebackup writes a manifest of PostgreSQL's before that. */
export function tools(then = '', lsn = LSN): ToolPlace {
  const folder = temporaryFolder();
  const ranges = JSON.stringify({ 'WAL-Ranges': [{ Timeline: 1, 'Start-LSN': lsn, 'End-LSN': lsn }] });
  const basebackup = `mkdir -p "$2"; printf '%s' '${ranges}' >"$2/backup_manifest"\n${then}`;
  for (const [name, script] of [
    ['pg_basebackup', basebackup],
    ['pg_verifybackup', then],
  ] as const) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return toolPlace({ PATH: `${folder}:${process.env.PATH}` });
}

/** One of 2026 with the facts above, or others. */
export const make = (
  folder: string,
  at: string,
  more: Partial<typeof facts> = {},
  place = tools(),
  n = 1,
): Promise<WholeBase> =>
  makeBase({
    login: FAKE_DATABASE,
    place,
    series: seriesAt(folder, more.systemId ?? facts.systemId, n),
    facts: { ...facts, ...more },
    keys: ['k1'],
    signal: unstopped,
    now: new Date(at),
  });

/** Files of WAL in the series, written to until a moment. */
export function receive(folder: string, names: readonly string[], until: string, systemId = '77', n = 1): void {
  const { wal } = seriesAt(folder, systemId, n);
  mkdirSync(wal, { recursive: true });
  for (const name of names) {
    writeFileSync(join(wal, name), 'wal');
    utimesSync(join(wal, name), new Date(until), new Date(until));
  }
}

/** The name of the nth segment of the first timeline. */
export const segment = (n: number): string => `0000000100000000${n.toString(16).toUpperCase().padStart(8, '0')}`;
