/** When the alerts of prometheus/rules/monitoring.yml fire, and when they do not: the processes. */
import type { AlertCases } from '../case.ts';

const up = (job: string, instance: string): string => `up{job="${job}",instance="${instance}"}`;
const warning = { severity: 'warning' };
const heap = (job: string): string => `nodejs_heap_size_used_bytes{job="${job}",instance="a:1"}`;
const startedAt = (instance: string): string => `process_start_time_seconds{job="api",instance="${instance}"}`;
const started = startedAt('a:1');

export const monitoringCases: readonly AlertCases[] = [
  {
    alert: 'Watchdog',
    fires: [
      {
        when: 'always',
        given: { [up('api', 'a:1')]: '1x10' },
        at: '1m',
        labels: { severity: 'none' },
        summary: 'Alerts arrive.',
        description:
          'This one always fires. Where it stops arriving, Prometheus, Alertmanager or the way from there is broken.',
      },
    ],
    silent: [],
  },
  {
    alert: 'TargetDown',
    fires: [
      {
        when: 'one of two apis',
        given: { [up('api', 'a:1')]: '1x20', [up('api', 'b:1')]: '1x2 0x20' },
        at: '10m',
        labels: { ...warning, job: 'api', instance: 'b:1' },
        summary: 'Prometheus does not reach api.',
        description: 'api at b:1 has not answered Prometheus for over five minutes: nothing is known of it.',
      },
      {
        when: 'Caddy',
        given: { [up('caddy', 'caddy.metrics:9180')]: '1x2 0x20' },
        at: '10m',
        labels: { ...warning, job: 'caddy', instance: 'caddy.metrics:9180' },
        summary: 'Prometheus does not reach caddy.',
        description:
          'caddy at caddy.metrics:9180 has not answered Prometheus for over five minutes: nothing is known of it.',
      },
    ],
    silent: [
      { when: 'all answer', given: { [up('api', 'a:1')]: '1x20', [up('caddy', 'c:1')]: '1x20' }, at: '10m' },
      {
        when: 'Caddy, and the edge is known to be down',
        given: {
          [up('caddy', 'caddy.metrics:9180')]: '1x2 0x20',
          'sealpost_edge_available{job="scheduler",instance="s:1"}': '1x2 0x20',
        },
        at: '10m',
      },
      { when: 'the only api, which has an alert of its own', given: { [up('api', 'a:1')]: '0x20' }, at: '10m' },
    ],
  },
  {
    alert: 'ProcessRestarting',
    fires: [
      {
        when: 'each five minutes',
        given: { [started]: '100x5 400x5 700x5 1000x5 1300x5 1600x5' },
        at: '29m',
        labels: { ...warning, job: 'api' },
        summary: 'A process restarts again and again: api.',
        description: 'It began anew 4 times within 30 minutes. Its log ends with the reason.',
      },
      {
        when: 'each time under another address, and away between',
        given: {
          [started]: '100x5 stale',
          [startedAt('b:1')]: '_x7 400x4 stale',
          [startedAt('c:1')]: '_x13 700x4 stale',
          [startedAt('d:1')]: '_x18 1000x4 stale',
          [startedAt('e:1')]: '_x23 1300x6',
        },
        at: '29m',
        labels: { ...warning, job: 'api' },
        summary: 'A process restarts again and again: api.',
        description: 'It began anew 4 times within 30 minutes. Its log ends with the reason.',
      },
      {
        when: 'one of two',
        given: {
          [started]: '50x30',
          [startedAt('b:1')]: '100x3 stale _x1 400x3 stale _x1 700x3 stale _x1 1000x3 stale _x1 1300x10',
        },
        at: '29m',
        labels: { ...warning, job: 'api' },
        summary: 'A process restarts again and again: api.',
        description: 'It began anew 4 times within 30 minutes. Its log ends with the reason.',
      },
    ],
    silent: [
      { when: 'once, as when it is replaced', given: { [started]: '100x10 700x20' }, at: '25m' },
      {
        when: 'three, replaced one after another',
        given: {
          [started]: '100x10 700x20',
          [startedAt('b:1')]: '101x12 820x18',
          [startedAt('c:1')]: '102x14 940x16',
        },
        at: '29m',
      },
      {
        when: 'the youngest of two goes and comes, which is no start',
        given: {
          [started]: '50x30',
          [startedAt('b:1')]: '100x3 stale _x1 100x3 stale _x1 100x3 stale _x1 100x3 stale _x1 100x3 stale _x1 100x3',
        },
        at: '29m',
      },
    ],
  },
  {
    alert: 'HeapHigh',
    fires: [
      {
        when: '600 MiB',
        given: { [heap('api')]: `${600 * 2 ** 20}x30` },
        at: '20m',
        labels: { ...warning, job: 'api', instance: 'a:1' },
        summary: 'A process needs much memory: api.',
        description: 'The heap of api at a:1 is 600MiB. At API_HEAP_MEGABYTES, 768 by default, it ends.',
      },
    ],
    silent: [
      { when: '100 MiB', given: { [heap('api')]: `${100 * 2 ** 20}x30` }, at: '20m' },
      { when: 'it is not ours', given: { [heap('other')]: `${600 * 2 ** 20}x30` }, at: '20m' },
    ],
  },
  {
    alert: 'LogLinesLost',
    fires: [
      {
        when: 'some each minute',
        given: { 'sealpost_log_lines_lost_total{job="scheduler",instance="s:1"}': '0x5 0+3x20' },
        at: '20m',
        labels: { ...warning, job: 'scheduler' },
        summary: 'The log of the scheduler has gaps.',
        description:
          '30 lines could not be written within ten minutes: the disk is full, or who reads them stands still.',
      },
    ],
    silent: [
      {
        when: 'none',
        given: { 'sealpost_log_lines_lost_total{job="scheduler",instance="s:1"}': '7x30' },
        at: '20m',
      },
    ],
  },
];
