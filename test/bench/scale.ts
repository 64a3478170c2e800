/**
 * `npm run bench:scale`: send-otp through 1, 2 and 4 api processes on one database, 128 connections in all, in one run, with
 * the limits by default but for the one IP's and the brake. Prints requests a second and the CPU of each part.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../../services/local/postgres/server.ts';
import { migrate } from '../../services/store/migrate.ts';
import { startApiProcess, tokenOf } from '../support/api.ts';
import { cpuSeconds, cpuSecondsOfTree } from './cpu.ts';
import { sendLoad } from './load.ts';

const SECONDS = Number(process.argv[2] ?? 8);
const CONNECTIONS = 128;
const folder = mkdtempSync(join(tmpdir(), 'sealpost-bench-'));
const server = await startPostgres({ dataDir: join(folder, 'postgres'), settings: { max_connections: '300' } });
const ses = spawn(process.execPath, ['test/bench/ses.ts', '200'], { stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const [line] = (await once(ses.stdout, 'data')) as [Buffer];
  console.log(
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, PostgreSQL 18, fsync on, ${CONNECTIONS} connections`,
  );
  const url = server.url('postgres');
  await migrate(url);
  const tokens = await Promise.all(Array.from({ length: 8192 }, () => tokenOf(crypto.randomUUID())));
  for (const count of [1, 2, 4]) {
    const apis = await Promise.all(
      Array.from({ length: count }, () =>
        startApiProcess({
          databaseUrl: url,
          sesUrl: line.toString().trim(),
          env: {
            LOG_LEVEL: 'info',
            EMAIL_RATE_LIMIT_PER_USER_HOUR: '10',
            EMAIL_RATE_LIMIT_ALL_PER_MINUTE: '1000000',
          },
        }),
      ),
    );
    await sleep(1500);
    const before = { api: apis.map(({ pid }) => cpuSeconds(pid)), database: cpuSecondsOfTree(server.pid) };
    const loads = await Promise.all(
      apis.map(({ url: at }, n) =>
        sendLoad(Number(new URL(at).port), tokens, CONNECTIONS / count, SECONDS, `scale${count}-${n}-`),
      ),
    );
    const answered = loads.reduce((sum, load) => sum + load.answered, 0);
    const refused = loads.reduce((sum, load) => sum + load.refused, 0);
    const api = apis.reduce((sum, { pid }, n) => sum + cpuSeconds(pid) - (before.api[n] ?? 0), 0);
    const database = cpuSecondsOfTree(server.pid) - before.database;
    const micros = (seconds: number): string => `${Math.round((seconds / answered) * 1e6)} µs`;
    console.log(
      `${count} apis: ${Math.round(answered / SECONDS)}/s, ${refused} refused, p99 ${Math.max(...loads.map(({ p99 }) => p99)).toFixed(0)} ms; ` +
        `CPU a request: api ${micros(api)}, PostgreSQL ${micros(database)}`,
    );
    await Promise.all(apis.map((one) => one.kill('SIGKILL')));
  }
} finally {
  ses.kill();
  await server.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
}
