/** The scheduled jobs of backups: dumps, base backups and WAL, copies elsewhere, and the rehearsals of a restore. */
import type { SchedulerConfig } from './config.ts';
import type { Job } from './job.ts';
import { backUp, checkBackups } from './jobs/backup.ts';
import { backUpBase, watchWal } from './jobs/base-backup.ts';
import { backUpOffSite } from './jobs/off-site.ts';
import { rehearseDump, rehearseRestore } from './jobs/rehearse.ts';

const MINUTE = 60;
const HOUR = 3600;

type BackupConfig = Pick<SchedulerConfig, 'backup' | 'wal' | 'offSite' | 'database' | 'tools' | 'keyIds'>;

/** None where no folder for backups is named. */
export function backupJobs({ backup, database, tools: place, keyIds: keys }: BackupConfig): readonly Job[] {
  if (!backup) return [];
  return [
    {
      name: 'backup',
      pattern: '0 2 * * *',
      firstAtOnce: true,
      deadlineSeconds: 2 * HOUR,
      runOnce: (services) => backUp({ database, place, backup, keys }, services),
    },
    {
      name: 'check-backups',
      pattern: '30 4 * * *',
      deadlineSeconds: 2 * HOUR,
      runOnce: (services) => checkBackups(backup, services),
    },
    {
      name: 'rehearse-dump',
      pattern: '15 6 * * 0',
      deadlineSeconds: 3 * HOUR,
      runOnce: (services) => rehearseDump({ place, backup }, services),
    },
  ];
}

/** None where no WAL is kept. */
export function walJobs({ wal, database, tools: place, keyIds: keys }: BackupConfig): readonly Job[] {
  if (!wal) return [];
  return [
    {
      name: 'base-backup',
      pattern: '30 2 * * *',
      firstAtOnce: true,
      deadlineSeconds: 3 * HOUR,
      runOnce: (services) => backUpBase({ wal, place, keys }, services),
    },
    {
      name: 'watch-wal',
      pattern: '23 * * * * *',
      deadlineSeconds: MINUTE,
      runOnce: (services) => watchWal(wal, services),
    },
    {
      name: 'rehearse-restore',
      pattern: '15 5 * * *',
      deadlineSeconds: 3 * HOUR,
      runOnce: (services) => rehearseRestore({ wal, place, database }, services),
    },
  ];
}

/** None where no repository is named. */
export function offSiteJobs({ offSite, tools: place }: BackupConfig): readonly Job[] {
  if (!offSite) return [];
  return [
    {
      name: 'off-site',
      pattern: '10 3 * * *',
      deadlineSeconds: 4 * HOUR,
      outside: true,
      runOnce: (services) => backUpOffSite({ place, offSite }, services),
    },
  ];
}
