/** The dashboards are what their sources say, lead to each other and to the runbooks, and are laid out and worded as they should be. */
import { defaultDashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, test } from 'vitest';
import { ALERTS } from '../../grafana/alert-names.ts';
import { explainedBy, runbookOf } from '../../grafana/alerts.ts';
import { dashboards as sources } from '../../grafana/all.ts';
import { placed } from '../../grafana/build-dashboard.ts';
import { limits } from '../../grafana/limits.ts';
import { written } from '../../grafana/write.ts';
import { committed, dashboards, type Panel } from '../support/dashboards.ts';

const panels = dashboards.flatMap(({ uid, panels: all }) => all.map((panel) => ({ uid, panel })));
/** Without what keeps the time. */
const target = ({ url }: Readonly<{ url: string }>): string => url.replace('?${__url_time_range}', '');
const named = panels.map(({ uid, panel }): [string, Panel] => [`${uid}: ${panel.title}`, panel]);
const steps = (title: string) => named.find(([name]) => name === title)?.[1].fieldConfig.defaults.thresholds.steps;
const uids = ['api', 'attack', 'database', 'funnel', 'jobs', 'mail', 'overview'].map((name) => `sealpost-${name}`);

describe('the files', () => {
  test('are what "npm run dashboards" writes, one for each uid', () => {
    expect(Object.keys(committed).toSorted()).toEqual(uids.map((uid) => `${uid}.json`));
    expect(Object.keys(written).toSorted()).toEqual(Object.keys(committed).toSorted());
    for (const [name, text] of Object.entries(written)) expect(committed[name] === text, name).toBe(true);
  });

  test('are of the schema that the SDK builds, read only, and refreshed', () => {
    for (const { uid, schemaVersion, editable, refresh, time, tags } of dashboards) {
      expect(uids).toContain(uid);
      expect(schemaVersion).toBe(defaultDashboard().schemaVersion);
      expect({ editable, to: time.to, tags }).toEqual({ editable: false, to: 'now', tags: ['sealpost'] });
      expect(['30s', '1m']).toContain(refresh);
      expect(time.from).toMatch(/^now-\d+h$/);
    }
  });

  test('hold no address, of a person or of a machine', () => {
    for (const [name, text] of Object.entries(committed)) expect(text, name).not.toMatch(/@|\d+\.\d+\.\d+\.\d+/);
  });
});

describe('the ways', () => {
  test('lead from each dashboard to all others and to the runbooks', () => {
    for (const { uid, links } of dashboards) {
      const others = uids.filter((other) => other !== uid).map((other) => `/d/${other}`);
      expect(links.map(({ url }) => url).toSorted(), uid).toEqual([...others, '/runbooks'].toSorted());
      expect(committed[`${uid}.json`], 'a link in a menu').not.toContain('inControlsMenu');
      expect(links.filter(({ keepTime }) => keepTime).map(({ url }) => url)).not.toContain('/runbooks');
    }
  });

  test('lead from the five questions of the overview to where more is said', () => {
    const first = dashboards.find(({ uid }) => uid === 'sealpost-overview')?.panels.slice(0, 5) ?? [];
    expect(first.map(({ links }) => links?.map(target))).toEqual(
      ['api', 'mail', 'database', 'api', 'attack'].map((name) => [`/d/sealpost-${name}`]),
    );
  });

  test.each(named)('%s leads only to dashboards that are there', (_, { links = [], description }) => {
    const urls = [...links.map(target), ...[...description.matchAll(/\]\(([^)]*)\)/g)].map(([, url]) => url)];
    const known = new Set([...uids.map((uid) => `/d/${uid}`), ...ALERTS.map(runbookOf)]);
    expect(urls.filter((url) => !known.has(String(url)))).toEqual([]);
  });

  test('lead from each alert to one panel, whose description leads to its runbook', () => {
    const all = sources.flatMap(({ rows }) => rows.flatMap((row) => row.panels.flatMap(({ alerts = [] }) => alerts)));
    expect(all.toSorted()).toEqual([...ALERTS].toSorted());
    for (const [alert, { uid, panel: id, path }] of explainedBy(sources)) {
      const found = panels.find(({ uid: of, panel }) => of === uid && panel.id === id);
      expect(found?.panel.description, alert).toContain(`[${alert}](/runbooks#${alert.toLowerCase()})`);
      expect(path).toBe(`/d/${uid}?viewPanel=panel-${id}`);
    }
    expect(Object.keys(limits).filter((name) => !ALERTS.includes(name as never))).toEqual([]);
  });
});

