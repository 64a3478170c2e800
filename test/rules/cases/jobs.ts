/** When the alerts of prometheus/rules/jobs.yml fire, and when they do not: the scheduler and its jobs. */
import type { AlertCases } from '../case.ts';

const of = (metric: string, labels = ''): string => `sealpost_${metric}{job="scheduler",instance="s:1"${labels}}`;
const job = (metric: string, name: string): string => of(`job_${metric}`, `,job_name="${name}"`);

const both = { severity: 'warning', depends_on: 'database,scheduler' };

export const jobsCases: readonly AlertCases[] = [
  {
    alert: 'SchedulerDown',
    fires: [
      {
        when: 'those that there are stand by',
        given: { [of('scheduler_leading')]: '1x5 0x20' },
        at: '10m',
        labels: { severity: 'critical', depends_on: 'database' },
        summary: 'No scheduler works.',
        description:
          'For over two minutes no scheduler has held the lease. Nothing is cleaned up, backed up or measured, and expired codes stay open in the tables.',
      },
      {
        when: 'there is none',
        given: { [of('scheduler_leading')]: '1x5 stale' },
        at: '10m',
        labels: { severity: 'critical', depends_on: 'database' },
        summary: 'No scheduler works.',
        description:
          'For over two minutes no scheduler has held the lease. Nothing is cleaned up, backed up or measured, and expired codes stay open in the tables.',
      },
    ],
    silent: [
      {
        when: 'the database is away, without which none can',
        given: {
          [of('scheduler_leading')]: '0x20',
          'sealpost_database_available{job="api",instance="a:1"}': '0x20',
        },
        at: '10m',
      },
      {
        when: 'one works and one stands by',
        given: {
          [of('scheduler_leading')]: '1x20',
          'sealpost_scheduler_leading{job="scheduler",instance="t:1"}': '0x20',
        },
        at: '10m',
      },
    ],
  },
  {
    alert: 'JobFailing',
    fires: [
      {
        when: 'the backup does',
        given: { [job('failing', 'backup')]: '0x5 1x20', [job('failing', 'measure')]: '0x30' },
        at: '10m',
        labels: { ...both, job_name: 'backup' },
        summary: 'The job backup fails.',
        description:
          'Its newest run failed, and so has every run for over two minutes. "sealpost jobs history --failed" has the reason.',
      },
    ],
    silent: [
      { when: 'it failed once and then succeeded', given: { [job('failing', 'measure')]: '0x5 1 0x20' }, at: '10m' },
      { when: 'the edge is away, which has an alert', given: { [job('failing', 'watch-edge')]: '1x30' }, at: '10m' },
    ],
  },
  {
    alert: 'JobOverdue',
    fires: [
      {
        when: 'expired codes were closed ten minutes ago',
        given: {
          [job('last_success_timestamp_seconds', 'expire-codes')]: '0x30',
          [job('overdue_after_seconds', 'expire-codes')]: '65x30',
        },
        at: '10m',
        labels: { ...both, job_name: 'expire-codes' },
        summary: 'The job expire-codes is overdue.',
        description: 'It last succeeded 10m 0s ago: twice as long as it should take from one run to the next.',
      },
    ],
    silent: [
      {
        when: 'each was within its time',
        given: {
          [job('last_success_timestamp_seconds', 'expire-codes')]: '0+60x30',
          [job('overdue_after_seconds', 'expire-codes')]: '65x30',
          [job('last_success_timestamp_seconds', 'maintain')]: '0x30',
          [job('overdue_after_seconds', 'maintain')]: '2682000x30',
        },
        at: '10m',
      },
      {
        when: 'it is the backup, which has an alert of its own',
        given: {
          [job('last_success_timestamp_seconds', 'backup')]: '0x30',
          [job('overdue_after_seconds', 'backup')]: '60x30',
        },
        at: '10m',
      },
    ],
  },
  {
    alert: 'CodesOverdue',
    fires: [
      {
        when: 'one is, by five minutes',
        given: { [of('codes_overdue_seconds')]: '300x20' },
        at: '10m',
        labels: both,
        summary: 'Expired codes are not closed.',
        description: 'One should have been closed 5m 0s ago. It is not accepted any more, but its story has no end.',
      },
    ],
    silent: [{ when: 'one is, by seconds', given: { [of('codes_overdue_seconds')]: '6x20' }, at: '10m' }],
  },
];
