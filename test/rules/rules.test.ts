/** The rules: each alert says what, how bad and where to look; what it asks for is exported; and each has a case that fires and one that does not. */
import { describe, expect, test } from 'vitest';
import type { AlertName } from '../../grafana/alert-names.ts';
import { explainedBy } from '../../grafana/alerts.ts';
import { dashboards } from '../../grafana/all.ts';
import { fixed } from '../../grafana/limits.ts';
import { DOWN } from '../../services/cli/alerts/inhibition.ts';
import { chapters } from '../../services/config/all.ts';
import { alertThresholds, alertThresholdSettings } from '../../services/config/alert-thresholds.ts';
import { readSettings } from '../../services/runtime/settings.ts';
import { exportedSeries, type Series } from '../support/exported-metrics.ts';
import { faultsOf } from '../support/promql-faults.ts';
import { readPromql } from '../support/promql.ts';
import { textOf } from '../support/stack-files.ts';
import { alerts, recorded } from './files.ts';
import { alertCases } from './promtool.ts';

const SECTIONS = ['Means', 'Look at', 'Do', 'Escalate'];

const runbooks = textOf('prometheus/README.md');
const explained = explainedBy(dashboards);
const defaults: Readonly<Record<string, number>> = alertThresholds(readSettings(alertThresholdSettings, {}));

describe('the alerts', () => {
  test('are many, each under a name of its own', () => {
    const names = alerts.map(({ alert }) => alert);
    expect(names.length).toBeGreaterThan(25);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(alerts)('$alert says what, how bad, and what it depends on', ({ alert, labels, annotations }) => {
    expect(alert).toMatch(/^(?:[A-Z][a-z]+){1,5}$/);
    expect(Object.keys(labels).toSorted()).toEqual(
      labels.depends_on === undefined ? ['severity'] : ['depends_on', 'severity'],
    );
    expect(['critical', 'warning', 'info', alert === 'Watchdog' ? 'none' : 'info']).toContain(labels.severity);
    const layers = labels.depends_on?.split(',') ?? [];
    const causes = layers.map((layer) => DOWN[layer]);
    expect(causes).not.toContain(undefined);
    expect(causes).not.toContain(alert);
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook_url', 'dashboard']);
    expect(annotations.summary).toMatch(/^.{10,70}[.}]$/);
    expect(annotations.description?.trim()).toMatch(/[.}]$/);
  });

  test.each(alerts)('$alert leads to its runbook, which has all four parts', ({ alert, annotations }) => {
    expect(annotations.runbook_url).toBe(`{{ $externalLabels.grafana }}/runbooks#${alert.toLowerCase()}`);
    const [, section = ''] = runbooks.split(`\n### ${alert}\n`);
    const parts = [...(section.split(/\n##/)[0] ?? '').matchAll(/^- \*\*(.+)\.\*\* .{3,}/gm)].map(([, part]) => part);
    expect(parts).toEqual(SECTIONS);
  });

  test('and no other have runbooks', () => {
    const written = [...runbooks.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
    expect(written.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });

  test.each(alerts)('$alert leads to the panel that explains it', ({ alert, annotations }) => {
    const panel = explained.get(alert as AlertName);
    expect(annotations.dashboard).toBe(`{{ $externalLabels.grafana }}${panel?.path}`);
  });

  test('that others depend on are there', () => {
    const names = new Set(alerts.map(({ alert }) => alert));
    expect(Object.values(DOWN).filter((cause) => !names.has(cause))).toEqual([]);
  });

  test('have a case that fires and one that does not; only the watchdog always fires', () => {
    expect(alertCases.map(({ alert }) => alert).toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    const lacking = alertCases.filter(({ fires, silent }) => fires.length === 0 || silent.length === 0);
    expect(lacking.map(({ alert }) => alert)).toEqual(['Watchdog']);
  });
});

describe('what the rules ask for', () => {
  /** What a rule records has the labels that its outermost aggregation leaves, and is a gauge. */
  const ofRules = recorded.map(({ record }): [string, Series] => [
    record,
    { kind: 'gauge', labels: record === 'sealpost:alert_threshold:max' ? ['name'] : [] },
  ]);

  test.each([
    ...alerts.map(({ alert, expr }) => [alert, expr] as const),
    ...recorded.map(({ record, expr }) => [record, expr] as const),
  ])('%s asks only for what is exported, and reads it as it must be', async (_, expr) => {
    expect(faultsOf(expr, new Map([...(await exportedSeries()), ...ofRules]))).toEqual([]);
  });

  test('and what they record is named level:metric:operation and asked for by another', () => {
    const used = new Set(
      [...alerts, ...recorded].flatMap(({ expr }) => readPromql(expr).selectors.map(({ metric }) => metric)),
    );
    for (const { record } of recorded) {
      expect(record).toMatch(/^(?:sealpost|job):[a-z0-9_]+:[a-z0-9_]+$/);
      expect(used).toContain(record);
    }
  });
});

describe('the thresholds', () => {
  test.each(Object.entries(fixed))('of %s that is no setting is where its panel has the line', (name, value) => {
    const { expr = '' } = alerts.find(({ alert }) => alert === name) ?? {};
    const compared = [...expr.matchAll(/> ([\d.]+(?: \* \d+)*)/g)].map(([, product = '']) =>
      product.split(' * ').reduce((whole, factor) => whole * Number(factor), 1),
    );
    expect(compared).toContain(value);
  });

  test('are known by the rules with the defaults of the settings, for as long as no scheduler tells them', () => {
    const { expr = '' } = recorded.find(({ record }) => record === 'sealpost:alert_threshold:max') ?? {};
    const known = [...expr.matchAll(/vector\(([\d.]+)\), "name", "(\w+)"/g)].map(([, value, name]) => [
      name,
      Number(value),
    ]);
    expect(Object.fromEntries(known)).toEqual(defaults);
  });

  test('are each used by an alert, and no other is asked for', () => {
    const asked = alerts.flatMap(({ expr }) =>
      [...expr.matchAll(/alert_threshold:max\{name="(\w+)"\}/g)].map(([, name = '']) => name),
    );
    expect([...new Set(asked)].toSorted()).toEqual(Object.keys(defaults).toSorted());
  });

  test('that the runbooks name are settings', () => {
    const settings = new Set(Object.values(chapters).flatMap((table) => Object.keys(table)));
    const named = [...runbooks.matchAll(/`(ALERT_[A-Z_]+[A-Z])`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !settings.has(name))).toEqual([]);
  });
});
