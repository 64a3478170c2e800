/** The table of jobs: which there are, and when each runs. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { readSchedulerConfig } from '../../services/scheduler/config.ts';
import type { Job } from '../../services/scheduler/job.ts';
import { jobsOf } from '../../services/scheduler/jobs.ts';
import { cronOf } from '../../services/scheduler/term.ts';
import { JWT_SECRET } from '../support/api.ts';

const DAY = 86_400;

const config = readSchedulerConfig({
  JWT_SECRET,
  EDGE_ADDRESS: 'caddy.metrics:443',
  BACKUP_DIR: '/no/such/folder',
  WAL_DIR: '/no/such/folder',
  BACKUP_DB_PASSWORD: 'x',
  BACKUP_REPOSITORY: '/no/such/folder',
  BACKUP_REPOSITORY_PASSWORD: 'twelve signs',
  REPORT_DIR: '/no/such/folder',
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
});
const jobs = jobsOf(config);

test.each([
  ['expire-codes', 5, ['2026-03-01T00:00:00', '2026-03-01T00:00:05', '2026-03-01T00:00:10']],
  ['forget-idempotency-keys', 3600, ['2026-03-01T00:07:00', '2026-03-01T01:07:00', '2026-03-01T02:07:00']],
  ['finish-erasures', 60, ['2026-03-01T00:00:03', '2026-03-01T00:01:03', '2026-03-01T00:02:03']],
  ['measure', 30, ['2026-03-01T00:00:00', '2026-03-01T00:00:30', '2026-03-01T00:01:00']],
  ['watch-edge', 30, ['2026-03-01T00:00:00', '2026-03-01T00:00:30', '2026-03-01T00:01:00']],
  ['compare-sample', 60, ['2026-03-01T00:00:33', '2026-03-01T00:01:33', '2026-03-01T00:02:33']],
  ['forget-old-rows', 3600, ['2026-03-01T00:17:00', '2026-03-01T01:17:00', '2026-03-01T02:17:00']],
  ['clean-up-codes', 7 * DAY, ['2026-03-01T03:00:00', '2026-03-08T03:00:00', '2026-03-15T03:00:00']],
  ['clean-up-emails', 31 * DAY, ['2026-03-01T04:00:00', '2026-04-01T04:00:00', '2026-05-01T04:00:00']],
  ['maintain', 31 * DAY, ['2026-03-01T05:00:00', '2026-04-01T05:00:00', '2026-05-01T05:00:00']],
  ['backup', DAY, ['2026-03-01T02:00:00', '2026-03-02T02:00:00', '2026-03-03T02:00:00']],
  ['check-backups', DAY, ['2026-03-01T04:30:00', '2026-03-02T04:30:00', '2026-03-03T04:30:00']],
  ['rehearse-dump', 7 * DAY, ['2026-03-01T06:15:00', '2026-03-08T06:15:00', '2026-03-15T06:15:00']],
  ['base-backup', DAY, ['2026-03-01T02:30:00', '2026-03-02T02:30:00', '2026-03-03T02:30:00']],
  ['watch-wal', 60, ['2026-03-01T00:00:23', '2026-03-01T00:01:23', '2026-03-01T00:02:23']],
  ['rehearse-restore', DAY, ['2026-03-01T05:15:00', '2026-03-02T05:15:00', '2026-03-03T05:15:00']],
  ['off-site', DAY, ['2026-03-01T03:10:00', '2026-03-02T03:10:00', '2026-03-03T03:10:00']],
  ['poll-ses', 300, ['2026-03-01T00:00:00', '2026-03-01T00:05:00', '2026-03-01T00:10:00']],
  ['monthly-report', 31 * DAY, ['2026-03-01T06:00:00', '2026-04-01T06:00:00', '2026-05-01T06:00:00']],
  ['forget-old-logs', DAY, ['2026-03-01T03:40:00', '2026-03-02T03:40:00', '2026-03-03T03:40:00']],
])('%s runs every %i seconds at most, by UTC wherever the machine is', (name, _, times) => {
  vi.stubEnv('TZ', 'Asia/Kolkata');
  onTestFinished(() => void vi.unstubAllEnvs());
  const cron = cronOf(jobs.find((job) => job.name === name) as Job, async () => {});
  onTestFinished(() => cron.stop());
  const found = cron.nextRuns(3, new Date('2026-02-28T23:59:59Z'));
  expect(found.map((date) => date.toISOString())).toEqual(times.map((time) => `${time}.000Z`));
  expect(jobs).toHaveLength(20);
  expect(
    jobsOf({
      ...config,
      edge: undefined,
      backup: undefined,
      wal: undefined,
      offSite: undefined,
      sesAccount: undefined,
      reportFolder: undefined,
      reportMail: undefined,
    }),
  ).toHaveLength(10);
});

test.each([
  ['without a secret', { AWS_ACCESS_KEY_ID: 'x' }, 0],
  ['by SMTP', { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', MAIL_TRANSPORT: 'smtp' }, 0],
  ['by SES', { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' }, 1],
])('poll-ses is there where emails go by SES: %s', (_, given, times) => {
  const found = jobsOf(readSchedulerConfig({ JWT_SECRET, ...given })).filter((job) => job.name === 'poll-ses');
  expect(found).toHaveLength(times);
});
