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
  caddy_http_requests_in_flight: { kind: 'gauge', labels: ['handler', 'server'] },
  prometheus_config_last_reload_successful: { kind: 'gauge', labels: [] },
  prometheus_notifications_alertmanagers_discovered: { kind: 'gauge', labels: [] },
  prometheus_notifications_dropped_total: { kind: 'counter', labels: [] },
  prometheus_notifications_errors_total: { kind: 'counter', labels: ['alertmanager'] },
  prometheus_rule_evaluation_failures_total: { kind: 'counter', labels: ['rule_group'] },
  prometheus_tsdb_head_series: { kind: 'gauge', labels: [] },
  alertmanager_config_last_reload_successful: { kind: 'gauge', labels: [] },
  alertmanager_notifications_failed_total: { kind: 'counter', labels: ['integration', 'reason'] },
};

/** A histogram is three counters. */
const seriesOf = (name: string, kind: string, labels: readonly string[]): [string, Series][] =>
  kind === 'histogram'
    ? ['_bucket', '_sum', '_count'].map((end) => [
        `${name}${end}`,
        { kind: 'counter', labels: [...labels, ...SCRAPED, ...(end === '_bucket' ? ['le'] : [])] },
      ])
    : [[name, { kind: kind === 'counter' ? 'counter' : 'gauge', labels: [...labels, ...SCRAPED] }]];

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
