/** The metrics and their port: the names and labels that dashboards and alerts know, and nothing else behind that port. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../services/mail/transport.ts';
import { createMetrics, metricTable } from '../../services/runtime/metrics.ts';
import type { Defined } from '../../services/runtime/metrics/define.ts';
import { startMetricsServer } from '../../services/runtime/metrics-server.ts';

const table = Object.values<Defined<unknown>>(metricTable);

async function serve() {
  const metrics = createMetrics('api');
  const server = await startMetricsServer(metrics, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { metrics, get: (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`) };
}

describe('the metrics', () => {
  // https://prometheus.io/docs/practices/naming/
  test('are named as Prometheus would have it: prefix, base unit, and _total for what counts', () => {
    for (const { name, kind, help } of table) {
      expect(name).toMatch(/^sealpost_[a-z0-9_]+$/);
      expect(name.endsWith('_total'), name).toBe(kind === 'counter');
      expect(name, name).not.toMatch(/milliseconds|_ms\b|percent|kilobytes|_count$|_sum$|_bucket$/);
      expect(help, name).toMatch(/^[A-Z\d].*\.$/);
    }
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  });

  test.each(['api', 'scheduler', 'receiver'] as const)('of the %s are its own and no other’s', async (program) => {
    const told = (await createMetrics(program).registry.getMetricsAsJSON()).map(({ name }) => name);
    const own = table.filter(({ of }) => of.includes(program)).map(({ name }) => name);
    expect(told.filter((name) => name.startsWith('sealpost_')).toSorted()).toEqual(own.toSorted());
    expect(told).toContain('process_cpu_seconds_total');
    expect(own.length).toBeLessThan(table.length);
  });

  test('that no program has measured yet are absent, and those that count are 0', async () => {
    const metrics = createMetrics('api');
    expect(await metrics.registry.metrics()).not.toMatch(/^sealpost_outbox_mails /m);
    expect(await metrics.registry.metrics()).toMatch(/^sealpost_lost_races_total 0$/m);
    metrics.mailsWaiting.set(0);
    expect(await metrics.registry.metrics()).toMatch(/^sealpost_outbox_mails 0$/m);
  });

  test('say which version and commit run', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const text = await createMetrics('receiver').registry.metrics();
    expect(text).toContain(
      `sealpost_build_info{version="${version}",commit="",node="${process.version.slice(1)}"} 1\n`,
    );
  });

  test('know each fault of the mail service from the start, and why it may be given up', async () => {
    // By the type: a fault that is new does not compile here.
    const faults: Readonly<Record<Fault, boolean>> = {
      recipient: false,
      message: false,
      session: true,
      sender: true,
      quota: true,
      paused: true,
      credentials: true,
      account: true,
      unlisted: false,
    };
    const { mailRefusals, mailUnavailable } = createMetrics('api');
    const reasonsOf = async (metric: Pick<typeof mailRefusals, 'get'>) =>
      (await metric.get()).values.map(({ labels }) => String(labels.reason)).toSorted();
    expect(await reasonsOf(mailRefusals)).toEqual(Object.keys(faults).toSorted());
    const ofAll = Object.entries(faults).flatMap(([fault, isOfAll]) => (isOfAll ? [fault] : []));
    expect(await reasonsOf(mailUnavailable)).toEqual([...ofAll, 'disputed', 'unreached'].toSorted());
  });

  test('take no label but their own', () => {
    const { httpRequestSeconds, events, refusals, sendSeconds, feedback, jobSeconds } = createMetrics('api');
    const email = 'a@example.com';
    expect(() => httpRequestSeconds.observe({ method: 'GET', route: '/', status: 200, email } as object, 1)).toThrow(
      'email',
    );
    expect(() => events.inc({ type: 'sent', email } as object)).toThrow('email');
    expect(() => refusals.inc({ code: 'x', email } as object)).toThrow('email');
    expect(() => sendSeconds.observe({ result: 'x', email } as object, 1)).toThrow('email');
    expect(() => feedback.inc({ kind: 'x', known: 'true', email } as object)).toThrow('email');
    expect(() => jobSeconds.observe({ job_name: 'x', outcome: 'y', email } as object, 1)).toThrow('email');
  });

  test('count in the buckets of milliseconds to ten seconds, and of one command to 512', async () => {
    const metrics = createMetrics('api');
    metrics.batchSeconds.observe(0);
    metrics.batchCommands.observe(1);
    const text = await metrics.registry.metrics();
    const bounds = (name: string) =>
      [...text.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\}`, 'gm'))].map((match) => match[1]).join(' ');
    expect(bounds('sealpost_batch_duration_seconds')).toBe(
      '0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf',
    );
    expect(bounds('sealpost_batch_commands')).toBe('1 2 4 8 16 32 64 128 256 512 +Inf');
  });

  test('of two programs in one process are apart', async () => {
    const [one, two] = [createMetrics('api'), createMetrics('api')];
    one.lostRaces.inc(3);
    expect(await one.registry.metrics()).toContain('sealpost_lost_races_total 3');
    expect(await two.registry.metrics()).toContain('sealpost_lost_races_total 0');
    expect(await two.registry.metrics()).toContain('process_cpu_seconds_total');
  });
});

describe('the port of the metrics', () => {
  test('has /metrics and nothing else', async () => {
    const { get } = await serve();
    const answer = await get('/metrics');
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(await answer.text()).toContain('sealpost_lost_races_total 0');
    for (const path of ['/', '/metrics/', '/metrics?x', '/health', '/Metrics']) {
      const other = await get(path);
      expect([other.status, await other.text()]).toEqual([404, 'Only /metrics is here.\n']);
    }
  });

  test('is closed at once, also while somebody keeps a connection to it', async () => {
    const server = await startMetricsServer(createMetrics('api'), { host: '127.0.0.1', port: 0 });
    const socket = connect(server.port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await server.close();
    await closed;
  });
});
