/** Whether there is a backup of the last day in the folder of the backups. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { doctorSettings } from '../../config/doctor.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const HOUR = 3_600_000;
// They are made once a day; two hours are for a slow one.
const WARNING_HOURS = 26;
const WRONG_HOURS = 50;

// The guide's names: <database>_backup_<date>_<time>.sql.gz and full_backup_<date>_<time>.tar.gz.
const BACKUP = /_backup_\d{8}_\d{6}\.(?:sql|tar)\.gz$/;

export async function checkBackups({ settings, production }: DoctorContext): Promise<Finding> {
  const { BACKUP_DIR } = settings(doctorSettings);
  if (BACKUP_DIR === undefined) {
    const todo = 'Set BACKUP_DIR to the folder that they are written to.';
    return production
      ? warning('Not looked for: BACKUP_DIR is not set.', todo)
      : ok('Not looked for: BACKUP_DIR is not set.');
  }
  const names = await readdir(BACKUP_DIR).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown');
  if (typeof names === 'string') {
    return wrong(`The folder ${BACKUP_DIR} cannot be read (${names}).`, 'Correct BACKUP_DIR, or mount it.');
  }
  const files = await Promise.all(
    names
      .filter((name) => BACKUP.test(name))
      .map(async (name) => ({ name, ...(await factsOf(join(BACKUP_DIR, name))) })),
  );
  return judgeBackups(BACKUP_DIR, files, Date.now());
}

type BackupFile = Readonly<{ name: string; bytes: number; at: number }>;

export function judgeBackups(folder: string, files: readonly BackupFile[], now: number): Finding {
  const [newest] = files.toSorted((a, b) => b.at - a.at);
  const todo = 'Look into the log of the backups, and make one now.';
  if (!newest) return wrong(`There is no backup in ${folder}.`, todo);
  if (newest.bytes === 0) return wrong(`The newest backup, ${newest.name}, is empty.`, todo);
  const hours = (now - newest.at) / HOUR;
  const what = `The newest of ${files.length} backups, ${newest.name}, is ${hours.toFixed(0)} hours old.`;
  if (hours > WRONG_HOURS) return wrong(what, todo);
  return hours > WARNING_HOURS ? warning(what, todo) : ok(what);
}

async function factsOf(file: string): Promise<{ bytes: number; at: number }> {
  const { size, mtimeMs } = await stat(file);
  return { bytes: size, at: mtimeMs };
}
