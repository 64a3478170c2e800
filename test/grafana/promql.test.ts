/** The reader of PromQL and its faults: what it must see before a panel or a rule is believed. */
import { describe, expect, test } from 'vitest';
import { exportedSeries } from '../support/exported-metrics.ts';
import { faultsOf } from '../support/promql-faults.ts';
import { filledIn, readPromql } from '../support/promql.ts';

const exported = await exportedSeries();
const faults = (expression: string): readonly string[] => faultsOf(expression, exported);

describe('an expression is read', () => {
  test('its selectors with their labels, ranges, and what they stand in', () => {
    const { selectors, errors } = readPromql(
      'histogram_quantile(0.9, sum by (le) (rate(a_bucket{x="1", y!~"2|3"}[5m]))) / on (job) {__name__="b", "z"=~`c`}',
    );
    expect(errors).toEqual([]);
    expect(selectors).toEqual([
      {
        metric: 'a_bucket',
        matchers: [
          { label: 'x', operator: '=', value: '1' },
          { label: 'y', operator: '!~', value: '2|3' },
        ],
        within: ['rate', 'sum', 'histogram_quantile'],
        ranged: '5m',
      },
      { metric: 'b', matchers: [{ label: 'z', operator: '=~', value: 'c' }], within: [], ranged: undefined },
    ]);
  });

  test('its groupings, each with the series that it is about', () => {
    const { groupings } = readPromql('sum by (a, b) (x) + sum without (c) (y) * on (d) group_left (e) z');
    expect(
      groupings.map(({ word, labels, selectors }) => [word, labels, selectors.map(({ metric }) => metric)]),
    ).toEqual([
      ['by', ['a', 'b'], ['x']],
      ['without', ['c'], ['y']],
      ['on', ['d'], ['y', 'z']],
      ['group_left', ['e'], ['y', 'z']],
    ]);
  });

  test.each(['sum(up', 'up{job=api}', 'rate(up[5])]', 'up and', '', 'rate(up[$__rate_interval])'])(
    '%s cannot be read',
    (expression) => expect(readPromql(expression).errors).not.toEqual([]),
  );

  test("Grafana's variables are filled in", () => {
    expect(filledIn('rate(a{p=~"$purpose"}[$__rate_interval]) + b{i=~"${instance:regex}"}', { purpose: 'x|y' })).toBe(
      'rate(a{p=~"x|y"}[5m]) + b{i=~".*"}',
    );
  });
});

describe('an expression is right', () => {
  test.each([
    'max(sealpost_outbox_mails)',
    'sum by (type, purpose) (rate(sealpost_events_total{outcome!="wrong"}[5m]))',
    'histogram_quantile(0.99, sum by (le, route) (rate(sealpost_http_request_duration_seconds_bucket[5m])))',
    'time() - max by (job) (process_start_time_seconds{job="api"}) < 300',
    'sum by (space) (nodejs_heap_space_size_used_bytes)',
    'sum by (job, version) (sealpost_build_info) * on (job) group_left (version) sealpost_build_info',
    'max(max_over_time(sealpost_outbox_mails[1h]))',
    'absent(sealpost_events_total)',
    'max by (job_name) (sealpost_job_failing{job="scheduler"})',
    'label_replace(up, "who", "$1", "job", "(.*)") * on (who) label_replace(up, "who", "$1", "job", "(.*)")',
    'sum(increase(sealpost_events_total[1h])) or vector(0)',
  ])('%s', (expression) => expect(faults(expression)).toEqual([]));
});

describe('a fault is seen', () => {
  test.each([
    ['rate(sum(sealpost_events_total)[5m])', ['sum(sealpost_events_total)[5m] is a range of something else']],
    ['rate(sum(sealpost_events_total)[5m:1m])', ['sum(sealpost_events_total)[5m:1m] is a range of something else']],
    ['sum(sealpost_events_total)', ['sealpost_events_total is a counter without its rate']],
    ['sealpost_mail_wait_seconds_sum', ['sealpost_mail_wait_seconds_sum is a counter without its rate']],
    ['rate(sealpost_outbox_mails[5m])', ['rate of sealpost_outbox_mails, a gauge']],
    ['max(sealpost_outbox_mail)', ['nobody exports sealpost_outbox_mail']],
    ['rate(sealpost_mail_wait_seconds[5m])', ['nobody exports sealpost_mail_wait_seconds']],
    ['{job="api"}', ['nobody exports a series without a name']],
    ['sealpost_job_failing{jobs="x"}', ['sealpost_job_failing has no label jobs']],
    ['sum by (kind) (rate(sealpost_events_total[5m]))', ['sealpost_events_total has no label kind']],
    ['sum by (le) (rate(sealpost_mail_wait_seconds_count[5m]))', ['sealpost_mail_wait_seconds_count has no label le']],
    [
      'up * on (job) group_left (commits) sealpost_build_info',
      ['up has no label commits', 'sealpost_build_info has no'],
    ],
    ['sum(up', ['cannot be read at 7: the end']],
  ])('%s', (expression, expected) => {
    const found = faults(expression);
    expect(found).toHaveLength(expected.length);
    expected.forEach((text, at) => expect(found[at]).toContain(text));
  });
});
