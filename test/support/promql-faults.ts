/** What is wrong with a PromQL expression, given what is exported: for the queries of panels and for the rules. */
import type { Series } from './exported-metrics.ts';
import { type Grouping, type Promql, readPromql, type Selector } from './promql.ts';

/** They read a counter across its restarts, or ask only whether it is there, or whether it was ever more than 0. */
const READ_COUNTERS = new Set([
  'rate',
  'increase',
  'irate',
  'resets',
  'absent',
  'absent_over_time',
  'present_over_time',
  'max_over_time',
]);
/** They take a fall for a restart, so a gauge is none of theirs. */
const ONLY_COUNTERS = new Set(['rate', 'increase', 'irate', 'resets']);

/** One sentence for each fault; empty where the expression is right. Variables of Grafana are filled in before. */
export function faultsOf(expression: string, exported: ReadonlyMap<string, Series>): readonly string[] {
  const read = readPromql(expression);
  return [
    ...read.errors,
    ...read.ranges.map(
      (text) => `${text} is a range of something else than a metric: a rate is taken first, a sum after`,
    ),
    ...read.selectors.flatMap((one) => faultsOfSelector(one, read, exported)),
    ...read.groupings.flatMap((one) => faultsOfGrouping(one, read, exported)),
  ];
}

function faultsOfSelector({ metric, matchers, within }: Selector, read: Promql, exported: ReadonlyMap<string, Series>) {
  const series = exported.get(metric);
  if (!series) return [`nobody exports ${metric || 'a series without a name'}`];
  const counted = series.kind === 'counter';
  return [
    ...(counted && !within.some((name) => READ_COUNTERS.has(name)) ? [`${metric} is a counter without its rate`] : []),
    ...(counted ? [] : within.filter((name) => ONLY_COUNTERS.has(name)).map((name) => `${name} of ${metric}, a gauge`)),
    ...matchers.map(({ label }) => label).flatMap((label) => missing(label, [metric], read, exported)),
  ];
}

/** What is joined from one side need only be there; all else is on each series that is grouped. */
function faultsOfGrouping({ word, labels, selectors }: Grouping, read: Promql, exported: ReadonlyMap<string, Series>) {
  const metrics = selectors.map(({ metric }) => metric).filter((metric) => exported.has(metric));
  return labels.flatMap((label) => {
    const faults = missing(label, metrics, read, exported);
    return word.startsWith('group_') && faults.length < metrics.length ? [] : faults;
  });
}

const missing = (label: string, metrics: readonly string[], { made }: Promql, exported: ReadonlyMap<string, Series>) =>
  metrics
    .filter((metric) => !made.includes(label) && !exported.get(metric)?.labels.includes(label))
    .map((metric) => `${metric} has no label ${label}`);
