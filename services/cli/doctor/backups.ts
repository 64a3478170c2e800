/** Check of the backups: the newest one, how old it is, and whether its manifest says what stands in it. */
import { BackupFailed } from '../../backup/dump.ts';
import { isGood, type ListedDump, listDumps } from '../../backup/folder.ts';
import { backupSettings } from '../../config/backup.ts';
import { inBytes, inTime } from '../in-words.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, skipped, warning, wrong } from './finding.ts';

// They are made once a day; two hours are for a slow one.
const WARNING_HOURS = 26;
const WRONG_HOURS = 50;
const ADVICE = 'Run "sealpost jobs history backup", which says why, and "sealpost backup now".';

/** Whether there is a backup of the last day in the folder of the backups. */
export async function checkBackups({ settings, production }: DoctorContext): Promise<Finding> {
  const { BACKUP_DIR: folder } = settings(backupSettings);
  if (folder === undefined) {
    const todo = 'Set BACKUP_DIR to the folder that they are written to.';
    return production ? warning('There are none: BACKUP_DIR is not set.', todo) : skipped('BACKUP_DIR is not set.');
  }
  try {
    return judgeDumps(folder, await listDumps(folder), Date.now());
  } catch (error) {
    if (error instanceof BackupFailed) return wrong(error.message, 'Correct BACKUP_DIR, or mount it.');
    throw error;
  }
}

/** The newest comes first. Old is what was made too long ago of those that have a manifest. */
export function judgeDumps(folder: string, dumps: readonly ListedDump[], now: number): Finding {
  const [newest] = dumps;
  if (!newest) return { ...wrong(`There is no backup in ${folder}.`, ADVICE), facts: { newest: null } };
  const good = dumps.find(isGood);
  const hours = good ? (now - good.madeAt.getTime()) / 3_600_000 : Infinity;
  const age = (dump: ListedDump): string => inTime((now - dump.madeAt.getTime()) / 1000);
  const has = { undefined: 'no manifest', object: 'a manifest', string: 'a damaged manifest' };
  const told = `The newest backup, ${newest.file}, is ${age(newest)} old, has ${inBytes(newest.bytes)} and ${has[typeof newest.manifest as keyof typeof has]}`;
  const rest = good ? `; the newest with one is ${age(good)} old.` : '; none has one.';
  const what = `${told}${newest === good ? '.' : rest}`;
  const facts = {
    newest: newest.file,
    madeAt: newest.madeAt.toISOString(),
    bytes: newest.bytes,
    manifest: isGood(newest),
    newestWithManifest: good?.file ?? null,
  };
  if (hours > WRONG_HOURS) return { ...wrong(what, ADVICE), facts };
  const isLate = hours > WARNING_HOURS || newest !== good;
  return { ...(isLate ? warning(what, ADVICE) : ok(what)), facts };
}
