/**
 * The drill: each fault is provoked on the real stack, and the right alert fires in the real Prometheus and reaches a webhook, and no
 * other does. Alerts wait a tenth of their time here. `npm run drill` runs it and prints its table.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fault, faults } from './drill/faults.ts';
import { type Drill, startDrill } from './drill/stack.ts';

const ALWAYS = 'Watchdog';
const FIRES_WITHIN_MILLISECONDS = 200_000;
/** Time for what else there is to fire, after the right one has arrived. */
const OTHERS_MILLISECONDS = 4000;

let drill: Drill;
beforeAll(async () => {
  drill = await startDrill();
}, 420_000);
afterAll(() => drill?.stop());

type Told = { data: { alerts: { state: string; labels: { alertname: string } }[] } };

/** What fires in Prometheus, which is asked by its own address: Caddy may be what is stopped. */
async function firing(): Promise<ReadonlySet<string>> {
  const answer = await fetch(`${drill.prometheus}/api/v1/alerts`);
  const { data } = (await answer.json()) as Told;
  return new Set(data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname));
}

async function edgeSeen(): Promise<string | undefined> {
  const answer = await fetch(`${drill.prometheus}/api/v1/query?query=max(sealpost_edge_available)`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result[0]?.value[1];
}

const HEAD = ['| provoked | alert | fires after | arrives after | others |', '| --- | --- | --- | --- | --- |'];
const table: string[] = [];
afterAll(() => void process.stdout.write(`${[...HEAD, ...table].join('\n')}\n`));

async function run({ what, alert, provoke, mend, lasts }: Fault): Promise<{ others: string[]; toldOthers: string[] }> {
  const [before, toldBefore] = [await firing(), drill.told().length];
  const since = performance.now();
  const others = new Set<string>();
  const seconds = (): string => ((performance.now() - since) / 1000).toFixed(0);
  const look = async (): Promise<boolean> => {
    const now = await firing();
    for (const name of now) if (!before.has(name) && name !== alert) others.add(name);
    return now.has(alert);
  };
  const told = (): readonly string[] => drill.told().slice(toldBefore);
  await provoke(drill.stack);
  await expect.poll(look, { timeout: FIRES_WITHIN_MILLISECONDS, interval: 500, message: `${alert} fires` }).toBe(true);
  const fired = seconds();
  await expect.poll(told, { timeout: 30_000, interval: 200, message: `${alert} arrives` }).toContain(alert);
  const arrived = seconds();
  await sleep(OTHERS_MILLISECONDS);
  await look();
  await mend(drill.stack);
  if (!lasts) await expect.poll(look, { timeout: 150_000, interval: 500, message: `${alert} ends` }).toBe(false);
  const toldOthers = [...new Set(told().filter((name) => name !== alert && name !== ALWAYS))];
  table.push(`| ${what} | ${alert} | ${fired} s | ${arrived} s | ${[...others].join(', ') || 'none'} |`);
  return { others: [...others], toldOthers };
}

describe('the drill', () => {
  // Of an edge that was never seen nothing is told for two minutes.
  test('begins with nothing wrong, and with all that is watched seen once', { timeout: 200_000 }, async () => {
    await expect.poll(firing, { timeout: 60_000, interval: 500 }).toEqual(new Set([ALWAYS]));
    await expect.poll(edgeSeen, { timeout: 120_000, interval: 1000 }).toBe('1');
  });

  test.each(faults)('$what: $alert fires, arrives and is the only one', { timeout: 420_000 }, async (fault) => {
    expect(await run(fault)).toEqual({ others: [], toldOthers: [] });
  });
});
