/**
 * `npm run bench`: send-otp through HTTP beside the peer's plain transactions, at 64 and 256 connections in one run on a
 * database of its own with fsync on, the sender at work against the local SES at 200 mails a second. Prints ratios.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { startPostgres } from '../../services/local/postgres/server.ts';
import { migrate } from '../../services/store/migrate.ts';
import { startApiProcess, tokenOf, user } from '../support/api.ts';
import { cpuSeconds, cpuSecondsOfTree, residentMegabytes } from './cpu.ts';
import { sendLoad } from './load.ts';

const run = promisify(execFile);
const SECONDS = Number(process.argv[2] ?? 8);
const USERS = 8192;
/** As by default, but for what one machine as the only client would run into: the limit of its IP, and the brake. */
const limits = {
  LOG_LEVEL: 'info',
  EMAIL_RATE_LIMIT_PER_USER_HOUR: '10',
  EMAIL_RATE_LIMIT_ALL_PER_MINUTE: '1000000',
};
const folder = mkdtempSync(join(tmpdir(), 'sealpost-bench-'));
const server = await startPostgres({ dataDir: join(folder, 'postgres'), settings: { max_connections: '300' } });
const sesChildren: ReturnType<typeof spawn>[] = [];

try {
  console.log(
    `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, PostgreSQL 18, fsync on`,
  );
  const url = server.url('postgres');
  await migrate(url);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const tokens = await Promise.all(Array.from({ length: USERS }, (_, n) => tokenOf(user(n))));

  const api = await startApiProcess({ databaseUrl: url, sesUrl: await ses(200), env: limits });
  const port = Number(new URL(api.url).port);
  await sendLoad(port, tokens, 64, 3, 'warm');
  for (const connections of [64, 256]) {
    const before = { api: cpuSeconds(api.pid), database: cpuSecondsOfTree(server.pid), mails: await sent() };
    const ours = await sendLoad(port, tokens, connections, SECONDS, `load${connections}-`);
    const after = { api: cpuSeconds(api.pid), database: cpuSecondsOfTree(server.pid), mails: await sent() };
    const peer = await peerRun(connections);
    const rate = ours.answered / ours.seconds;
    const micros = (seconds: number): string => `${Math.round((seconds / ours.answered) * 1e6)} µs`;
    console.log(
      `${connections} connections: ${Math.round(rate)}/s (p50 ${ours.p50.toFixed(1)} ms, p99 ${ours.p99.toFixed(1)} ms, ${ours.refused} refused) ` +
        `against ${Math.round(peer)}/s: ratio ${(rate / peer).toFixed(2)}; CPU a request: api ${micros(after.api - before.api)}, ` +
        `PostgreSQL ${micros(after.database - before.database)}; ${Math.round((after.mails - before.mails) / ours.seconds)} mails/s beside it; ` +
        `api ${Math.round(residentMegabytes(api.pid))} MB`,
    );
  }
  await api.kill('SIGKILL');

  // Unpaced: the backlog of the load above is thrown away, and a new api hands over what a load leaves it.
  await sql`delete from outbox`;
  const fast = await startApiProcess({ databaseUrl: url, sesUrl: await ses(1_000_000), env: limits });
  await sleep(1000);
  await sendLoad(Number(new URL(fast.url).port), tokens, 256, 6, 'unpaced');
  const before = { mails: await sent(), cpu: cpuSeconds(fast.pid), at: performance.now() };
  await sleep(5000);
  const mails = (await sent()) - before.mails;
  const seconds = (performance.now() - before.at) / 1000;
  const cpu = cpuSeconds(fast.pid) - before.cpu;
  console.log(
    `unpaced: ${Math.round(mails / seconds)} mails/s from one process, ${Math.round((cpu / mails) * 1e6)} µs of its CPU a mail`,
  );
  await fast.kill('SIGKILL');
  await sql.end();

  async function sent(): Promise<number> {
    const [row] = await sql<[{ n: number }]>`select count(*)::int as n from events where type = 'sent'`;
    return row.n;
  }

  async function peerRun(connections: number): Promise<number> {
    const { stdout } = await run(process.execPath, [
      'test/bench/peer.ts',
      url,
      String(connections),
      String(SECONDS),
      `peer${connections}-`,
    ]);
    const { done, seconds: took } = JSON.parse(stdout) as { done: number; seconds: number };
    return done / took;
  }
} finally {
  for (const child of sesChildren) child.kill();
  await server.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
}

/** The local SES in a process of its own. */
async function ses(maxSendRate: number): Promise<string> {
  const child = spawn(process.execPath, ['test/bench/ses.ts', String(maxSendRate)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  sesChildren.push(child);
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return chunk.toString().trim();
}
