/** The queries of the panels: read by Prometheus's own grammar, of series that are exported, and right over several processes and restarts. */
import { describe, expect, test } from 'vitest';
import { metricTable } from '../../services/runtime/metrics.ts';
import type { Defined } from '../../services/runtime/metrics/define.ts';
import { dashboards } from '../support/dashboards.ts';
import { recorded } from '../rules/files.ts';
import { exportedSeries, type Series } from '../support/exported-metrics.ts';
import { faultsOf } from '../support/promql-faults.ts';
import { filledIn, readPromql } from '../support/promql.ts';

/** What the rules record is of the whole appliance. */
const ofRules = recorded.map(({ record }): [string, Series] => [record, { kind: 'gauge', labels: [] }]);
const exported = new Map([...(await exportedSeries()), ...ofRules]);
const queries = dashboards.flatMap(({ uid, panels, annotations }) => [
  ...panels.flatMap(({ title, type, targets }) =>
    targets.map(({ expr, legendFormat }) => ({ where: `${uid}: ${title}`, type, expr, legend: legendFormat })),
  ),
  ...annotations.list.map(({ name, expr }) => ({ where: `${uid}: ${name}`, type: 'event', expr, legend: '' })),
]);
const gauges = new Set(
  Object.values<Defined<unknown>>(metricTable)
    .filter(({ kind }) => kind === 'gauge')
    .map(({ name }) => name),
);

describe('every query', () => {
  test.each(queries)('of $where asks for what is exported: $legend', ({ expr }) => {
    expect(faultsOf(filledIn(expr), exported)).toEqual([]);
  });

  test('what several processes measure alike is never added up; each scheduler tells for itself whether it works', () => {
    const summed = queries.flatMap(({ expr }) =>
      readPromql(filledIn(expr))
        .selectors.filter(({ metric, within }) => gauges.has(metric) && within[0] === 'sum')
        .map(({ metric }) => metric),
    );
    expect(new Set(summed)).toEqual(new Set(['sealpost_scheduler_leading']));
  });

  test('the rate is of the window that Grafana makes of the step, unless another is meant', () => {
    const windows = queries.flatMap(({ expr }) =>
      [...expr.matchAll(/\[(\$\w+|\d+[smhdw])\]/g)].map(([, window]) => window),
    );
    expect(new Set(windows)).toEqual(new Set(['$__rate_interval', '$__range', '15m', '1h', '1w']));
    const overRange = queries.filter(({ expr }) => expr.includes('$__range]')).map(({ type }) => type);
    expect(new Set(overRange)).toEqual(new Set(['bargauge', 'stat']));
  });

  test('a legend tells the share that is asked for, and the labels that come out', () => {
    const shares: Readonly<Record<string, string>> = { half: '0.5', '95 of 100': '0.95', '99 of 100': '0.99' };
    const asking = queries.filter(({ expr }) => expr.startsWith('histogram_quantile('));
    expect(asking.length).toBeGreaterThan(10);
    for (const { where, expr, legend } of asking) {
      const [words] = Object.entries(shares).find(([, share]) => expr.includes(`quantile(${share},`)) ?? [''];
      const said = `${legend} ${where}`;
      if (Object.keys(shares).some((word) => said.includes(word))) expect(said, where).toContain(words);
    }
    for (const { where, expr, legend } of queries) {
      const outer =
        /^[^a-z]*(?:time\(\) - )?(?:(?:sum|max|min) by|histogram_quantile\([\d.]+, sum by) \(([^)]*)\)/.exec(expr);
      const by = (outer?.[1] ?? '').split(', ').filter((label) => label !== '' && label !== 'le');
      if (legend !== '' && outer)
        expect([...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label).toSorted(), where).toEqual(
          by.toSorted(),
        );
    }
  });
});

describe('every metric', () => {
  /** Why no panel asks for it. */
  const ELSEWHERE: Readonly<Record<string, string>> = {
    sealpost_alert_threshold: 'is what alerts go by; the lines are drawn at the defaults',
    sealpost_backup_event_position: 'is for the restore, and says nothing by itself',
  };

  test('of ours is on a panel or among the events', () => {
    const asked = new Set(
      queries.flatMap(({ expr }) => readPromql(filledIn(expr)).selectors.map(({ metric }) => metric)),
    );
    const unseen = Object.values<Defined<unknown>>(metricTable)
      .map(({ name }) => name)
      .filter((name) => !['', '_bucket', '_sum', '_count'].some((end) => asked.has(`${name}${end}`)));
    expect(unseen.toSorted()).toEqual(Object.keys(ELSEWHERE).toSorted());
  });
});
