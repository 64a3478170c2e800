/**
 * `npm run bench:guide`: the deployment guide's load scenario, corrected: accounts that exist, then send-otp for a random
 * address, purpose business, think 5 s; 60 s at 10 a second, 120 s at 20, 60 s at 10. Prints errors and p95; ends with 1 on
 * any error. An argument of 0.1 makes every phase a tenth as long.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { startPostgres } from '../../services/local/postgres/server.ts';
import { hashPassword } from '../../services/runtime/password.ts';
import { migrate } from '../../services/store/migrate.ts';
import { call, startApiProcess, startSes } from '../support/api.ts';

const SHARE = Number(process.argv[2] ?? 1);
const phases = [
  { seconds: 60 * SHARE, perSecond: 10 },
  { seconds: 120 * SHARE, perSecond: 20 },
  { seconds: 60 * SHARE, perSecond: 10 },
];
const ACCOUNTS = 500;
const THINK_MILLISECONDS = 5000;
/** The load comes from one IP, which the limits per IP would hold; a login costs 50 ms of a core at 10 rounds. */
const env = { BCRYPT_ROUNDS: '10', EMAIL_RATE_LIMIT_PER_USER_HOUR: '10', EMAIL_RATE_LIMIT_ALL_PER_MINUTE: '3000' };

const folder = mkdtempSync(join(tmpdir(), 'sealpost-bench-'));
const server = await startPostgres({ dataDir: join(folder, 'postgres') });
const ses = await startSes(50);
const latencies: Record<'login' | 'send-otp', number[]> = { login: [], 'send-otp': [] };
const errors: Record<string, number> = {};

try {
  console.log(
    `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  const url = server.url('postgres');
  await migrate(url);
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  const hash = await hashPassword('testpassword', 10);
  const accounts = Array.from({ length: ACCOUNTS }, (_, n) => ({
    id: randomUUID(),
    email: `user${n}@example.com`,
    role: 'user',
    password_hash: hash,
  }));
  await sql`insert into accounts ${sql(accounts)}`;
  const api = await startApiProcess({ databaseUrl: url, sesUrl: ses.url, env });
  const people: Promise<void>[] = [];
  for (const { seconds, perSecond } of phases) {
    const started = performance.now();
    for (let n = 0; n < seconds * perSecond; n++) {
      await sleep(Math.max(0, started + (n * 1000) / perSecond - performance.now()));
      people.push(person(api.url, accounts[people.length % ACCOUNTS]?.email ?? ''));
    }
    console.log(`${perSecond} a second for ${seconds} s: ${people.length} people so far, ${JSON.stringify(errors)}`);
  }
  await Promise.all(people);
  const deadline = performance.now() + 120_000;
  for (;;) {
    const [row] = await sql<[{ left: number; sent: number }]>`
      select (select count(*)::int from outbox) as left, (select count(*)::int from events where type = 'sent') as sent
    `;
    if (row.left === 0 || performance.now() > deadline) {
      console.log(`${row.sent} mails sent, ${row.left} not`);
      break;
    }
    await sleep(500);
  }
  for (const [name, all] of Object.entries(latencies)) {
    all.sort((a, b) => a - b);
    const at = (share: number): string => `${Math.round(all[Math.floor(all.length * share)] ?? 0)} ms`;
    console.log(`${name}: ${all.length}, p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`);
  }
  const failed = Object.values(errors).reduce((sum, n) => sum + n, 0);
  console.log(`errors: ${failed} ${JSON.stringify(errors)}`);
  if (failed > 0) process.exitCode = 1;
  await api.kill('SIGTERM');
  await sql.end();
} finally {
  await ses.close();
  await server.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
}

async function person(url: string, email: string): Promise<void> {
  const login = await timed('login', () =>
    call(url, 'POST', '/api/auth/login', { body: { email, password: 'testpassword' } }),
  );
  if (!login) return;
  const body = { email: `${randomBytes(8).toString('hex')}@example.test`, purpose: 'business' };
  await timed('send-otp', () =>
    call(url, 'POST', '/api/email-verification/send-otp', { token: String(login.body.token), body }),
  );
  await sleep(THINK_MILLISECONDS);
}

async function timed(name: keyof typeof latencies, ask: () => ReturnType<typeof call>) {
  const started = performance.now();
  const answer = await ask().catch(() => undefined);
  if (answer?.status === 200) {
    latencies[name].push(performance.now() - started);
    return answer;
  }
  const what = `${name} ${answer ? `${answer.status} ${String(answer.body.error)}` : 'no answer'}`;
  errors[what] = (errors[what] ?? 0) + 1;
  return undefined;
}
