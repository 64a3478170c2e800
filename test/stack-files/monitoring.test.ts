/** What is watched: who is scraped and how often, where alerts go, and that each panel asks for what the programs export. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMetrics, metricTable } from '../../services/runtime/metrics.ts';
import { textOf, yamlOf } from '../support/stack-files.ts';

const byName = (name: string, port: number): object => ({
  dns_sd_configs: [{ names: [name], type: 'A', port, refresh_interval: '5s' }],
});
const at = (...targets: readonly string[]): object => ({ static_configs: [{ targets }] });

test('every api and scheduler, the edge and the monitoring itself are scraped each 15 s, and alerts have where to go', () => {
  expect(yamlOf('prometheus/prometheus.yml')).toEqual({
    global: {
      scrape_interval: '15s',
      evaluation_interval: '15s',
      external_labels: { site: '${API_DOMAIN}', grafana: '${GRAFANA_URL}' },
    },
    rule_files: ['/etc/prometheus/rules/*.yml', '/etc/prometheus/own/*.yml'],
    alerting: {
      alert_relabel_configs: [{ action: 'labeldrop', regex: 'grafana' }],
      alertmanagers: [at('alertmanager:9093')],
    },
    scrape_configs: [
      { job_name: 'api', ...byName('api.metrics', 9464) },
      { job_name: 'scheduler', ...byName('scheduler.metrics', 9464) },
      { job_name: 'receiver', ...byName('receiver.metrics', 9464) },
      { job_name: 'caddy', ...at('caddy.metrics:9180') },
      { job_name: 'prometheus', ...at('localhost:9090') },
      { job_name: 'alertmanager', ...at('alertmanager:9093') },
    ],
  });
  expect(yamlOf('prometheus/alertmanager/alertmanager.yml')).toEqual({
    route: { receiver: 'none', group_by: ['alertname'] },
    receivers: [{ name: 'none' }],
  });
});

test('Grafana knows both by the uids that dashboards name, and takes the dashboards from the files alone', () => {
  const common = { access: 'proxy', editable: false };
  expect(yamlOf('grafana/provisioning/datasources/stack.yaml')).toEqual({
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        uid: 'prometheus',
        type: 'prometheus',
        ...common,
        url: 'http://prometheus:9090',
        isDefault: true,
        jsonData: { timeInterval: '15s' },
      },
      {
        name: 'Alertmanager',
        uid: 'alertmanager',
        type: 'alertmanager',
        ...common,
        url: 'http://alertmanager:9093',
        jsonData: { implementation: 'prometheus' },
      },
    ],
  });
  const path = '/etc/grafana/dashboards';
  expect(yamlOf('grafana/provisioning/dashboards/stack.yaml')).toEqual({
    apiVersion: 1,
    providers: [{ name: 'sealpost', type: 'file', allowUiUpdates: false, options: { path } }],
  });
});

type Panel = {
  title: string;
  type: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig: { defaults: { unit?: string } };
  targets: { expr: string; datasource: { uid: string } }[];
};
type Dashboard = { uid: string; editable: boolean; refresh: string; panels: Panel[] };

const dashboards = readdirSync(join(import.meta.dirname, '../../grafana/dashboards')).map(
  (name) => JSON.parse(textOf(`grafana/dashboards/${name}`)) as Dashboard,
);
const panels = dashboards.flatMap((dashboard) => dashboard.panels);

const rate = (by: string, metric: string): string => `sum by (${by}) (rate(${metric}[5m]))`;
const quantile = (q: string): string =>
  `histogram_quantile(${q}, ${rate('le', 'sealpost_http_request_duration_seconds_bucket')})`;

test('the dashboard asks what its titles say, in the unit that comes out', () => {
  const shown = panels.map(({ title, fieldConfig, targets }) => [
    title,
    fieldConfig.defaults.unit,
    ...targets.map(({ expr }) => expr),
  ]);
  expect(shown).toEqual([
    ['Apis that answer', 'short', 'sum(up{job="api"})'],
    ['Schedulers that answer', 'short', 'sum(up{job="scheduler"})'],
    ['Mails waiting', 'short', 'max(sealpost_outbox_mails)'],
    ['Oldest waiting mail', 's', 'max(sealpost_outbox_oldest_seconds)'],
    ['Requests', 'reqps', rate('status', 'sealpost_http_request_duration_seconds_count')],
    ['Time to answer', 's', quantile('0.5'), quantile('0.99')],
    ['Events', 'ops', rate('type', 'sealpost_events_total')],
    ['Refusals', 'ops', rate('code', 'sealpost_refusals_total')],
    ['Mails', 'ops', rate('result', 'sealpost_mail_send_duration_seconds_count')],
    ['Memory of the processes', 'bytes', 'process_resident_memory_bytes{job=~"api|scheduler|caddy"}'],
  ]);
  expect(dashboards.map(({ uid, editable, refresh }) => [uid, editable, refresh])).toEqual([
    ['sealpost', false, '30s'],
  ]);
  for (const { title, targets } of panels) {
    for (const { datasource } of targets) expect(datasource.uid, title).toBe('prometheus');
  }
});

test('every metric of a panel is one that the programs export, by the labels that they give it', async () => {
  const own = createMetrics('api').registry.getMetricsAsArray();
  const exported = new Map<string, readonly string[]>([
    ...own.map(({ name }) => [name, []] as const),
    ...Object.values(metricTable).map(({ name, labelNames }) => [name, labelNames] as const),
  ]);
  const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  for (const expr of asked.filter((text) => !text.includes('(up{'))) {
    const [, metric = ''] = /((?:http|sealpost|process)_\w+)/.exec(expr) ?? [];
    const name = [metric, metric.replace(/_(?:count|bucket|sum)$/, '')].find((one) => exported.has(one));
    expect(name, expr).toBeDefined();
    const [, by] = /sum by \((\w+)\)/.exec(expr) ?? [];
    if (by && by !== 'le') expect(exported.get(String(name)), expr).toContain(by);
  }
});

test('no two panels lie on one another, and each says what it shows', () => {
  const taken = new Set<string>();
  for (const { title, description, gridPos } of panels) {
    expect(description, title).toMatch(/\.$/);
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(taken.has(`${x},${y}`), title).toBe(false);
        taken.add(`${x},${y}`);
      }
    }
  }
});
