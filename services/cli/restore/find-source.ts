/** Finds what is to be restored: a dump, a base backup with its WAL, or a database that an earlier restore has kept. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { listBases } from '../../backup/base.ts';
import { inMebibytes } from '../../backup/dump.ts';
import { checkDump, isGood, latestOf, type ListedDump, listDumps, type WholeDump } from '../../backup/folder.ts';
import { loadDump } from '../../backup/load.ts';
import { baseBefore, baseBeyond, type LiveLog } from '../../backup/latest.ts';
import { readLogFacts } from '../../store/carry-over.ts';
import { readClusterFacts } from '../../store/wal.ts';
import { newestApplied } from '../../store/migrate.ts';
import { inDatabase } from '../admin-url.ts';
import { showProgress } from '../progress.ts';
import { inDatabaseOf } from './owner.ts';
import { recoveredSource } from './recovered.ts';
import { RestoreRefused } from './refusals.ts';
import type { Place, Source } from './source.ts';

/**
 * `latest`, the name or path of a backup, or the name of a kept database; with `at` the moment. Throws RestoreRefused where there
 * is none. What it returns is to be closed.
 */
export async function findSource(what: string, until: Date | undefined, at: Place): Promise<Source> {
  if (until) return momentSource(what, until, at);
  if (what === 'latest') return latestSource(at);
  if (!what.endsWith('.gz') && (await at.databases.exists(what))) return keptDatabase(what, at);
  const { folder, dump } = await named(what, at.folder);
  if (isGood(dump)) return backupFile(folder, dump, at);
  throw new RestoreRefused(
    dump.manifest === 'damaged'
      ? `${dump.file}.json is damaged: it is no manifest, and without one nobody knows what should stand in ${dump.file}.`
      : `${dump.file} has no manifest: put ${dump.file}.json beside it, which says what should stand in it.`,
  );
}

async function latestSource(at: Place): Promise<Source> {
  const { folder, walFolder } = at;
  if (folder === undefined) throw new RestoreRefused('Set BACKUP_DIR to the folder of the backups, or name a file.');
  const dump = latestOf(await listDumps(folder));
  const base =
    walFolder === undefined ? undefined : await baseBeyond(await listBases(walFolder), dump, await liveLog(at));
  if (base && walFolder !== undefined) return recoveredSource(base, undefined, walFolder, at);
  if (!dump) throw new RestoreRefused(`There is no whole backup in ${folder}.`);
  return backupFile(folder, dump, at);
}

/** Undefined where there is none, or none that can be read. */
async function liveLog({ login }: Place): Promise<LiveLog | undefined> {
  return inDatabaseOf(login, readClusterFacts).catch(() => undefined);
}

async function momentSource(what: string, until: Date, at: Place): Promise<Source> {
  const { walFolder } = at;
  if (what !== 'latest')
    throw new RestoreRefused('With --at it is "restore latest": the moment says which base backup it takes.');
  if (walFolder === undefined)
    throw new RestoreRefused('No WAL is kept (WAL_DIR): without it only whole backups can be restored.');
  const base = await baseBefore(await listBases(walFolder), until);
  if (base) return recoveredSource(base, until, walFolder, at);
  throw new RestoreRefused(
    `No base backup with its WAL reaches ${until.toISOString()}: "sealpost backup list" says which moments can be restored.`,
  );
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
    close: nothing,
  };
}

const nothing = async (): Promise<void> => {};

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
  const facts = await inDatabaseOf(inDatabase(login, name), async (sql) => {
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
    close: nothing,
  };
}
