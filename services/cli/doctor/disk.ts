/** Room on the disks of this machine that Sealpost writes to: data folder, backups, log file. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { doctorSettings } from '../../config/doctor.ts';
import { logSettings } from '../../config/log.ts';
import { dataFolder } from '../../runtime/local-environment.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const GIB = 2 ** 30;
const FREE_BYTES_WRONG = GIB / 4;
const FREE_BYTES_WARNING = 2 * GIB;

type Room = Readonly<{ folder: string; freeBytes: number; filesLeft: number }>;

export async function checkDisk({ environment, settings }: DoctorContext): Promise<Finding> {
  const { BACKUP_DIR, LOG_FILE } = settings({ ...doctorSettings, ...logSettings });
  const folders = [dataFolder(environment), BACKUP_DIR, LOG_FILE && dirname(LOG_FILE)].filter((folder) => folder);
  const rooms = await Promise.all(folders.map((folder) => roomIn(folder ?? '')));
  const there = rooms.filter((room) => room !== undefined);
  return judgeRoom(there.length > 0 ? there : [await roomIn('.')].filter((room) => room !== undefined));
}

/** By the fullest of them. */
export function judgeRoom(rooms: readonly Room[]): Finding {
  const [worst] = rooms.toSorted((a, b) => a.freeBytes - b.freeBytes);
  if (!worst) return warning('Not checked: no folder can be read.', 'Run the doctor where Sealpost runs.');
  const full = rooms.find(({ filesLeft }) => filesLeft < 0.01);
  if (full) return wrong(`The disk of ${full.folder} can hold hardly a file more.`, 'Remove small files there.');
  const what = `${(worst.freeBytes / GIB).toFixed(1)} GiB are free in ${worst.folder}.`;
  const todo = 'Make room, or move it to a larger disk: a full one stops PostgreSQL.';
  if (worst.freeBytes < FREE_BYTES_WRONG) return wrong(what, todo);
  return worst.freeBytes < FREE_BYTES_WARNING ? warning(what, todo) : ok(what);
}

// A folder that is not there yet fills no disk.
async function roomIn(folder: string): Promise<Room | undefined> {
  try {
    const { bavail, bsize, files, ffree } = await statfs(folder);
    return { folder, freeBytes: bavail * bsize, filesLeft: files > 0 ? ffree / files : 1 };
  } catch {
    return undefined;
  }
}
