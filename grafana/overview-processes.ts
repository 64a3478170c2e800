/** The last row of the overview: what the processes and the alarm tell of themselves. */
import { increase, most, partOf, since, told } from './promql.ts';
import { limits } from './limits.ts';
import type { Panel } from './panel.ts';

export const processes: readonly Panel[] = [
  {
    id: 16,
    kind: 'stat',
    title: 'Certificate',
    says: 'Of the time that the certificate of the API was issued for, what is left. Caddy renews it at a third; below a fifth it has failed to for a while.',
    unit: 'percentunit',
    queries: [
      {
        expr: told(
          '(min(sealpost_certificate_expiry_timestamp_seconds) - time()) / min(sealpost_certificate_lifetime_seconds)',
        ),
        legend: 'left',
      },
    ],
    width: 4,
    limit: { below: limits.CertificateExpiresSoon },
    none: 'Not watched',
    alerts: ['CertificateExpiresSoon'],
  },
  {
    id: 12,
    kind: 'graph',
    title: 'Age of the youngest process',
    says: 'How long ago the newest process of each program started. A line that falls to 0 again and again is a program that restarts.',
    unit: 's',
    queries: [
      { expr: since('process_start_time_seconds{job=~"api|scheduler|receiver|caddy"}', 'job'), legend: '{{job}}' },
    ],
    width: 5,
    alerts: ['ProcessRestarting'],
  },
  {
    id: 13,
    kind: 'graph',
    title: 'Heap',
    says: 'Memory in use in the fullest process of each program. Near the line it collects garbage more than it works.',
    unit: 'bytes',
    queries: [{ expr: most('nodejs_heap_size_used_bytes', 'job'), legend: '{{job}}' }],
    width: 5,
    limit: { above: limits.HeapHigh },
    more: 'sealpost-api',
    alerts: ['HeapHigh'],
  },
  {
    id: 14,
    kind: 'graph',
    title: 'Log lines and spans lost',
    says: 'Lines of the log that could not be written, and spans that the collector of traces did not take. Any is bad: a disk is full, what reads the log stands still, or the collector is away.',
    queries: [
      { expr: increase('sealpost_log_lines_lost_total', ['job']), legend: '{{job}}' },
      { expr: increase('sealpost_trace_spans_lost_total'), legend: 'spans' },
    ],
    width: 5,
    more: 'sealpost-jobs',
    alerts: ['LogLinesLost'],
  },
  {
    id: 15,
    kind: 'graph',
    title: 'Faults of the alarm itself',
    says: 'Alerts that did not reach Alertmanager or a receiver, and rules that could not be worked out. Any is bad: you would not hear of the next fault.',
    queries: [
      { expr: increase('prometheus_notifications_errors_total'), legend: 'not handed over' },
      // Alertmanager tells of a receiver with its first fault only.
      {
        expr: partOf(increase('alertmanager_notifications_failed_total'), 'max(up{job="alertmanager"} == 1)'),
        legend: 'not delivered',
      },
      {
        expr: partOf(
          increase('prometheus_rule_evaluation_failures_total'),
          increase('prometheus_notifications_dropped_total'),
        ),
        legend: 'rules failed',
      },
    ],
    width: 5,
    alerts: ['AlertmanagerDown', 'NotificationsFailing', 'RulesFailing', 'Watchdog'],
  },
];
