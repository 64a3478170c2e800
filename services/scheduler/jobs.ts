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
import { backupJobs, offSiteJobs, walJobs } from './backup-jobs.ts';
import type { Job } from './job.ts';
import { compareDrawnRows } from './jobs/compare-sample.ts';
import { expireCodes } from './jobs/expire-codes.ts';
import { finishErasures } from './jobs/finish-erasures.ts';
import { forgetOldLogs } from './jobs/forget-old-logs.ts';
import { maintain } from './jobs/maintain.ts';
import { type Disks, measure } from './jobs/measure.ts';
import { writeMonthlyReport } from './jobs/monthly-report.ts';
import { pollSes } from './jobs/poll-ses.ts';
import { createEdgeWatch } from './jobs/watch-edge.ts';

const MINUTE = 60;
const HOUR = 3600;

type JobsConfig = Pick<
  SchedulerConfig,
  | 'log'
  | 'edge'
  | 'backup'
  | 'wal'
  | 'offSite'
  | 'database'
  | 'tools'
  | 'keyIds'
  | 'sesAccount'
  | 'reportFolder'
  | 'reportMail'
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
  ...edgeJobs(config),
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

/** None where no edge is named. */
function edgeJobs({ edge }: JobsConfig): readonly Job[] {
  if (!edge) return [];
  return [
    {
      name: 'watch-edge',
      pattern: '*/30 * * * * *',
      deadlineSeconds: MINUTE,
      firstAtOnce: true,
      outside: true,
      runOnce: createEdgeWatch(edge),
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
