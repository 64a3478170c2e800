/** All metrics, in tables by chapter: what Prometheus scrapes from each program. No label ever holds an address or an id. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { build } from './build.ts';
import { codeMetrics } from './metrics/codes.ts';
import type { Defined, Program } from './metrics/define.ts';
import { jobMetrics } from './metrics/jobs.ts';
import { mailMetrics } from './metrics/mail.ts';
import { processMetrics } from './metrics/process.ts';

export const metricTable = { ...processMetrics, ...codeMetrics, ...mailMetrics, ...jobMetrics };

type Made<Table> = { readonly [Name in keyof Table]: Table[Name] extends Defined<infer Metric> ? Metric : never };

export type Metrics = Made<typeof metricTable> & Readonly<{ registry: Registry }>;

/** What a scheduler that works no longer has measured is not known any more: the one that works tells it. */
export function forgetMeasures(metrics: Metrics): void {
  for (const name of Object.keys(jobMetrics) as (keyof typeof jobMetrics)[]) {
    const metric = metrics[name];
    if (!(metric instanceof Gauge)) continue;
    metric.reset();
    if (metricTable[name].labelNames.length === 0) metric.remove();
  }
}

/** Those of a program are in its registry; the others may be set too, and nobody sees them. */
export function createMetrics(program: Program): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const made = Object.entries(metricTable).map(([name, one]: [string, Defined<unknown>]) => [
    name,
    one.make(one.of.includes(program) ? [registry] : []),
  ]);
  const metrics = { ...(Object.fromEntries(made) as Made<typeof metricTable>), registry };
  metrics.buildInfo.set({ ...build(), node: process.version.slice(1) }, 1);
  return metrics;
}
