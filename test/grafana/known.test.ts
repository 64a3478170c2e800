/** A panel of what is now never shows what was: nothing is green because nobody measures it. */
import { describe, expect, test } from 'vitest';
import { WRONG_CODES_MIN } from '../../grafana/limits.ts';
import { metricTable } from '../../services/runtime/metrics.ts';
import type { Defined } from '../../services/runtime/metrics/define.ts';
import { page } from '../support/pages.ts';
import { alerts } from '../rules/files.ts';
import { dashboards, type Panel } from '../support/dashboards.ts';
import { readPromql, filledIn } from '../support/promql.ts';

const panels = dashboards.flatMap(({ uid, panels: all }) =>
  all.map((panel): [string, Panel] => [`${uid}: ${panel.title}`, panel]),
);
const of = (...types: readonly Panel['type'][]) => panels.filter(([, { type }]) => types.includes(type));
const gauges = new Map(
  Object.values<Defined<unknown>>(metricTable)
    .filter(({ kind }) => kind === 'gauge')
    .map(({ name, of: programs }) => [name, programs]),
);
/** Told by the database's absence, by the process itself, or a time that says itself how old it is. */
const SAYS_ITSELF = new Set([
  'sealpost_database_available',
  'sealpost_scheduler_leading',
  'sealpost_loop_last_success_timestamp_seconds',
  'sealpost_job_last_success_timestamp_seconds',
  'sealpost_job_overdue_after_seconds',
  // The scheduler that works takes it back when it no longer does, and a gap is drawn.
  'sealpost_job_failing',
]);

describe('what is now', () => {
  test.each(of('stat', 'bargauge'))('%s asks for this moment, and takes what it finds', (_, panel) => {
    expect(panel.targets.every(({ instant }) => instant)).toBe(true);
    expect(panel.options.reduceOptions?.calcs).toEqual(['last']);
  });

  test.each(of('stat'))('%s is grey and not green where it finds nothing', (_, panel) => {
    const { mappings, noValue } = panel.fieldConfig.defaults;
    const none = mappings.find(({ type, options }) => type === 'special' && options.match === 'null');
    expect(none?.options.result).toEqual({ text: noValue, color: 'gray' });
    const unknown = mappings.find(({ type }) => type === 'value');
    expect(unknown?.options).toMatchObject({ '-1': { text: 'Not known', color: 'gray' } });
  });

  test.each(of('stat', 'state-timeline'))('%s goes by nothing that was measured long ago', (_, panel) => {
    for (const { expr } of panel.targets) {
      const asked = readPromql(filledIn(expr)).selectors.map(({ metric }) => metric);
      const kept = asked.filter((metric) => gauges.has(metric) && !SAYS_ITSELF.has(metric));
      if (kept.length === 0) continue;
      expect(expr).toContain('vector(-1)');
      const isOfApi = kept.every((metric) => gauges.get(metric)?.includes('api'));
      const by = isOfApi ? 'sealpost_loop_last_success_timestamp_seconds' : 'sealpost_scheduler_leading';
      expect(asked, expr).toContain(by);
    }
  });

  test('without a limit is not green', () => {
    const steps = of('stat').flatMap(([, { fieldConfig }]) => [fieldConfig.defaults.thresholds.steps]);
    expect(steps.filter(([first, ...rest]) => rest.length === 0 && first?.color !== 'text')).toEqual([]);
  });
});

describe('a colour', () => {
  test('of what failed is red, and of what was refused not', () => {
    const colours = panels.flatMap(([, { targets, fieldConfig }]) =>
      targets.flatMap(({ refId, legendFormat }) => {
        const own = fieldConfig.overrides.find(({ matcher }) => matcher.options === refId)?.properties;
        const color = own?.find(({ id }) => id === 'color')?.value as { fixedColor: string } | undefined;
        return /\((?:4|5)xx\)/.test(legendFormat) ? [[legendFormat, color?.fixedColor]] : [];
      }),
    );
    expect(colours.length).toBeGreaterThan(4);
    for (const [legend, color] of colours) expect(color).toBe(legend?.includes('5xx') ? 'red' : 'yellow');
  });

  test('red of an attack needs as many wrong codes as its alert', () => {
    const [, panel] = panels.find(([name]) => name === 'sealpost-overview: An attack, by wrong codes') ?? [];
    expect(alerts.find(({ alert }) => alert === 'WrongCodesMany')?.expr).toContain(`increase15m > ${WRONG_CODES_MIN}`);
    expect(panel?.targets[0]?.expr).toContain(`> ${WRONG_CODES_MIN} or`);
  });
});

test.each(panels)('%s says so where its areas stand on each other', (name, { fieldConfig }) => {
  expect(name.endsWith(' (stacked)')).toBe(fieldConfig.defaults.custom?.stacking?.mode === 'normal');
});

test('the page of monitoring names panels as they are named', () => {
  const [, night = ''] = page('docs/monitoring.md').text.split('## Five questions at night');
  const bold = [...(night.split('## Open Grafana')[0] ?? '').matchAll(/\*\*([^*]+)\*\*/g)].map(([, name = '']) => name);
  const named = bold.filter((name) => !name.endsWith('.'));
  /** Rows of "Since when: what works", a dashboard, what panels say, and how paragraphs begin. */
  const others = [
    'APIs',
    'database',
    'edge',
    'mail service',
    'scheduler',
    'Codes',
    'Few',
    'Not known',
    'How bad',
    'Since when and until when',
  ];
  const titles = new Set([
    ...others,
    ...panels.map(([, { title }]) => title.replace(/ \(stacked\)|, by error code$/g, '')),
  ]);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !titles.has(name))).toEqual([]);
});
