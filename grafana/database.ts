/** PostgreSQL as the programs see it, its log's second copy, and whether the read tables are what the log says. */
import { COPY, DATABASE, lately, measured, most, quantile } from './promql.ts';
import { limits } from './limits.ts';
import { type Dashboard, type Panel, WELL } from './panel.ts';

const connections = most('sealpost_database_connections');
const connectionsMax = most('sealpost_database_connections_max');

const now: readonly Panel[] = [
  {
    id: 1,
    kind: 'stat',
    title: 'The database',
    says: 'Whether it answered every API when it was last asked. While it is away, requests are answered 503 and nothing is lost.',
    queries: [{ expr: DATABASE, legend: 'database' }],
    states: WELL,
    alerts: ['DatabaseDown'],
  },
  {
    id: 2,
    kind: 'stat',
    title: 'Connections used',
    says: 'Of the connections that the server allows, those taken. At 100% nobody else comes in, not even you.',
    unit: 'percentunit',
    queries: [{ expr: measured(`${connections} / ${connectionsMax}`, 'measure'), legend: 'used' }],
    limit: { above: limits.DatabaseConnectionsNearlyUsed },
    max: 1,
  },
  {
    id: 3,
    kind: 'stat',
    title: 'Copy of the log',
    says: 'Whether somebody receives the WAL. While nobody does, a lost disk loses what was written since.',
    queries: [{ expr: COPY, legend: 'received' }],
    states: { '1': { text: 'Received', color: 'green' }, '0': { text: 'Nobody', color: 'red' } },
    none: 'Not kept here',
    alerts: ['WalReceiverAway'],
  },
  {
    id: 4,
    kind: 'stat',
    title: 'Gap in the copy',
    says: 'Whether WAL went that was not received. Only the next base backup makes up for it.',
    queries: [{ expr: measured(most('sealpost_wal_lost'), 'watch-wal'), legend: 'gap' }],
    states: { '0': { text: 'None', color: 'green' }, '1': { text: 'Gap', color: 'red' } },
    none: 'Not kept here',
    alerts: ['WalLost'],
  },
  {
    id: 5,
    kind: 'stat',
    title: 'Rows that differ',
    says: 'Rows of the read tables that are not what the log says, of the addresses last drawn. Anything but 0 is a fault.',
    queries: [{ expr: measured(most('sealpost_read_table_rows_differing'), 'compare-sample'), legend: 'rows' }],
    limit: { above: limits.ReadTablesDiffer },
    alerts: ['ReadTablesDiffer'],
  },
  {
    id: 6,
    kind: 'stat',
    title: 'Size',
    says: 'Of the database on its disk. It grows with every code; see the disks for how long that goes on.',
    unit: 'bytes',
    queries: [{ expr: measured(most('sealpost_database_bytes'), 'measure'), legend: 'size' }],
    more: 'sealpost-jobs',
  },
];

const load: readonly Panel[] = [
  {
    id: 7,
    kind: 'graph',
    title: 'Connections',
    says: 'Connections to all databases of the server, and how many it allows. A line that climbs to the other is a program that does not give them back.',
    queries: [
      { expr: connections, legend: 'open' },
      { expr: connectionsMax, legend: 'allowed' },
    ],
    alerts: ['DatabaseConnectionsNearlyUsed'],
  },
  {
    id: 8,
    kind: 'graph',
    title: 'Oldest transaction',
    says: 'Age of the oldest one that is open. Above the line somebody forgot one: no vacuum takes away what it may still see.',
    unit: 's',
    queries: [{ expr: most('sealpost_database_oldest_transaction_seconds'), legend: 'oldest' }],
    limit: { above: limits.DatabaseTransactionOld },
    alerts: ['DatabaseTransactionOld'],
  },
  {
    id: 9,
    kind: 'graph',
    title: 'Time of the two statements',
    says: 'What half and 99 of 100 batches took to load and to append. If it grows without more requests, it is the disk or a lock.',
    unit: 's',
    queries: [
      { expr: quantile(0.5, 'sealpost_store_duration_seconds', 'step'), legend: '{{step}}, half' },
      { expr: quantile(0.99, 'sealpost_store_duration_seconds', 'step'), legend: '{{step}}, 99 of 100' },
    ],
    more: 'sealpost-api',
  },
];

const copies: readonly Panel[] = [
  {
    id: 10,
    kind: 'graph',
    title: 'WAL not received yet',
    says: 'What was written and has no second copy yet. Some MiB are usual, up to a file of WAL; a line that only climbs has no receiver, and at 2 GiB it is thrown away.',
    unit: 'bytes',
    queries: [{ expr: most('sealpost_wal_lag_bytes'), legend: 'behind' }],
    limit: { above: limits.WalBehind },
    none: 'Not kept here',
    alerts: ['WalBehind'],
  },
  {
    id: 11,
    kind: 'graph',
    title: "The database's clock",
    says: "How far it is from the clock of the API that is furthest off. The rules go by the database's; above the line one machine does not keep time.",
    unit: 's',
    queries: [
      { expr: `max(abs(${lately('sealpost_clock_difference_seconds', 'watch-reputation')}))`, legend: 'apart' },
    ],
    limit: { above: limits.ClockApart },
    alerts: ['ClockApart'],
  },
  {
    id: 12,
    kind: 'states',
    title: 'Since when',
    says: 'The database and the copy of its log over time, red while they are away, grey while nobody knows.',
    queries: [
      { expr: DATABASE, legend: 'database' },
      { expr: COPY, legend: 'copy of the log' },
    ],
    states: WELL,
  },
];

export const database: Dashboard = {
  uid: 'sealpost-database',
  title: 'Sealpost: database',
  says: 'PostgreSQL as the programs see it, and the second copy of its log.',
  from: '6h',
  refresh: '1m',
  rows: [
    { height: 4, panels: now },
    { height: 7, panels: load },
    { height: 7, panels: copies },
  ],
};
