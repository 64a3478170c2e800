/** What is measured twice a minute: the database, by what this login may see of it, and the disks that this machine writes to. */
import { roomIn } from '../../runtime/disk-room.ts';
import { listDumps, isGood } from '../../backup/folder.ts';
import { measureDatabase } from '../../store/measures.ts';
import type { JobServices } from '../job.ts';

/** A folder for each disk by what it is for; two names may well be of one disk. */
export type Disks = Readonly<Partial<Record<'backups' | 'wal' | 'logs' | 'reports', string>>>;

/** Returns 0, for it changes nothing. Throws BackupFailed where the folder of backups cannot be read. */
export async function measure(disks: Disks, { sql, metrics }: Pick<JobServices, 'sql' | 'metrics'>): Promise<number> {
  for (const [disk, folder] of Object.entries(disks)) {
    const room = await roomIn(folder);
    if (!room) continue;
    metrics.diskBytes.set({ disk }, room.bytes);
    metrics.diskFreeBytes.set({ disk }, room.freeBytes);
    metrics.diskFilesLeft.set({ disk }, room.filesLeft);
  }
  const found = await measureDatabase(sql);
  metrics.databaseBytes.set(found.bytes);
  metrics.databaseConnections.set(found.connections);
  metrics.databaseConnectionsMax.set(found.connectionsMax);
  metrics.databaseOldestTransaction.set(found.oldestTransactionSeconds);
  metrics.sessions.set(found.sessions);
  metrics.codesOverdue.set(found.overdueSeconds);
  // Last, for it throws where the folder cannot be read.
  if (disks.backups !== undefined) metrics.backupNewest.set(await newestBackup(disks.backups));
  return 0;
}

/** In seconds since 1970; 0 where there is no whole one. */
async function newestBackup(folder: string): Promise<number> {
  const made = (await listDumps(folder)).filter(isGood).map(({ madeAt }) => madeAt.getTime());
  return Math.max(0, ...made) / 1000;
}
