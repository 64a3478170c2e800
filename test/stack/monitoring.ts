/** Prometheus scrapes every process and knows Alertmanager; every panel of every dashboard finds what it asks for. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { OPERATORS_SECRETS, SEEN, stack } from './support/one-stack.ts';

const run = promisify(execFile);

type Result = { metric: Record<string, string>; value: [number, string] };

async function get<T>(service: 'prometheus' | 'alertmanager', path: string): Promise<T> {
  const port = service === 'prometheus' ? 9090 : 9093;
  return JSON.parse(await stack.compose('exec', '-T', service, 'wget', '-qO-', `http://127.0.0.1:${port}${path}`)) as T;
}

async function query(expression: string): Promise<readonly Result[]> {
  const answer = await get<{ data: { result: Result[] } }>(
    'prometheus',
    `/api/v1/query?query=${encodeURIComponent(expression)}`,
  );
  return answer.data.result;
}

/** How many processes of each job answer. */
const up = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await query('sum by (job) (up)')).map(({ metric, value }) => [metric.job, value[1]]));

type Target = { refId: string; expr: string; datasource: { uid: string } };
type Dashboard = { uid: string; panels: { title: string; description: string; targets: Target[] }[] };

const root = join(import.meta.dirname, '../..');

async function dashboards(): Promise<readonly Dashboard[]> {
  const folder = join(root, 'grafana/dashboards');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Dashboard));
}

describe('the monitoring', () => {
  test('every process is scraped, both apis too, each once', async () => {
    const all = { api: '2', scheduler: '1', receiver: '1', caddy: '1', prometheus: '1', alertmanager: '1' };
    await expect.poll(up, { timeout: 45_000, interval: 1000 }).toEqual(all);
  });

  test('Prometheus hands its alerts to Alertmanager', async () => {
    const known = await get<{ data: { activeAlertmanagers: { url: string }[] } }>(
      'prometheus',
      '/api/v1/alertmanagers',
    );
    expect(known.data.activeAlertmanagers.map(({ url }) => url)).toEqual(['http://alertmanager:9093/api/v2/alerts']);
    await stack.compose('exec', '-T', 'alertmanager', 'amtool', 'check-config', '/etc/alertmanager/alertmanager.yml');
    await stack.compose('exec', '-T', 'prometheus', 'promtool', 'check', 'config', '/etc/prometheus/prometheus.yml');
  });

  test("every panel's query finds what the stack exports, and says what it shows", async () => {
    const found = await dashboards();
    expect(found.length).toBeGreaterThan(0);
    for (const { uid, panels } of found) {
      expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
      for (const { title, description, targets } of panels) {
        expect(description, title).toMatch(/\.$/);
        for (const { expr, datasource } of targets) {
          expect(datasource.uid, title).toBe('prometheus');
          const values = (): Promise<number> => query(expr).then(({ length }) => length);
          await expect
            .poll(values, { timeout: 60_000, interval: 1000, message: `${uid}: ${title}` })
            .toBeGreaterThan(0);
        }
      }
    }
  });

  test('no label holds an address, and the secrets of Grafana stay where they are', async () => {
    const series = await get<{ data: unknown[] }>('prometheus', '/api/v1/series?match[]=%7B__name__%3D~%22.%2B%22%7D');
    expect(series.data.length).toBeGreaterThan(100);
    for (const text of [SEEN, encodeURIComponent(SEEN)]) expect(JSON.stringify(series)).not.toContain(text);
    const password = await stack.compose('exec', '-T', 'grafana', 'cat', '/run/secrets/grafana/GRAFANA_PASSWORD');
    expect(password).toBe(OPERATORS_SECRETS.GRAFANA_PASSWORD);
    const { stdout } = await run('docker', ['inspect', (await stack.inspect('grafana'))[0]?.Id ?? '']);
    expect(stdout).not.toContain(password);
  });

  test('the datasources are the uids that dashboards name', async () => {
    const text = await readFile(join(root, 'grafana/provisioning/datasources/stack.yaml'), 'utf8');
    expect([...text.matchAll(/uid: (\w+)/g)].map(([, uid]) => uid)).toEqual(['prometheus', 'alertmanager']);
  });
});
