/** K1: the nightly backup, and the look at every backup there is. */
import type { BackupOptions } from '../../config/backup.ts';
import { BackupFailed, inMebibytes, makeDump } from '../../backup/dump.ts';
import { checkDump, forgetOldDumps, isGood, latestOf, type ListedDump, listDumps } from '../../backup/folder.ts';
import type { ToolPlace } from '../../backup/tool.ts';
import type { DatabaseOptions } from '../../store/database.ts';
import { readSystemId } from '../../store/wal.ts';
import type { JobServices } from '../job.ts';

const HOUR_MILLISECONDS = 3_600_000;
/** One is made each night; an hour is for a slow one. */
const NEWEST_HOURS_MAX = 25;

type BackUpConfig = Readonly<{
  database: DatabaseOptions;
  place: ToolPlace;
  backup: BackupOptions;
  keys: readonly string[];
}>;

/** Makes one, then deletes those that are too old: never before there is a newer one. Returns 1. */
export async function backUp(
  { database, place, keys, backup: { folder, keepDays } }: BackUpConfig,
  { sql, signal, say, metrics }: Pick<JobServices, 'sql' | 'signal' | 'say' | 'metrics'>,
): Promise<number> {
  // Whose it is only helps to choose among backups; not every provider tells it.
  const systemId = await readSystemId(sql).catch(() => undefined);
  const made = await makeDump({ database, place, folder, keys, systemId, signal, say });
  metrics.backupBytes.set(made.bytes);
  metrics.backupPosition.set(made.position);
  const gone = await forgetOldDumps(folder, keepDays);
  const forgotten = gone.length === 0 ? '' : `; ${gone.length} old ones deleted`;
  say(`${made.file}, ${inMebibytes(made.bytes)} MiB, ${made.rows.events ?? 0} events${forgotten}`);
  return 1;
}

/** Reads every backup from end to end and returns how many there are. Throws BackupFailed with every problem, each naming its file. */
export async function checkBackups(
  { folder }: BackupOptions,
  { signal, say }: Pick<JobServices, 'signal' | 'say'>,
  now: number = Date.now(),
): Promise<number> {
  const dumps = await listDumps(folder);
  const problems = [...problemsOfNewest(folder, dumps, now)];
  for (const [n, dump] of dumps.entries()) {
    if (signal.aborted) throw new BackupFailed(`Only ${n} of ${dumps.length} backups were read before the deadline.`);
    say(`${n} of ${dumps.length} read`);
    problems.push(...(await checkDump(folder, dump, signal)));
  }
  if (problems.length > 0) throw new BackupFailed(problems.join(' '));
  say(`${dumps.length} read, all as they were written`);
  return dumps.length;
}

function problemsOfNewest(folder: string, dumps: readonly ListedDump[], now: number): readonly string[] {
  const newest = dumps.find(isGood);
  if (!newest) return [`There is no backup in ${folder}.`];
  const hours = (now - newest.madeAt.getTime()) / HOUR_MILLISECONDS;
  const latest = latestOf(dumps) ?? newest;
  return [
    ...(hours <= NEWEST_HOURS_MAX ? [] : [`The newest backup, ${newest.file}, is ${Math.floor(hours)} hours old.`]),
    ...(newest.manifest.position === latest.manifest.position && newest.manifest.epoch === latest.manifest.epoch
      ? []
      : [
          `The newest backup, ${newest.file}, ends at event ${newest.manifest.position}, and ${latest.file} at ${latest.manifest.position}: was the database made anew? "sealpost restore latest" takes the latter.`,
        ]),
  ];
}