describe('a panel', () => {
  test.each(named)('%s says what it shows in one or two sentences, and in which unit', (_, panel) => {
    const [says = '', ...rest] = panel.description.split('\n\nWhat to do: ');
    expect(says).toMatch(/^[A-Z].+\.$/);
    expect(says.split('. ').length).toBeLessThanOrEqual(2);
    expect(rest.length).toBeLessThanOrEqual(1);
    expect(['s', 'bytes', 'percentunit', 'reqps', 'ops', 'short']).toContain(panel.fieldConfig.defaults.unit);
    expect(panel.targets.map(({ refId }) => refId)).toEqual([...'ABCDEFGH'].slice(0, panel.targets.length));
    for (const { datasource } of [panel, ...panel.targets]) expect(datasource.uid).toBe('${datasource}');
  });

  test.each(dashboards)('of $uid has a number and a title of its own, and lies on no other', ({ panels: all }) => {
    const ids = all.map(({ id }) => id);
    expect(ids.filter((id) => !Number.isInteger(id) || id < 1)).toEqual([]);
    expect(new Set(ids).size).toBe(all.length);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    const cells = all.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  test('has its line where its limit is, and in a graph only there', () => {
    for (const { panel } of panels.filter(({ panel: { type } }) => type === 'timeseries')) {
      const { thresholds, custom } = panel.fieldConfig.defaults;
      const lines = thresholds.steps.filter(({ value }) => value !== null);
      expect(custom?.thresholdsStyle?.mode, panel.title).toBe(lines.length > 0 ? 'dashed' : 'off');
      for (const { color } of lines) expect(color, panel.title).toBe('red');
    }
    const falls = [
      { value: null, color: 'red' },
      { value: limits.CertificateExpiresSoon, color: 'green' },
    ];
    expect(steps('sealpost-overview: Certificate')).toEqual(falls);
    const rises = [
      { value: null, color: 'transparent' },
      { value: limits.ApiSlow, color: 'red' },
    ];
    expect(steps('sealpost-overview: Time to answer')).toEqual(rises);
  });

  test('the overview is one screen', () => {
    const bottoms = dashboards
      .find(({ uid }) => uid === 'sealpost-overview')
      ?.panels.map(({ gridPos: { y, h } }) => y + h);
    expect(Math.max(...(bottoms ?? []))).toBeLessThanOrEqual(22);
  });

  test('a row that is not as wide as the grid is refused', () => {
    const [overview] = sources;
    const [row] = overview?.rows ?? [];
    const panel = row?.panels[0];
    if (!overview || !panel) throw new Error('there is no overview');
    expect(() => placed({ ...overview, rows: [{ height: 4, panels: [{ ...panel, width: 5 }] }] })).toThrow('5 wide');
  });
});

describe('what can be chosen', () => {
  test('is Prometheus, as provisioned, and what the queries name', () => {
    for (const { uid, templating, panels: all, annotations } of dashboards) {
      const [first, ...rest] = templating.list;
      expect(first).toMatchObject({ name: 'datasource', type: 'datasource', current: { value: 'prometheus' } });
      const asked = all.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/\$\w+/g) ?? []));
      const ours = [...new Set(asked)].filter((name) => !name.startsWith('$__'));
      expect(ours.toSorted(), uid).toEqual(rest.map(({ name }) => `$${name}`).toSorted());
      for (const { datasource } of annotations.list) expect(datasource.uid).toBe('${datasource}');
    }
  });
});
