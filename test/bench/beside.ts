/**
 * `npm run bench:beside`: send-otp at a million addresses, quiet and beside what others do meanwhile: wrong logins, twenty at once;
 * requests for /health, thirty thousand on one connection; eight admins who search, page and count without a pause; `rebuild --check`
 * and `rebuild`. In one run on a database of its own with fsync on. Prints percentiles.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { startPostgres } from '../../services/local/postgres/server.ts';
import { migrate } from '../../services/store/migrate.ts';
import { apiEnvironment, startApiProcess, tokenOf, user } from '../support/api.ts';
import { createClient, type Reply, tally } from '../support/load.ts';
import { type Load, sendLoad } from './load.ts';
import { fillAddresses } from './million.ts';

const ADDRESSES = Number(process.argv[2] ?? 1_000_000);
const SECONDS = Number(process.argv[3] ?? 10);
const CONNECTIONS = 16;
const ADMINS = 8;
const base = '/api/admin/email-management';
const folder = mkdtempSync(join(tmpdir(), 'sealpost-bench-'));
const server = await startPostgres({ dataDir: join(folder, 'postgres'), settings: { max_connections: '300' } });
const ses = spawn(process.execPath, ['test/bench/ses.ts', '200'], { stdio: ['ignore', 'pipe', 'inherit'] });

/** What an admin asks for, one after the other: searches that find little, deep pages, the figures. */
const asks = [
  (n: number) => `${base}/user-emails?search=${(n * 7919) % 1_000_000}%40`,
  (n: number) => `${base}/user-emails?page=${1 + ((n * 31) % (ADDRESSES / 50))}&limit=50`,
  (n: number) => `${base}/otp-history?email=n-${(n * 104_729) % 1_000_000}`,
  () => `${base}/stats`,
] as const;

try {
  const [line] = (await once(ses.stdout, 'data')) as [Buffer];
  const url = server.url('postgres');
  await migrate(url);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await fillAddresses(sql, ADDRESSES);
  await sql.end();
  console.log(
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, ${ADDRESSES} addresses, ${CONNECTIONS} connections`,
  );
  const tokens = await Promise.all(Array.from({ length: 8192 }, (_, n) => tokenOf(user(n))));
  const admin = await tokenOf(user(900), 'super_admin');
  const options = {
    databaseUrl: url,
    sesUrl: line.toString().trim(),
    env: { LOG_LEVEL: 'info', EMAIL_RATE_LIMIT_ALL_PER_MINUTE: '1000000' },
  };
  const api = await startApiProcess(options);
  let round = 0;
  const load = () => sendLoad(Number(new URL(api.url).port), tokens, CONNECTIONS, SECONDS, `r${round++}-`);
  await load();

  say('quiet', await load());
  let until = performance.now() + SECONDS * 1000;
  const logins = logInWrongly(api.url, until);
  say('beside 20 wrong logins at once', await load());
  console.log(`  they were answered ${JSON.stringify(tally(await logins))}`);
  say('quiet', await load());
  until = performance.now() + SECONDS * 1000;
  const pipelines = askForHealth(new URL(api.url), until);
  say('beside 30,000 requests for /health on one connection', await load());
  console.log(`  they were answered ${JSON.stringify(await pipelines)}`);
  say('quiet', await load());
  until = performance.now() + SECONDS * 1000;
  const admins = Promise.all(Array.from({ length: ADMINS }, (_, n) => administer(api.url, admin, until, n)));
  say(`${ADMINS} admins`, await load());
  tellAdmins((await admins).flat());
  say('quiet', await load());
  for (const parameters of [['rebuild', '--check'], ['rebuild']]) {
    const started = performance.now();
    const child = spawn(process.execPath, ['services/cli/main.ts', ...parameters], {
      env: apiEnvironment(options),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const done = once(child, 'exit').then(() => (performance.now() - started) / 1000);
    for (let ended = false; !ended;) {
      say(`beside ${parameters.join(' ')}`, await load());
      ended = child.exitCode !== null;
    }
    console.log(
      `${parameters.join(' ')} took ${(await done).toFixed(1)} s: ${said.join('').trim().replaceAll('\n', '; ')}`,
    );
  }
  await api.kill('SIGKILL');
} finally {
  ses.kill();
  await server.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
}

function say(name: string, { answered, refused, seconds, p50, p99 }: Load): void {
  console.log(
    `${name}: ${Math.round(answered / seconds)}/s, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, ${refused} refused`,
  );
}

/** Twenty at once, and when the last is answered the next twenty. */
async function logInWrongly(url: string, until: number): Promise<readonly Reply[]> {
  const client = createClient(url, 20);
  const replies: Reply[] = [];
  for (let wave = 0; performance.now() < until; wave++) {
    const asked = Array.from({ length: 20 }, (_, n) =>
      client.ask({
        method: 'POST',
        path: '/api/auth/login',
        body: { email: `op-${wave}-${n}@example.com`, password: 'a wrong password' },
      }),
    );
    replies.push(...(await Promise.all(asked)));
  }
  client.close();
  return replies;
}

/** How often each status was answered; what a closed connection leaves unanswered counts as none. */
async function askForHealth({ hostname, port }: URL, until: number): Promise<Record<string, number>> {
  const answered: Record<string, number> = {};
  while (performance.now() < until) {
    const socket = connect(Number(port), hostname).on('error', () => {});
    await once(socket, 'connect');
    socket.end('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(30_000));
    let left = 30_000;
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      for (const [, status = ''] of chunk.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3})/g)) {
        answered[status] = (answered[status] ?? 0) + 1;
        left--;
      }
    }
    answered.none = (answered.none ?? 0) + left;
  }
  return answered;
}

async function administer(
  url: string,
  token: string,
  until: number,
  first: number,
): Promise<readonly [number, Reply][]> {
  const client = createClient(url, 1);
  const replies: [number, Reply][] = [];
  for (let n = first; performance.now() < until; n += ADMINS + 1) {
    const which = n % asks.length;
    replies.push([which, await client.ask({ method: 'GET', path: (asks[which] ?? asks[0])(n), token })]);
  }
  client.close();
  return replies;
}

function tellAdmins(replies: readonly (readonly [number, Reply])[]): void {
  for (const [which, name] of ['search', 'page', 'codes', 'stats'].entries()) {
    const own = replies.filter(([one]) => one === which).map(([, reply]) => reply);
    const times = own.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
    const at = (share: number): string => `${Math.round(times[Math.floor(times.length * share)] ?? 0)} ms`;
    console.log(`  ${name}: ${JSON.stringify(tally(own))}, p50 ${at(0.5)}, p99 ${at(0.99)}`);
  }
}
