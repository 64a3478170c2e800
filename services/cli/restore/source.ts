/** What can be restored: a backup of the folder, or a database that an earlier restore has kept. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inMebibytes } from '../../backup/dump.ts';
import { checkDump, isGood, latestOf, type ListedDump, listDumps, type WholeDump } from '../../backup/folder.ts';
import { loadDump } from '../../backup/load.ts';
import type { Manifest } from '../../backup/manifest.ts';
import type { ToolPlace } from '../../backup/tool.ts';
import type { DatabaseOptions } from '../../store/database.ts';
import { readLogFacts } from '../../store/carry-over.ts';
import type { Databases } from '../../store/databases.ts';
import { newestApplied } from '../../store/migrate.ts';
import { PlainError } from '../../runtime/safe-error.ts';
import { inDatabase } from '../admin-url.ts';
import { showProgress } from '../progress.ts';
import { withOwner } from './owner.ts';

/** What was asked for cannot be restored; the message names it and says why, and what would be right. */
export class RestoreRefused extends PlainError {
  override readonly name = 'RestoreRefused';
}

export type Source = Readonly<{
  name: string;
  /** What is known of it before anything is done; undefined `rows` and `keys` are not known. */
  facts: Pick<Manifest, 'position' | 'schema'> &
    Partial<Pick<Manifest, 'rows' | 'keys' | 'version' | 'server' | 'made_at'>> &
    Readonly<{ events: number }>;
  /** Reads all of it where it can be damaged; resolves to what is wrong, a sentence each. */
  check(signal: AbortSignal): Promise<readonly string[]>;
  /** Makes a database of this name of it, in place of one that is there. */
  fill(target: string, signal: AbortSignal): Promise<void>;
}>;

type Place = Readonly<{
  login: Pick<DatabaseOptions, 'url' | 'ssl'>;
  databases: Databases;
  place: ToolPlace;
  folder: string | undefined;
}>;

/** `latest`, the name or path of a backup, or the name of a kept database. Throws RestoreRefused where there is none. */
export async function findSource(what: string, at: Place): Promise<Source> {
  if (what !== 'latest' && !what.endsWith('.gz') && (await at.databases.exists(what))) return keptDatabase(what, at);
  const { folder, dump } = what === 'latest' ? await latest(at.folder) : await named(what, at.folder);
  if (!isGood(dump)) {
    throw new RestoreRefused(
      dump.manifest === 'damaged'
        ? `${dump.file}.json is damaged: it is no manifest, and without one nobody knows what should stand in ${dump.file}.`
        : `${dump.file} has no manifest: put ${dump.file}.json beside it, which says what should stand in it.`,
    );
  }
  return backupFile(folder, dump, at);
}

async function latest(folder: string | undefined): Promise<{ folder: string; dump: ListedDump }> {
  if (folder === undefined) throw new RestoreRefused('Set BACKUP_DIR to the folder of the backups, or name a file.');
  const dump = latestOf(await listDumps(folder));
  if (!dump) throw new RestoreRefused(`There is no whole backup in ${folder}.`);
  return { folder, dump };
}

/** A path as it stands, else its last part in the folder of the backups, which a container sees under another path. */
async function named(what: string, backups: string | undefined): Promise<{ folder: string; dump: ListedDump }> {
  const folder = existsSync(what) || backups === undefined ? dirname(what) : backups;
  const file = basename(what);
  const dump = existsSync(join(folder, file)) && (await listDumps(folder)).find((one) => one.file === file);
  if (dump) return { folder, dump };
  const there = existsSync(join(folder, file))
    ? `${file} is no backup: its name must be DATABASE_backup_YYYYMMDD_HHMMSS.sql.gz.`
    : `There is no backup ${file} in ${folder}, and no database of that name: "sealpost backup list" has those there are.`;
  throw new RestoreRefused(there);
}

function backupFile(folder: string, dump: WholeDump, { login, databases, place }: Place): Source {
  const { file, bytes, manifest } = dump;
  return {
    name: file,
    facts: { ...manifest, events: manifest.rows.events ?? 0 },
    check: (signal) => withBar(`${file} read`, bytes, (advance) => checkDump(folder, dump, signal, advance)),
    fill: async (target, signal) => {
      await databases.make(target);
      await withBar(`${file} loaded`, bytes, (onBytes) =>
        loadDump({ database: inDatabase(login, target), place, folder, file, signal, onBytes }),
      );
    },
  };
}

async function withBar<T>(
  what: string,
  bytes: number,
  work: (advance: (by: number) => void) => Promise<T>,
): Promise<T> {
  const progress = showProgress(what, bytes, process.stderr, (amount) => `${inMebibytes(amount)} MiB`);
  try {
    return await work(progress.advance);
  } finally {
    progress.end();
  }
}

async function keptDatabase(name: string, { login, databases }: Place): Promise<Source> {
  const facts = await withOwner(inDatabase(login, name), async (sql) => {
    const schema = await newestApplied(sql);
    if (!schema) throw new RestoreRefused(`The database ${name} is not of a Sealpost.`);
    const { events, position } = await readLogFacts(sql);
    return { events, position, schema };
  });
  return {
    name,
    facts,
    check: async () => [],
    fill: (target) => databases.make(target, name),
  };
}
