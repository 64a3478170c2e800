/** When the alerts of prometheus/rules/database.yml fire, and when they do not. */
import type { AlertCases } from '../case.ts';

const ofApi = (metric: string, instance = 'a:1'): string => `sealpost_${metric}{job="api",instance="${instance}"}`;
const ofScheduler = (metric: string, labels = ''): string =>
  `sealpost_${metric}{job="scheduler",instance="s:1"${labels}}`;
const threshold = (name: string): string => ofScheduler('alert_threshold', `,name="${name}"`);

export const databaseCases: readonly AlertCases[] = [
  {
    alert: 'DatabaseDown',
    fires: [
      {
        when: 'one of two apis does not reach it',
        given: { [ofApi('database_available')]: '1x5 0x10', [ofApi('database_available', 'b:1')]: '1x20' },
        at: '8m',
        labels: { severity: 'critical', depends_on: 'api' },
        summary: 'The database does not answer.',
        description: 'An api has not reached the database for over 30 seconds. No code is sent and none is checked.',
      },
    ],
    silent: [{ when: 'it answers', given: { [ofApi('database_available')]: '1x20' }, at: '8m' }],
  },
  {
    alert: 'DatabaseConnectionsNearlyUsed',
    fires: [
      {
        when: '90 of 100 are taken',
        given: { [ofScheduler('database_connections')]: '90x20', [ofScheduler('database_connections_max')]: '100x20' },
        at: '10m',
        labels: { severity: 'warning', depends_on: 'database,scheduler' },
        summary: 'The database has few connections left.',
        description: '90% of its max_connections are taken.',
      },
    ],
    silent: [
      {
        when: '50 of 100 are',
        given: { [ofScheduler('database_connections')]: '50x20', [ofScheduler('database_connections_max')]: '100x20' },
        at: '10m',
      },
      {
        when: '90 are, and the operator wants to know at 95',
        given: {
          [threshold('connections_ratio')]: '0.95x20',
          [ofScheduler('database_connections')]: '90x20',
          [ofScheduler('database_connections_max')]: '100x20',
        },
        at: '10m',
      },
    ],
  },
  {
    alert: 'DatabaseTransactionOld',
    fires: [
      {
        when: 'it is an hour old',
        given: { [ofScheduler('database_oldest_transaction_seconds')]: '0+60x90' },
        at: '1h',
        labels: { severity: 'warning', depends_on: 'database,scheduler' },
        summary: 'A transaction stays open in the database.',
        description:
          'The oldest one is 1h 0m 0s old. Until it ends no vacuum takes away what was deleted since, and everything grows slower.',
      },
    ],
    silent: [
      {
        when: 'the nightly dump takes ten minutes',
        given: { [ofScheduler('database_oldest_transaction_seconds')]: '0+60x10 0x60' },
        at: '12m',
      },
    ],
  },
  {
    alert: 'ClockApart',
    fires: [
      {
        when: 'it is five seconds behind, at one of two apis',
        given: { [ofApi('clock_difference_seconds')]: '-5x20', [ofApi('clock_difference_seconds', 'b:1')]: '0.1x20' },
        at: '10m',
        labels: { severity: 'warning', depends_on: 'api,database' },
        summary: 'The clocks of the api and the database are apart.',
        description: "They are 5s apart. Codes expire by the database's clock, tokens by the api's.",
      },
    ],
    silent: [
      { when: 'they are a second apart', given: { [ofApi('clock_difference_seconds')]: '-1x20' }, at: '10m' },
      {
        when: 'five, and the operator allows ten',
        given: { [threshold('clock_difference_seconds')]: '10x20', [ofApi('clock_difference_seconds')]: '-5x20' },
        at: '10m',
      },
    ],
  },
  {
    alert: 'ReadTablesDiffer',
    fires: [
      {
        when: 'two rows do',
        given: { [ofScheduler('read_table_rows_differing')]: '0x5 2x20' },
        at: '12m',
        labels: { severity: 'warning', depends_on: 'database,scheduler' },
        summary: 'The read tables are not what the log says.',
        description:
          '2 rows differed within the last hour, of the addresses that are drawn each minute. Rules go by the log, so no code is wrong; what admins and your app read may be.',
      },
      {
        when: 'two rows did when they were drawn, and others were drawn since',
        given: { [ofScheduler('read_table_rows_differing')]: '0x5 2 0x30' },
        at: '30m',
        labels: { severity: 'warning', depends_on: 'database,scheduler' },
        summary: 'The read tables are not what the log says.',
        description:
          '2 rows differed within the last hour, of the addresses that are drawn each minute. Rules go by the log, so no code is wrong; what admins and your app read may be.',
      },
    ],
    silent: [
      { when: 'none does', given: { [ofScheduler('read_table_rows_differing')]: '0x20' }, at: '12m' },
      {
        when: 'one did two hours ago, and was put right',
        given: { [ofScheduler('read_table_rows_differing')]: '0x5 2 0x150' },
        at: '130m',
      },
    ],
  },
  {
    alert: 'WalReceiverAway',
    fires: [
      {
        when: 'for ten minutes',
        given: { [ofScheduler('wal_receiver_active')]: '1x5 0x20' },
        at: '15m',
        labels: { severity: 'warning', depends_on: 'database,scheduler' },
        summary: 'Nobody receives the WAL.',
        description:
          'The receiver has been away for over five minutes. PostgreSQL keeps 2 GiB for it; after that the last seconds cannot be restored until the next base backup.',
      },
    ],
    silent: [
      { when: 'for two', given: { [ofScheduler('wal_receiver_active')]: '1x5 0x2 1x20' }, at: '15m' },
      { when: 'no WAL is kept', given: { [ofScheduler('scheduler_leading')]: '1x20' }, at: '15m' },
    ],
  },
  {
    alert: 'WalBehind',
    fires: [
      {
        when: 'it is 1 GiB behind',
        given: { [ofScheduler('wal_receiver_active')]: '1x30', [ofScheduler('wal_lag_bytes')]: '1073741824x30' },
        at: '20m',
        labels: { severity: 'warning', depends_on: 'database,scheduler' },
        summary: 'The WAL is received late.',
        description:
          '1GiB of WAL were written and not received: what is lost with the database now cannot be restored.',
      },
    ],
    silent: [
      {
        when: 'it is 16 MiB behind',
        given: { [ofScheduler('wal_receiver_active')]: '1x30', [ofScheduler('wal_lag_bytes')]: '16777216x30' },
        at: '20m',
      },
      {
        when: 'nobody receives it, which has an alert of its own',
        given: { [ofScheduler('wal_receiver_active')]: '0x30', [ofScheduler('wal_lag_bytes')]: '1073741824x30' },
        at: '20m',
      },
    ],
  },
  {
    alert: 'WalLost',
    fires: [
      {
        when: 'some is',
        given: { [ofScheduler('wal_lost')]: '0x5 1x20' },
        at: '10m',
        labels: { severity: 'warning', depends_on: 'database,scheduler' },
        summary: 'WAL is missing from the backups.',
        description:
          'WAL went that was not received. Until the next base backup only the time before the gap can be restored to the second.',
      },
    ],
    silent: [{ when: 'none is', given: { [ofScheduler('wal_lost')]: '0x20' }, at: '10m' }],
  },
];
