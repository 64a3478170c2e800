/** What is done by the clock: jobs, backups and their rehearsals, and the disks that they need. */
import { mean, measured, most, since, told } from './promql.ts';
import { disks } from './disks.ts';
import { limits } from './limits.ts';
import type { Dashboard, Panel } from './panel.ts';

const JOB = 'job_name';
const lastSuccess = 'sealpost_job_last_success_timestamp_seconds';
/** Of how long it may take from one success to the next. */
const overdue = (success: string): string =>
  `(${since(success, JOB)}) / ${most('sealpost_job_overdue_after_seconds', JOB)}`;

const now: readonly Panel[] = [
  {
    id: 1,
    kind: 'stat',
    title: 'Scheduler at work',
    says: 'Schedulers that hold the lease. One is right; with none, nothing is expired, backed up or cleaned.',
    queries: [{ expr: 'sum(sealpost_scheduler_leading) or vector(0)', legend: 'at work' }],
    states: { '0': { text: 'None', color: 'red' }, '1': { text: 'Works', color: 'green' } },
    alerts: ['SchedulerDown'],
  },
  {
    id: 2,
    kind: 'stat',
    title: 'Jobs that fail',
    says: 'Jobs whose newest run failed. Which ones, the panel below says, and why, the log.',
    queries: [{ expr: told('sum(max by (job_name) (sealpost_job_failing))'), legend: 'failing' }],
    limit: { above: 1 },
  },
  {
    id: 3,
    kind: 'stat',
    title: 'Age of the newest backup',
    says: 'Since the newest whole backup in BACKUP_DIR. Above the line last night has none.',
    unit: 's',
    queries: [
      {
        expr: measured(
          `${since('(sealpost_backup_newest_timestamp_seconds > 0)')} or max(sealpost_backup_newest_timestamp_seconds) == 0`,
          'measure',
        ),
        legend: 'age',
      },
    ],
    states: { '0': { text: 'No backup', color: 'red' } },
    limit: { above: limits.BackupTooOld },
    none: 'Not kept here',
    alerts: ['BackupTooOld'],
  },
  {
    id: 4,
    kind: 'stat',
    title: 'Its size',
    says: 'Of the newest backup that the scheduler made. Much smaller than before is bad.',
    unit: 'bytes',
    queries: [{ expr: told(most('sealpost_backup_bytes')), legend: 'size' }],
    none: 'None made yet',
  },
  {
    id: 5,
    kind: 'stat',
    title: 'Events lost in the rehearsal',
    says: 'Events that the newest rehearsed restore of base and WAL did not have. Anything but 0 would be lost in earnest.',
    queries: [{ expr: told(most('sealpost_rehearsal_lost_events')), legend: 'lost' }],
    limit: { above: 1 },
    none: 'None rehearsed yet',
  },
  {
    id: 6,
    kind: 'stat',
    title: 'Codes overdue',
    says: 'How long the longest overdue code should have been closed. Above the line the job that closes them does not keep up.',
    unit: 's',
    queries: [{ expr: measured(most('sealpost_codes_overdue_seconds'), 'measure'), legend: 'overdue' }],
    limit: { above: limits.CodesOverdue },
    alerts: ['CodesOverdue'],
  },
];

const jobs: readonly Panel[] = [
  {
    id: 7,
    kind: 'bars',
    title: 'Since the last success, by job',
    says: 'How long ago each job last succeeded: 100% is the time from one run to the next and the time that one may take. Above the line it is overdue.',
    unit: 'percentunit',
    queries: [{ expr: overdue(lastSuccess), legend: '{{job_name}}' }],
    limit: { above: limits.JobOverdue },
    max: limits.JobOverdue,
    alerts: ['JobOverdue'],
  },
  {
    id: 8,
    kind: 'states',
    title: 'Failing, by job',
    says: 'Each job over time, red while its newest run failed. A job that does not run at night cannot turn green before.',
    queries: [{ expr: most('sealpost_job_failing', JOB), legend: '{{job_name}}' }],
    states: { '0': { text: 'Well', color: 'green' }, '1': { text: 'Fails', color: 'red' } },
    alerts: ['JobFailing'],
  },
  {
    id: 9,
    kind: 'graph',
    title: 'Time of a run, by job',
    says: 'How long runs take, on average. One that grows from week to week is going to meet its deadline.',
    unit: 's',
    queries: [{ expr: mean('sealpost_job_duration_seconds', 'outcome!=""', JOB), legend: '{{job_name}}' }],
  },
];

const rehearsals: readonly Panel[] = [
  {
    id: 13,
    kind: 'graph',
    title: 'Since the last rehearsed restore',
    says: 'How long ago a backup was last restored on trial, by kind: 100% is when the next is due. Above the line nobody knows whether the backups are worth anything.',
    unit: 'percentunit',
    queries: [{ expr: overdue(`${lastSuccess}{job_name=~"rehearse-.*"}`), legend: '{{job_name}}' }],
    limit: { above: limits.RehearsalTooOld },
    none: 'None rehearsed yet',
    alerts: ['RehearsalTooOld'],
  },
  {
    id: 14,
    kind: 'graph',
    title: 'Time of a rehearsed restore',
    says: 'How long a restore takes, by what is restored: about as long as you would be without a database.',
    unit: 's',
    queries: [{ expr: most('sealpost_rehearsal_duration_seconds', 'kind'), legend: '{{kind}}' }],
    none: 'None rehearsed yet',
  },
  {
    id: 15,
    kind: 'bars',
    title: 'Since the last good round, by loop',
    says: 'What each program does again and again, and how long ago a round last succeeded. What a loop measures is as old as this.',
    unit: 's',
    queries: [
      {
        expr: 'time() - min by (job, loop) (sealpost_loop_last_success_timestamp_seconds)',
        legend: '{{job}} {{loop}}',
      },
    ],
    more: 'sealpost-api',
  },
];

export const scheduled: Dashboard = {
  uid: 'sealpost-jobs',
  title: 'Sealpost: jobs and backups',
  says: 'What is done by the clock, whether it can be restored, and the disks.',
  from: '24h',
  refresh: '1m',
  rows: [
    { height: 4, panels: now },
    { height: 8, panels: jobs },
    { height: 7, panels: disks },
    { height: 7, panels: rehearsals },
  ],
};
