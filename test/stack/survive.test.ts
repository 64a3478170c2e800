/** What the stack survives: the end of any process, of the database in the middle of writes, and a changed secret. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitCode } from '../support/mailbox.ts';
import { MAILBOX, type Stack, startStack } from './support/stack.ts';
import { runTraffic, tokenOf, trafficEnv } from './support/traffic.ts';

const run = promisify(execFile);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: trafficEnv });
});
afterAll(() => stack?.stop());

/** Every service of which a container is to run, and its health. */
async function health(): Promise<Record<string, string | undefined>> {
  const containers = await stack.inspect();
  const running = containers.filter(({ HostConfig }) => (HostConfig.RestartPolicy as { Name: string }).Name !== 'no');
  return Object.fromEntries(running.map(({ Name, State }) => [Name.split('-').at(-2), State.Health?.Status]));
}

const healthy = Object.fromEntries(
  ['postgres', 'mailbox', 'api', 'scheduler', 'receiver', 'caddy', 'prometheus', 'alertmanager', 'grafana'].map(
    (name) => [name, 'healthy'],
  ),
);

describe('the stack', () => {
  test('PostgreSQL killed amid writes comes back by itself, and nothing acknowledged is lost', async () => {
    const kill = async (): Promise<void> => stack.kill('postgres');
    const { answers, accepted } = await runTraffic(stack, { count: 1200, workers: 12, prefix: 'db', at: [300, kill] });
    const unexpected = [...answers.keys()].filter((status) => !/^(?:200|503|504)\b/.test(status));
    expect(unexpected).toEqual([]);
    expect([...answers.keys()].join()).toContain('503');
    expect(accepted.length).toBeGreaterThan(100);
    await expect.poll(health, { timeout: 40_000 }).toEqual(healthy);
    const rows = await stack.compose(
      'exec',
      '-T',
      '-u',
      'postgres',
      'postgres',
      'psql',
      '-At',
      '-d',
      'request_marketplace_prod',
      '-c',
      "select stream_id from events where type = 'requested'",
    );
    const recorded = new Set(rows.split('\n'));
    expect(accepted.filter((address) => !recorded.has(address))).toEqual([]);
    expect(await stack.sealpost('rebuild', '--check')).toContain('The tables match the log.');
    expect((await stack.inspect('postgres'))[0]?.RestartCount).toBe(1);
  });

  test('every service comes back healthy after its process is killed', async () => {
    for (const service of Object.keys(healthy)) await stack.kill(service);
    await expect.poll(health, { timeout: 60_000, interval: 500 }).toEqual(healthy);
    const counts = await stack.inspect(...Object.keys(healthy));
    for (const { Name, RestartCount } of counts) expect(RestartCount, Name).toBeGreaterThan(0);
    const token = await tokenOf(5000);
    const body = { email: 'after@example.com' };
    const sent = await stack.answer({ method: 'POST', path: '/api/email-verification/send-otp', token, body });
    expect(sent.status).toBe(200);
    expect(await awaitCode(MAILBOX, 'after@example.com')).toMatch(/^\d{6}$/);
  });

  test('the sole api killed while requests go on: the edge waits for it, none fails', async () => {
    const kill = async (): Promise<void> => stack.kill('api');
    const { answers } = await runTraffic(stack, { count: 300, workers: 4, prefix: 'sole', at: [60, kill] });
    expect(Object.fromEntries(answers)).toEqual({ '200': 300 });
  });

  test('a stop and a start keep the data; a stop lets what is under way end', async () => {
    await stack.compose('up', '-d', '--wait', '--scale', 'api=2');
    const both = async () => (await stack.inspect('api')).map(({ State }) => State.Health?.Status);
    const restartEach = async (): Promise<void> => {
      for (const { Id } of await stack.inspect('api')) {
        await run('docker', ['restart', Id]);
        await expect.poll(both, { timeout: 60_000, interval: 500 }).toEqual(['healthy', 'healthy']);
      }
    };
    const { answers } = await runTraffic(stack, { workers: 4, prefix: 'stop', during: restartEach });
    expect([...answers.keys()]).toEqual(['200']);
    expect(answers.get('200')).toBeGreaterThan(50);
    await stack.compose('down');
    await stack.compose('up', '-d', '--wait');
    expect(await stack.sealpost('events', '--email', 'after@example.com')).toContain('requested');
  });
});
