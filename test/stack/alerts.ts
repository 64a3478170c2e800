/** The alerts of the running stack: all are read, none fires while all is well, and each has its runbook where its link leads. */
import { describe, expect, test } from 'vitest';
import { alerts } from '../rules/files.ts';

type Rule = Readonly<{ name: string; health: string; type: string; lastError?: string }>;
type Answer = Readonly<{ data: { groups: readonly Readonly<{ rules: readonly Rule[] }>[] } }>;
type Firing = Readonly<{
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}>;

/** At the ports that are published to this machine, as an operator does. */
const get = async <T>(port: number, path: string): Promise<T> =>
  (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as T;

const rules = async (): Promise<readonly Rule[]> => {
  const { data } = await get<Answer>(9090, '/api/v1/rules');
  return data.groups.flatMap((group) => group.rules);
};

const firing = () => get<readonly Firing[]>(9093, '/api/v2/alerts');

describe('the alerts of the stack', () => {
  test('are all read and evaluated, without a fault', async () => {
    await expect
      .poll(async () => (await rules()).filter(({ health }) => health !== 'ok'), { timeout: 45_000, interval: 1000 })
      .toEqual([]);
    const read = (await rules()).filter(({ type }) => type === 'alerting').map(({ name }) => name);
    expect(read.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });

  test('are silent while all is well, but for the one that always fires; it says whose it is and where to look', async () => {
    await expect.poll(firing, { timeout: 120_000, interval: 1000 }).not.toEqual([]);
    const [watchdog, ...others] = await firing();
    expect(others.map(({ labels }) => labels)).toEqual([]);
    expect(watchdog?.labels).toEqual({ alertname: 'Watchdog', severity: 'none', site: 'localhost' });
    expect(watchdog?.annotations).toMatchObject({
      runbook_url: 'http://127.0.0.1:3000/runbooks#watchdog',
      dashboard: expect.stringMatching(/^http:\/\/127\.0\.0\.1:3000\/d\/sealpost-overview\?viewPanel=panel-\d+$/),
    });
  });

  test("have their runbooks at Grafana's address, each where its link leads, and the documents that they name", async () => {
    const page = await fetch('http://127.0.0.1:3000/runbooks');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const text = await page.text();
    for (const { alert } of alerts) expect(text).toContain(`<h3 id="${alert.toLowerCase()}">${alert}</h3>`);
    const named = [...text.matchAll(/href="\.\.\/(docs\/[a-z-]+\.md)/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThan(3);
    const answers = await Promise.all(named.map((path) => fetch(`http://127.0.0.1:3000/${path}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // What is no document goes to Grafana.
    const others = await Promise.all(
      ['docs/compose.md', 'docs/..%2fcompose.yaml', 'runbooks/x'].map((path) => fetch(`http://127.0.0.1:3000/${path}`)),
    );
    for (const other of others) expect(await other.text()).not.toMatch(/services:|<h1/);
  });
});
