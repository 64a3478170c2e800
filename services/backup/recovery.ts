/** A base backup and the WAL after it in a PostgreSQL of its own: replayed to a moment, or to the end of what was received. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WholeBase } from './base.ts';
import { openScratch, type Run, type Scratch, type ScratchOptions } from './scratch.ts';

type Options = Pick<ScratchOptions, 'place' | 'folder' | 'signal' | 'say'> &
  Readonly<{
    base: WholeBase;
    /** Undefined: all there is. */
    until: Date | undefined;
  }>;

/** Throws BackupFailed or ToolFailed, and then nothing of it is left. */
export const recover = ({ base, until, ...options }: Options): Promise<Scratch> =>
  openScratch({
    ...options,
    prepare: async (data, run) => {
      options.say(`unpacking ${base.name}`);
      await unpack(base, data, run);
      // Asks for a recovery (PostgreSQL's manual, "Recovering Using a Continuous Archive Backup").
      await writeFile(join(data, 'recovery.signal'), '');
      return {
        hot_standby: 'off',
        restore_command: fetchFrom(base.series.wal),
        ...(until && { recovery_target_time: inNumbers(until), recovery_target_action: 'promote' }),
      };
    },
    refused: (words) =>
      until && words.includes('before configured recovery target was reached')
        ? `The WAL does not reach ${until.toISOString()}: what was received ends before.`
        : `${base.name} and its WAL cannot be replayed: ${words}.`,
  });

async function unpack({ folder }: WholeBase, data: string, run: Run): Promise<void> {
  await mkdir(join(data, 'pg_wal'), { recursive: true, mode: 0o700 });
  await run('tar', '-xzf', join(folder, 'base.tar.gz'), '-C', data);
  await run('tar', '-xzf', join(folder, 'pg_wal.tar.gz'), '-C', join(data, 'pg_wal'));
}

/** Without an abbreviation of the zone, which this setting refuses. */
const inNumbers = (moment: Date): string => moment.toISOString().replace('T', ' ').replace('Z', '+00');

/** Whole, packed or still being received. */
const fetchFrom = (wal: string): string =>
  `f='${wal}/%f'; if [ -f "$f.gz" ]; then gzip -dc "$f.gz" >'%p'; elif [ -f "$f" ]; then cp "$f" '%p'; else cp "$f.partial" '%p' 2>/dev/null; fi`;

/** An empty cluster. */
export const emptyCluster = (options: Pick<ScratchOptions, 'place' | 'folder' | 'signal' | 'say'>): Promise<Scratch> =>
  openScratch({
    ...options,
    prepare: async (data, run) => {
      const how = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];
      await run('initdb', '--pgdata', data, ...how);
      return {};
    },
    refused: (words) => `An empty PostgreSQL does not start: ${words}.`,
  });
