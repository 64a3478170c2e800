/** A log that nobody takes stops neither program: a full disk under LOG_FILE or standard output, a reader that stands still. */
import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { apiEnvironment, call, startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
let ses: Awaited<ReturnType<typeof startSes>>;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
});
afterAll(async () => {
  await ses.close();
  await db.drop();
});

type Listening = Readonly<{ event: string; port: number; metricsPort: number }>;

/** Starts the api with this standard output and LOG_FILE; its ports are read from whichever of the two can be. */
async function startWith(stdout: 'pipe' | number, logFile: string) {
  const stdio: StdioOptions = ['ignore', stdout, 'pipe'];
  const env = { ...apiEnvironment({ databaseUrl: db.url, sesUrl: ses.url }), LOG_FILE: logFile };
  const child = spawn(process.execPath, ['services/api/main.ts'], { env, stdio });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stderr?.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  if (logFile === '/dev/full') child.stdout?.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  const log = () => (logFile === '/dev/full' ? said.out : readFileSync(logFile, 'utf8'));
  const listening = (): Listening | undefined =>
    log()
      .split('\n')
      .filter((line) => line.includes('"listening"'))
      .map((line) => JSON.parse(line) as Listening)[0];
  await expect.poll(() => listening()?.port, { timeout: 10_000 }).toBeGreaterThan(0);
  const { port = 0, metricsPort = 0 } = listening() ?? {};
  return { child, said, url: `http://127.0.0.1:${port}`, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics` };
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-log-lost-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'api.log');
}

const lost = async (metricsUrl: string): Promise<number> =>
  Number(/^sealpost_log_lines_lost_total (\d+)$/m.exec(await (await fetch(metricsUrl)).text())?.[1]);

describe.each([
  ['LOG_FILE on a full disk', 'pipe', '/dev/full', 'ENOSPC', '/dev/full'],
  ['standard output on a full disk', 'full', 'file', 'ENOSPC', 'standard output'],
  ['standard output whose reader stands still', 'pipe', 'file', 'TOO_SLOW', 'standard output'],
] as const)('%s', (_what, stdout, file, errorCode, output) => {
  test(
    'drops and counts lines, says so once, and every request is answered and every stop in time',
    { timeout: 60_000 },
    async () => {
      const out = stdout === 'full' ? openSync('/dev/full', 'w') : 'pipe';
      const { child, said, url, metricsUrl } = await startWith(out, file === 'file' ? temporaryFile() : file);
      const token = await tokenOf(user(1));
      const ask = () => call(url, 'GET', '/api/email-verification/list', { token });
      // A line of about 250 bytes each: far more than a pipe holds, and than may wait.
      const rounds = errorCode === 'TOO_SLOW' ? 500 : 4;
      for (let round = 0; round < rounds; round++) {
        const answers = await Promise.all(Array.from({ length: 50 }, ask));
        expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      }
      await expect.poll(() => lost(metricsUrl), { timeout: 5000 }).toBeGreaterThan(errorCode === 'TOO_SLOW' ? 0 : 100);
      expect((await call(url, 'GET', '/health/live')).status).toBe(200);
      const told = said.err
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(told).toEqual([
        { level: 40, time: expect.any(String), service: 'api', event: 'log_lines_lost', output, errorCode },
      ]);
      const asked = performance.now();
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number | null];
      expect([code, performance.now() - asked < 10_000]).toEqual([0, true]);
    },
  );
});

test(
  'the scheduler with nowhere to write does its jobs, and ends when it is told to',
  { timeout: 30_000 },
  async () => {
    const full = openSync('/dev/full', 'w');
    const { PATH = '' } = process.env;
    const { DATABASE_URL = '', JWT_SECRET = '' } = apiEnvironment({ databaseUrl: db.url, sesUrl: ses.url });
    const child = spawn(process.execPath, ['services/scheduler/main.ts'], {
      env: {
        PATH,
        DATABASE_URL,
        JWT_SECRET,
        HOST: '127.0.0.1',
        METRICS_PORT: '0',
        LOG_FILE: '/dev/full',
        LOG_LEVEL: 'debug',
      },
      stdio: ['ignore', full, full],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const expired = async () => (await db.owner`select from events where type = 'expired'`).length;
    const { body } = await (async () => {
      const api = await startWith('pipe', '/dev/full');
      const email = 'late@example.com';
      return call(api.url, 'POST', '/api/email-verification/send-otp', {
        token: await tokenOf(user(2)),
        body: { email },
      });
    })();
    expect(body.success).toBe(true);
    await db.setClockAhead(700);
    await expect.poll(expired, { timeout: 15_000 }).toBe(1);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  },
);
