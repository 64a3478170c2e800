/** A row of the dashboard of jobs: the disks, and the runs that failed. */
import { increase, most, partOf } from './promql.ts';
import { limits } from './limits.ts';
import type { Panel } from './panel.ts';

const free = (bytes: string): string => `min by (disk) (${bytes}) / ${most('sealpost_disk_bytes', 'disk')}`;
const FREE = 'sealpost_disk_free_bytes';
const runs = 'sealpost_job_duration_seconds_count';

export const disks: readonly Panel[] = [
  {
    id: 10,
    kind: 'graph',
    title: 'Free on each disk',
    says: 'Of each disk, by what is on it, what is free. Below the line backups, and soon the log, cannot be written.',
    unit: 'percentunit',
    queries: [
      { expr: free(FREE), legend: '{{disk}}' },
      { expr: most('sealpost_disk_free_files_ratio', 'disk'), legend: '{{disk}}, files' },
    ],
    limit: { below: limits.DiskNearlyFull },
    max: 1,
    alerts: ['DiskNearlyFull'],
  },
  {
    id: 11,
    kind: 'graph',
    title: 'Free in four hours, if it goes on',
    says: 'What is free in four hours when each disk goes on as in the last one. A line at 0 is a disk that is full by then.',
    unit: 'bytes',
    queries: [
      {
        expr: `clamp_min(min by (disk) (predict_linear(${FREE}[1h], 4 * 3600)), 0) and min by (disk) (${FREE} offset 10m)`,
        legend: '{{disk}}',
      },
    ],
    none: 'Known after ten minutes',
    alerts: ['DiskFullSoon'],
  },
  {
    id: 12,
    kind: 'graph',
    title: 'Runs that failed',
    says: 'Failed runs of jobs. Single ones are made up for by the next run; the panel above says which job still fails.',
    queries: [
      {
        expr: partOf(increase(`${runs}{outcome!="done"}`, ['job_name']), increase(runs, ['job_name'])),
        legend: '{{job_name}}',
      },
    ],
  },
];
