/** What is measured twice a minute: the database, by what this login may see of it, and the disks that this machine writes to. */
import { roomIn } from '../../runtime/disk-room.ts';
import { measureDatabase } from '../../store/measures.ts';
import type { JobServices } from '../job.ts';

/** A folder for each disk by what it is for; two names may well be of one disk. */
export type Disks = Readonly<Record<string, string>>;

/** Returns 0, for it changes nothing. */
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
  metrics.codesOverdue.set(found.overdueSeconds);
  return 0;
}
