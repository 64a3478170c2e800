/** Every series that the stack's Prometheus has, by name, with its kind and labels: ours as the tables say, and those of others. */
import { createMetrics, metricTable } from '../../services/runtime/metrics.ts';
import type { Defined, Program } from '../../services/runtime/metrics/define.ts';

export type Series = Readonly<{ kind: 'counter' | 'gauge'; labels: readonly string[] }>;

/** What Prometheus gives to every series that it scrapes. */
const SCRAPED = ['job', 'instance'];

/** What the other programs of the stack and Prometheus itself tell, as far as it is asked for. */
const FOREIGN: Readonly<Record<string, Series>> = {
  up: { kind: 'gauge', labels: [] },
  ALERTS: { kind: 'gauge', labels: ['alertname', 'alertstate', 'severity'] },
  caddy_http_request_duration_seconds_count: { kind: 'counter', labels: ['handler', 'server', 'code', 'method'] },
  prometheus_config_last_reload_successful: { kind: 'gauge', labels: [] },
  prometheus_notifications_alertmanagers_discovered: { kind: 'gauge', labels: [] },
  prometheus_notifications_dropped_total: { kind: 'counter', labels: [] },
  prometheus_notifications_errors_total: { kind: 'counter', labels: ['alertmanager'] },
  prometheus_rule_evaluation_failures_total: { kind: 'counter', labels: ['rule_group'] },
  alertmanager_config_last_reload_successful: { kind: 'gauge', labels: [] },
  alertmanager_notifications_failed_total: { kind: 'counter', labels: ['integration', 'reason'] },
};

/** A histogram is three counters. */
function seriesOf(name: string, kind: string, own: readonly string[]): [string, Series][] {
  const labels = [...own.map((label) => (SCRAPED.includes(label) ? `exported_${label}` : label)), ...SCRAPED];
  if (kind !== 'histogram') return [[name, { kind: kind === 'counter' ? 'counter' : 'gauge', labels }]];
  return ['_bucket', '_sum', '_count'].map((end) => [
    `${name}${end}`,
    { kind: 'counter', labels: end === '_bucket' ? [...labels, 'le'] : labels },
  ]);
}

/** What prom-client tells of a process, with the labels that it gives. */
async function ofTheProcess(program: Program): Promise<[string, Series][]> {
  const all = await createMetrics(program).registry.getMetricsAsJSON();
  return all
    .filter(({ name }) => /^(?:process|nodejs)_/.test(name))
    .flatMap(({ name, type, values }) =>
      seriesOf(name, String(type), [...new Set(values.flatMap(({ labels }) => Object.keys(labels)))]),
    );
}

/** Recorded series, or whatever else is not exported, may be added by who asks. */
export async function exportedSeries(): Promise<Map<string, Series>> {
  return new Map([
    ...Object.entries(FOREIGN).flatMap(([name, { kind, labels }]) => seriesOf(name, kind, labels)),
    ...(await ofTheProcess('api')),
    ...Object.values<Defined<unknown>>(metricTable).flatMap(({ name, kind, labelNames }) =>
      seriesOf(name, kind, labelNames),
    ),
  ]);
}
