/** Prometheus scrapes every process and knows Alertmanager; every panel of every dashboard finds what it asks for. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { UNKNOWN } from '../../grafana/promql.ts';
import { dashboards } from '../support/dashboards.ts';
import { filledIn } from '../support/promql.ts';
import { OPERATORS_SECRETS, SEEN, stack } from './support/one-stack.ts';

const run = promisify(execFile);

type Result = { metric: Record<string, string>; value: [number, string] };

async function get<T>(service: 'prometheus' | 'alertmanager', path: string): Promise<T> {
  const port = service === 'prometheus' ? 9090 : 9093;
  return JSON.parse(await stack.compose('exec', '-T', service, 'wget', '-qO-', `http://127.0.0.1:${port}${path}`)) as T;
}

/** At the port that is published to this machine, as an operator does. Throws where Prometheus cannot read it. */
async function query(expression: string): Promise<readonly Result[]> {
  const url = `http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(expression)}`;
  const answer = (await (await fetch(url)).json()) as { error?: string; data: { result: Result[] } };
  if (answer.error !== undefined) throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result;
}

/** How many processes of each job answer. */
const up = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await query('sum by (job) (up)')).map(({ metric, value }) => [metric.job, value[1]]));

const root = join(import.meta.dirname, '../..');

/** Panels that may be empty on a stack that is young and well, and why. */
const RARE: Readonly<Record<string, string>> = {
  'sealpost-overview: Since when: alerts': 'no alert fires',
  'sealpost-overview: Failed in the chosen time, by error code': 'shows only what happens',
  'sealpost-api: Refusals by code (stacked)': 'shows only what happens',
  'sealpost-attack: Refused: too much asked for (stacked)': 'shows only what happens',
  'sealpost-api: Rounds that failed': 'a loop is told with its first failure',
  "sealpost-mail: The account's two weeks at SES": 'SES is asked every five minutes, and has counted nothing before',
  'sealpost-jobs: Free in four hours, if it goes on': 'begins after ten minutes',
  'sealpost-jobs: Events lost in the rehearsal': 'nothing is rehearsed before the night',
  'sealpost-jobs: Since the last rehearsed restore': 'nothing is rehearsed before the night',
  'sealpost-jobs: Time of a rehearsed restore': 'nothing is rehearsed before the night',
};

/** A panel says "Not known" of it. */
const isKnown = ({ value }: Result): boolean => Number(value[1]) !== UNKNOWN;

/** The titles of panels with a query that finds nothing, or nothing that is known. */
async function empty(): Promise<readonly string[]> {
  const asked = dashboards.flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ name: `${uid}: ${title}`, expr }))),
  );
  expect(asked.length).toBeGreaterThan(100);
  const found = await Promise.all(
    asked.map(async ({ name, expr }) => ((await query(filledIn(expr))).some(isKnown) ? '' : name)),
  );
  return [...new Set(found)].filter((name) => name !== '' && !(name in RARE));
}

/** A rate needs requests that go on. */
async function emptyAfterARequest(): Promise<readonly string[]> {
  await stack.answer({ path: '/api/email-verification/list' });
  return empty();
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

  test("every panel's query finds what the stack exports, and every event of the dashboards can be asked for", async () => {
    const titles = new Set(dashboards.flatMap(({ uid, panels }) => panels.map(({ title }) => `${uid}: ${title}`)));
    expect(Object.keys(RARE).filter((name) => !titles.has(name))).toEqual([]);
    const login = { email: 'nobody@example.com', password: 'a password of nobody' };
    expect((await stack.answer({ method: 'POST', path: '/api/auth/login', body: login })).status).toBe(401);
    await expect.poll(emptyAfterARequest, { timeout: 90_000, interval: 3000 }).toEqual([]);
    for (const { expr } of dashboards.flatMap(({ annotations }) => annotations.list)) await query(expr);
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
