/** What a Prometheus answers to the queries of a panel, over a span of time. */
import type { Panel } from '../../support/dashboards.ts';
import { filledIn } from '../../support/promql.ts';

/** In seconds. */
export type Span = Readonly<{ from: number; to: number; step: number }>;

/** NaN where there is nothing. The values are a step apart, from the start of the span on. */
export type Series = Readonly<{ name: string; values: readonly number[] }>;

export type Ask = (expr: string, legend: string) => Promise<readonly Series[]>;

type Answer = { error?: string; data: { result: { metric: Record<string, string>; values: [number, string][] }[] } };

/** Throws where Prometheus cannot read a query. */
export function createAsk(url: string, { from, to, step }: Span): Ask {
  const variables = { __rate_interval: '60s', __range: `${Math.round(to - from)}s` };
  return async (expr, legend) => {
    const query = filledIn(expr, variables);
    const asked = new URLSearchParams({ query, start: String(from), end: String(to), step: String(step) });
    const answer = (await (await fetch(`${url}/api/v1/query_range?${asked}`)).json()) as Answer;
    if (answer.error !== undefined) throw new Error(`${query}: ${answer.error}`);
    return answer.data.result.map(({ metric, values }) => {
      const at = new Map(values.map(([time, value]) => [Math.round((time - from) / step), Number(value)]));
      return {
        name: legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '').trim(),
        values: Array.from({ length: Math.floor((to - from) / step) + 1 }, (__, n) => at.get(n) ?? Number.NaN),
      };
    });
  };
}

/** Of all queries of a panel, in their order. */
export const dataOf = async (panel: Panel, ask: Ask): Promise<readonly Series[]> =>
  (await Promise.all(panel.targets.map(({ expr, legendFormat }) => ask(expr, legendFormat)))).flat();

/** The last value that there is, however the series ends. */
export const newest = ({ values }: Series): number => values.findLast((value) => !Number.isNaN(value)) ?? Number.NaN;
