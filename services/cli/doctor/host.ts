/** Checks of this machine: versions, room on its disks. */
import { dirname } from 'node:path';
import { backupSettings } from '../../config/backup.ts';
import { logSettings } from '../../config/log.ts';
import { build } from '../../runtime/build.ts';
import { type DiskRoom, roomIn } from '../../runtime/disk-room.ts';
import { dataFolder } from '../../runtime/local-environment.ts';
import { type ServerFacts, readServerFacts } from '../../store/server-facts.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

const POSTGRESQL_MIN = 13;
const POSTGRESQL_TRIED = 18;

/** The versions of what the stack uses (the guide's checks of node and psql), and whether they are ones it was tried with. */
export async function checkVersions({ database }: DoctorContext): Promise<Finding> {
  const { node, openssl } = process.versions;
  const programs = `Sealpost ${build().version}, Node ${node}, OpenSSL ${openssl}, ${process.platform} ${process.arch}`;
  const server = await database()
    .then(readServerFacts)
    .catch(() => undefined);
  return judgeVersions(programs, server);
}

export function judgeVersions(programs: string, server: Pick<ServerFacts, 'version' | 'major'> | undefined): Finding {
  if (!server) return ok(`${programs}; PostgreSQL does not answer.`);
  const all = `${programs}, PostgreSQL ${server.version}.`;
  if (server.major < POSTGRESQL_MIN) return wrong(all, `Upgrade PostgreSQL to ${POSTGRESQL_MIN} or later.`);
  if (server.major > POSTGRESQL_TRIED)
    return warning(all, `Sealpost was tried with PostgreSQL up to ${POSTGRESQL_TRIED}.`);
  return ok(all);
}

const GIB = 2 ** 30;
const FREE_BYTES_WRONG = GIB / 4;
const FREE_BYTES_WARNING = 2 * GIB;

/** Room on the disks of this machine that Sealpost writes to: data folder, backups, log file. */
export async function checkDisk({ environment, settings }: DoctorContext): Promise<Finding> {
  const { BACKUP_DIR, LOG_FILE } = settings({ ...backupSettings, ...logSettings });
  const folders = [dataFolder(environment), BACKUP_DIR, LOG_FILE && dirname(LOG_FILE)].filter((folder) => folder);
  const rooms = await Promise.all(folders.map((folder) => roomIn(folder ?? '')));
  const there = rooms.filter((room) => room !== undefined);
  return judgeRoom(there.length > 0 ? there : [await roomIn('.')].filter((room) => room !== undefined));
}

/** By the fullest of them. */
export function judgeRoom(rooms: readonly Omit<DiskRoom, 'bytes'>[]): Finding {
  const [worst] = rooms.toSorted((a, b) => a.freeBytes - b.freeBytes);
  if (!worst) return warning('Not checked: no folder can be read.', 'Run the doctor where Sealpost runs.');
  const full = rooms.find(({ filesLeft }) => filesLeft < 0.01);
  if (full) return wrong(`The disk of ${full.folder} can hold hardly any more files.`, 'Remove small files there.');
  const what = `${(worst.freeBytes / GIB).toFixed(1)} GiB are free in ${worst.folder}.`;
  const todo = 'Make room, or move it to a larger disk: a full one stops PostgreSQL.';
  if (worst.freeBytes < FREE_BYTES_WRONG) return wrong(what, todo);
  return worst.freeBytes < FREE_BYTES_WARNING ? warning(what, todo) : ok(what);
}
