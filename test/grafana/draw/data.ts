/** What a Prometheus answers to the queries of a panel, over a span of time. */
import type { Panel } from '../../support/dashboards.ts';
import { filledIn } from '../../support/promql.ts';

/** In seconds. */
export type Span = Readonly<{ from: number; to: number; step: number }>;

/** NaN where there is nothing. The values are a step apart, from the start of the span on; of an instant query there is one. `refId` is its query's. */
export type Series = Readonly<{ name: string; values: readonly number[]; refId?: string }>;

export type Ask = (expr: string, legend: string, isInstant?: boolean) => Promise<readonly Series[]>;

type Point = [number, string];
type Result = { metric: Record<string, string>; values: Point[] } | { metric: Record<string, string>; value: Point };
type Answer = { error?: string; data: { result: Result[] } };

/** Throws where Prometheus cannot read a query. */
export function createAsk(url: string, { from, to, step }: Span): Ask {
  const variables = { __rate_interval: '60s', __range: `${Math.round(to - from)}s` };
  return async (expr, legend, isInstant = false) => {
    const query = filledIn(expr, variables);
    const when = isInstant ? { time: String(to) } : { start: String(from), end: String(to), step: String(step) };
    const path = isInstant ? 'query' : 'query_range';
    const asked = new URLSearchParams({ query, ...when });
    const answer = (await (await fetch(`${url}/api/v1/${path}?${asked}`)).json()) as Answer;
    if (answer.error !== undefined) throw new Error(`${query}: ${answer.error}`);
    return answer.data.result.map((one) => {
      const name = legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => one.metric[label] ?? '').trim();
      if ('value' in one) return { name, values: [Number(one.value[1])] };
      const at = new Map(one.values.map(([time, value]) => [Math.round((time - from) / step), Number(value)]));
      return {
        name,
        values: Array.from({ length: Math.floor((to - from) / step) + 1 }, (__, n) => at.get(n) ?? Number.NaN),
      };
    });
  };
}

/** Of all queries of a panel, in their order. */
export const dataOf = async (panel: Panel, ask: Ask): Promise<readonly Series[]> =>
  (
    await Promise.all(
      panel.targets.map(async ({ refId, expr, legendFormat, instant }) =>
        (await ask(expr, legendFormat, instant)).map((series) => ({ ...series, refId })),
      ),
    )
  ).flat();

/** As it is at the end. */
export const newest = ({ values }: Series): number => values.at(-1) ?? Number.NaN;

/** What the panel says of this one's query alone, such as its colour. */
export const ownOf = ({ fieldConfig }: Panel, { refId }: Series, id: string): unknown =>
  fieldConfig.overrides
    .filter(({ matcher }) => matcher.id === 'byFrameRefID' && matcher.options === refId)
    .flatMap(({ properties }) => properties)
    .find((property) => property.id === id)?.value;
