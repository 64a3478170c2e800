/** What is measured twice a minute: the database, by what this login may see of it, and the disks that this machine writes to. */
import { isGood, listDumps } from '../../backup/folder.ts';
import { roomIn } from '../../runtime/disk-room.ts';
import type { Metrics } from '../../runtime/metrics.ts';
import type { Sql } from '../../store/database.ts';
import { readOverdueSeconds } from '../../store/server-facts.ts';
import { readServerUse } from '../../store/server-use.ts';
import { countSessions } from '../../store/sessions.ts';
import type { JobServices } from '../job.ts';

/** A folder for each disk by what it is for; two names may well be of one disk. */
export type Disks = Readonly<Partial<Record<'backups' | 'wal' | 'logs' | 'reports', string>>>;

/** Returns 0, for it changes nothing. Throws BackupFailed where the folder of backups cannot be read. */
export async function measure(disks: Disks, { sql, metrics }: Pick<JobServices, 'sql' | 'metrics'>): Promise<number> {
  for (const [disk, folder] of Object.entries(disks)) await measureDisk(disk, folder, metrics);
  await measureDatabase(sql, metrics);
  // Last, for it throws where the folder cannot be read.
  if (disks.backups !== undefined) metrics.backupNewest.set(await newestBackup(disks.backups));
  return 0;
}

async function measureDisk(disk: string, folder: string, metrics: Metrics): Promise<void> {
  const room = await roomIn(folder);
  if (!room) {
    // Nobody knows it any more, whatever it was.
    for (const gauge of [metrics.diskBytes, metrics.diskFreeBytes, metrics.diskFilesLeft]) gauge.remove({ disk });
    return;
  }
  metrics.diskBytes.set({ disk }, room.bytes);
  metrics.diskFreeBytes.set({ disk }, room.freeBytes);
  metrics.diskFilesLeft.set({ disk }, room.filesLeft);
}

async function measureDatabase(sql: Sql, metrics: Metrics): Promise<void> {
  const { databaseBytes, connections, connectionsMax, oldestTransactionSeconds } = await readServerUse(sql);
  metrics.databaseBytes.set(databaseBytes);
  metrics.databaseConnections.set(connections);
  metrics.databaseConnectionsMax.set(connectionsMax);
  metrics.databaseOldestTransaction.set(oldestTransactionSeconds ?? 0);
  metrics.codesOverdue.set(await readOverdueSeconds(sql));
  metrics.sessions.set(await countSessions(sql));
}

/** In seconds since 1970; 0 where there is no whole one. */
async function newestBackup(folder: string): Promise<number> {
  const made = (await listDumps(folder)).filter(isGood).map(({ madeAt }) => madeAt.getTime());
  return Math.max(0, ...made) / 1000;
}
