/** The drawings show what the queries find, in units that a person reads, and say that they are not Grafana's. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dashboards } from '../support/dashboards.ts';
import type { Ask, Span } from './draw/data.ts';
import { page } from './draw/page.ts';
import { inUnit, marks } from './draw/values.ts';

const span: Span = { from: 1_800_000_000, to: 1_800_000_600, step: 60 };
const rising: Ask = (_, legend) =>
  Promise.resolve([{ name: legend, values: Array.from({ length: 11 }, (__, n) => n / 10) }]);

describe('a value', () => {
  test.each([
    [0.0042, 's', '4.2 ms'],
    [90_000, 's', '25 hours'],
    [0, 's', '0 s'],
    [3 * 2 ** 20, 'bytes', '3 MiB'],
    [0.0144, 'percentunit', '1.44%'],
    [12.5, 'reqps', '12.5 req/s'],
    [1_500_000, 'short', '1.5 Mil'],
  ])('of %d %s is %s', (value, unit, words) => expect(inUnit(value, unit)).toBe(words));

  test('lies between round marks', () => {
    expect(marks(0.93, 'percentunit')).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(marks(13 * 60, 's')).toEqual([0, 300, 600, 900]);
    expect(marks(0, 'short')).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });
});

describe('a drawing', () => {
  test.each(dashboards)(
    'of $uid has every panel with what was found, and does not pass for a screenshot',
    async (one) => {
      const { html, height } = await page(one, rising, span);
      const titles = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
      expect(titles).toEqual(one.panels.map(({ title }) => title));
      expect(html.match(/<polyline/g)?.length).toBeGreaterThan(
        one.panels.filter(({ type }) => type === 'timeseries').length,
      );
      expect(html).not.toMatch(/NaN|undefined|No data/);
      expect(html).toContain('not by Grafana');
      expect(html).not.toMatch(/screenshot/i);
      expect(height).toBeGreaterThan(500);
    },
  );

  test('of nothing says so, in the words of the panel where it has some', async () => {
    const mail = dashboards.find(({ uid }) => uid === 'sealpost-mail');
    if (!mail) throw new Error('there is no dashboard of mail');
    const { html } = await page(mail, () => Promise.resolve([]), span);
    expect(html).not.toContain('<polyline');
    expect(html).toContain('SES has counted nothing yet');
    expect(html).toContain('No data');
  });
});

test.each(dashboards)('the picture of $uid is on the page of monitoring, and no larger than 200 kB', ({ uid }) => {
  const name = `monitoring/${uid.replace('sealpost-', '')}.png`;
  const docs = join(import.meta.dirname, '../../docs');
  expect(readFileSync(join(docs, 'monitoring.md'), 'utf8')).toContain(`](${name})`);
  expect(statSync(join(docs, name)).size).toBeLessThan(200_000);
});
