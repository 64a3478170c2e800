/** The table of scheduled jobs: what runs when (cron, UTC), and for how long at most. A job of more than a call stands in a file of its own. */
import { dirname } from 'node:path';
import {
  cleanUpAddresses,
  cleanUpCodes,
  forgetIdempotencyKeys,
  forgetRateWindows,
  forgetRefreshTokens,
  forgetSessions,
  forgetSignIns,
} from '../store/retention.ts';
import { forgetJobRuns } from '../store/job-runs.ts';
import type { SchedulerConfig } from './config.ts';
import type { Job } from './job.ts';
import { backUp, checkBackups } from './jobs/backup.ts';
import { backUpBase, watchWal } from './jobs/base-backup.ts';
import { rehearseDump, rehearseRestore } from './jobs/rehearse.ts';
import { compareDrawnRows } from './jobs/compare-sample.ts';
import { expireCodes } from './jobs/expire-codes.ts';
import { finishErasures } from './jobs/finish-erasures.ts';
import { forgetOldLogs } from './jobs/forget-old-logs.ts';
import { maintain } from './jobs/maintain.ts';
import { type Disks, measure } from './jobs/measure.ts';
import { writeMonthlyReport } from './jobs/monthly-report.ts';
import { backUpOffSite } from './jobs/off-site.ts';
import { pollSes } from './jobs/poll-ses.ts';

const MINUTE = 60;
const HOUR = 3600;

type JobsConfig = Pick<
  SchedulerConfig,
  'log' | 'backup' | 'wal' | 'offSite' | 'database' | 'tools' | 'keyIds' | 'sesAccount' | 'reportFolder' | 'reportMail'
>;

export const jobsOf = (config: JobsConfig): readonly Job[] => [
  { name: 'expire-codes', pattern: '*/5 * * * * *', deadlineSeconds: MINUTE, runOnce: expireCodes },
  {
    name: 'forget-idempotency-keys',
    pattern: '7 * * * *',
    deadlineSeconds: 30 * MINUTE,
    runOnce: ({ sql, signal }) => forgetIdempotencyKeys(sql, signal),
  },
  { name: 'finish-erasures', pattern: '3 * * * * *', deadlineSeconds: MINUTE, runOnce: finishErasures },
  {
    name: 'measure',
    pattern: '*/30 * * * * *',
    deadlineSeconds: MINUTE,
    firstAtOnce: true,
    runOnce: (services) => measure(disksOf(config), services),
  },
  { name: 'compare-sample', pattern: '33 * * * * *', deadlineSeconds: MINUTE, runOnce: compareDrawnRows },
  {
    name: 'forget-old-rows',
    pattern: '17 * * * *',
    deadlineSeconds: 30 * MINUTE,
    runOnce: async ({ sql, signal }) =>
      (await forgetRefreshTokens(sql, signal)) +
      (await forgetSessions(sql, signal)) +
      (await forgetSignIns(sql, signal)) +
      (await forgetRateWindows(sql, signal)) +
      (await forgetJobRuns(sql, signal)),
  },
  {
    name: 'clean-up-codes',
    pattern: '0 3 * * 0',
    deadlineSeconds: 3 * HOUR,
    runOnce: ({ sql, signal }) => cleanUpCodes(sql, signal),
  },
  {
    name: 'clean-up-emails',
    pattern: '0 4 1 * *',
    deadlineSeconds: 3 * HOUR,
    runOnce: ({ sql, signal }) => cleanUpAddresses(sql, signal),
  },
  { name: 'maintain', pattern: '0 5 1 * *', deadlineSeconds: HOUR, runOnce: maintain },
  {
    name: 'forget-old-logs',
    pattern: '40 3 * * *',
    deadlineSeconds: 5 * MINUTE,
    runOnce: () => forgetOldLogs(config.log.file),
  },
  ...backupJobs(config),
  ...walJobs(config),
  ...offSiteJobs(config),
  ...sesJobs(config),
  ...reportJobs(config),
];

/** The folders that are written to. */
function disksOf({ backup, wal, log, reportFolder }: JobsConfig): Disks {
  const folders = {
    backups: backup?.folder,
    wal: wal?.folder,
    logs: log.file === undefined ? undefined : dirname(log.file),
    reports: reportFolder,
  };
  return Object.fromEntries(Object.entries(folders).flatMap(([name, folder]) => (folder ? [[name, folder]] : [])));
}

/** None where no folder for backups is named. */
function backupJobs({ backup, database, tools: place, keyIds: keys }: JobsConfig): readonly Job[] {
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
function walJobs({ wal, database, tools: place, keyIds: keys }: JobsConfig): readonly Job[] {
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
function offSiteJobs({ offSite, tools: place }: JobsConfig): readonly Job[] {
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

/** None where emails do not go through SES. */
function sesJobs({ sesAccount }: JobsConfig): readonly Job[] {
  if (!sesAccount) return [];
  return [
    {
      name: 'poll-ses',
      pattern: '*/5 * * * *',
      deadlineSeconds: MINUTE,
      firstAtOnce: true,
      outside: true,
      runOnce: (services) => pollSes(sesAccount, services),
    },
  ];
}

/** None where no folder for reports is named. */
function reportJobs({ reportFolder: folder, reportMail: mail }: JobsConfig): readonly Job[] {
  if (folder === undefined) return [];
  return [
    {
      name: 'monthly-report',
      pattern: '0 6 1 * *',
      deadlineSeconds: HOUR,
      outside: mail !== undefined,
      runOnce: (services) => writeMonthlyReport({ folder, mail }, services),
    },
  ];
}
