/** How a process starts and ends: a plain sentence and an exit code, the steps of a stop in order, once and bounded. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { Counter, Registry } from 'prom-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { startMetricsServer } from '../../services/runtime/metrics-server.ts';

const runtime = join(import.meta.dirname, '../../services/runtime');

/** Runs a script that may import what is in services/runtime, and says how it ended. */
function script(text: string) {
  const imports = `import { runMain } from '${runtime}/main.ts';
    import { InvalidSettings } from '${runtime}/settings.ts';
    import { createLog } from '${runtime}/log.ts';
    import { writeSync } from 'node:fs';`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', `${imports}\n${text}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  return { child, said, ended: once(child, 'close') };
}

const failures: readonly (readonly [thrown: string, code: number, words: string])[] = [
  [
    `new InvalidSettings(['PORT: no.', 'HOST: no.'])`,
    78,
    'The settings are not valid:\n  - PORT: no.\n  - HOST: no.\n',
  ],
  [`new TypeError('No room.')`, 1, 'No room.\n'],
  [`new Error('')`, 1, 'It did not start, and no reason was given.\n'],
  [`'odd'`, 1, 'It did not start, and no reason was given.\n'],
  [
    `Object.assign(new Error('connect ECONNREFUSED'), { syscall: 'connect' })`,
    1,
    'The database is not reachable: connect ECONNREFUSED\n',
  ],
  // A name with several addresses.
  [
    `new AggregateError(['a', 'a', 'b'].map((m) => Object.assign(new Error(m), { syscall: 'connect' })))`,
    1,
    'The database is not reachable: a; The database is not reachable: b\n',
  ],
];

test('a start that fails says why without a stack, and ends with 78 for wrong settings and 1 for all else', async () => {
  const { said, ended } = script(`
    process.exit = (code) => console.log(code);
    ${failures.map(([thrown]) => `await runMain(async () => { throw ${thrown} });`).join('\n')}`);
  expect(await ended).toEqual([0, null]);
  expect(said.err).toBe(failures.map(([, , words]) => words).join(''));
  expect(said.out).toBe(failures.map(([, code]) => `${code}\n`).join(''));
});

const stopper = (steps: string, before = '') => `${before}
  const { stopOnSignals } = await import('${runtime}/stop.ts');
  const log = createLog({ service: 'x', level: 'info' });
  stopOnSignals(log, [${steps}]);
  setInterval(() => {}, 1e9);
  log.info('ready');`;

/** How a process ends that gets these signals, the next as soon as it said `between`. */
async function stopped(text: string, signals: readonly NodeJS.Signals[], between = '"ready"') {
  const { child, said, ended } = script(text);
  await expect.poll(() => said.out).toContain('"ready"');
  for (const [index, signal] of signals.entries()) {
    if (index > 0) await expect.poll(() => said.out).toContain(between);
    child.kill(signal);
  }
  const [code] = (await ended) as [number];
  return { code, out: said.out };
}

describe('a stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s makes each step in order, one that fails included, and ends with 0',
    async (signal) => {
      const steps = `
      async () => { await null; writeSync(1, 'first\\n') },
      async () => { throw new Error('victim@example.com') },
      async () => writeSync(1, 'third\\n'),`;
      const { code, out } = await stopped(stopper(steps), [signal]);
      expect(code).toBe(0);
      expect(out.split('\n').filter((line) => !line.startsWith('{'))).toEqual(['first', 'third', '']);
      // The log is written beside, so its lines may stand anywhere.
      for (const event of ['stopping', 'stop_step_failed', 'stopped']) expect(out).toContain(`"event":"${event}"`);
      expect(out).toContain(`"reason":"${signal}"`);
      expect(out).not.toContain('victim');
    },
  );

  test('that hangs is ended by a second signal with 1, and its steps are not made twice', async () => {
    const { code, out } = await stopped(
      stopper(`() => { console.log('begun'); return new Promise(() => {}) }`),
      ['SIGTERM', 'SIGINT'],
      'begun',
    );
    expect(code).toBe(1);
    expect(out.match(/begun/g)).toHaveLength(1);
    expect(out).not.toContain('"stopped"');
  });

  test('that hangs ends by itself with 1 after 20 seconds', async () => {
    // In this process a second lasts a millisecond.
    const clock = `const real = setTimeout;
      globalThis.setTimeout = (work, ms) => { console.log('bound', ms); return real(work, ms / 1000); };
      real(() => process.exit(7), 10_000);`;
    const { code, out } = await stopped(stopper('() => new Promise(() => {})', clock), ['SIGTERM']);
    expect(code).toBe(1);
    expect(out).toContain('bound 20000');
  });
});

describe('the port of the metrics', () => {
  test('has /metrics and nothing else, and gives the figures of the moment', async () => {
    const metrics = createMetrics('api');
    const server = await startMetricsServer(metrics, { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close().catch(() => {}));
    const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
    for (const path of ['/', '/metrics/', '/health', '/metrics?x']) {
      const answer = await get(path);
      expect([answer.status, await answer.text()]).toEqual([404, 'Only /metrics is here.\n']);
    }
    for (const scrape of [1, 2, 3]) {
      metrics.mailsWaiting.set(scrape);
      const answer = await get('/metrics');
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(await answer.text()).toContain(`\nsealpost_outbox_mails ${scrape}\n`);
    }
    await server.close();
    await expect(get('/metrics')).rejects.toThrow();
  });

  test('a scrape that fails is a 500 and ends nothing', async () => {
    const metrics = createMetrics('api');
    const server = await startMetricsServer(metrics, { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    const get = async () => (await fetch(`http://127.0.0.1:${server.port}/metrics`)).status;
    const broken = new Counter({ name: 'broken', help: 'x', registers: [metrics.registry] });
    broken.get = () => Promise.reject(new Error('broken'));
    expect(await get()).toBe(500);
    metrics.registry.removeSingleMetric('broken');
    expect(await get()).toBe(200);
  });

  test('each process counts for itself', async () => {
    const [one, other] = [createMetrics('api'), createMetrics('api')];
    one.rowsDiffering.set(5);
    expect((await other.rowsDiffering.get()).values[0]?.value).not.toBe(5);
    expect(one.registry).toBeInstanceOf(Registry);
    expect(one.events).toBeInstanceOf(Counter);
  });
});

test.each([
  ['22.19.0', [1], 'npm ci'],
  ['8.0.0', [1], 'npm ci'],
  ['24.0.0', [], ''],
  ['26.1.0', [], ''],
])('Node %s is refused before anything else is read, or is not', (version, codes, words) => {
  const ended: number[] = [];
  let said = '';
  const process = {
    version: `v${version}`,
    versions: { node: version },
    stderr: { write: (text: string) => (said += text) },
    exit: (code: number) => ended.push(code),
  };
  runInNewContext(readFileSync(join(runtime, 'node-version.js'), 'utf8'), { process });
  expect(ended).toEqual(codes);
  expect(said).toContain(words);
  expect(said.includes(`this is v${version}`)).toBe(words !== '');
});
