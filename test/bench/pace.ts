/**
 * `npm run bench:pace`: 100 codes a second asked for during a minute, of an SES that takes 14 mails a second, through two
 * api processes. Prints what was refused, what SES refused, and how late the last mail went out; takes ten minutes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { startPostgres } from '../../services/local/postgres/server.ts';
import { migrate } from '../../services/store/migrate.ts';
import { startApiProcess, startSes, tokenOf } from '../support/api.ts';
import { createClient, sendOtp, tally } from '../support/load.ts';
import { judgeDelivery } from '../support/history.ts';

const [RATE, PER_SECOND] = [14, 100];
const SECONDS = Number(process.argv[2] ?? 60);
const folder = mkdtempSync(join(tmpdir(), 'sealpost-bench-'));
const server = await startPostgres({ dataDir: join(folder, 'postgres') });
const ses = await startSes(RATE);

try {
  const url = server.url('postgres');
  await migrate(url);
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  const apis = await Promise.all([0, 1].map(() => startApiProcess({ databaseUrl: url, sesUrl: ses.url })));
  const clients = apis.map((api) => createClient(api.url, 64));
  const token = await tokenOf(crypto.randomUUID());
  const started = performance.now();
  const asked = [];
  for (let n = 0; n < SECONDS * PER_SECOND; n++) {
    await sleep(Math.max(0, started + (n * 1000) / PER_SECOND - performance.now()));
    const address = `pace${n}@example.com`;
    const reply = clients[n % 2]?.ask(sendOtp(token, address));
    if (reply) asked.push(reply.then((one) => ({ address, one })));
  }
  const replies = await Promise.all(asked);
  console.log(
    `${cpus().length} x ${cpus()[0]?.model}; asked for: ${JSON.stringify(tally(replies.map(({ one }) => one)))}`,
  );
  for (;;) {
    const [row] = await sql<[{ left: number }]>`select count(*)::int as left from outbox`;
    if (row.left === 0) break;
    console.log(`${Math.round((performance.now() - started) / 1000)} s: ${row.left} mails wait`);
    await sleep(30_000);
  }
  const told = replies.flatMap(({ address, one }) =>
    one.status === 200 ? [{ address, otpId: String(one.body.otpId) }] : [],
  );
  const { broken, ...verdict } = await judgeDelivery(sql, ses.url, told);
  const [late] = await sql<[{ seconds: number }]>`
    select max(extract(epoch from s.at - r.at))::float8 as seconds
    from events r join events s on s.stream_id = r.stream_id and s.type = 'sent'
    where r.type = 'requested'
  `;
  const metrics = await Promise.all(apis.map(async (api) => (await fetch(api.metricsUrl)).text()));
  const throttled = metrics.map((text) => /duration_seconds_count\{result="throttled"\} (\d+)/.exec(text)?.[1] ?? '0');
  console.log(
    `${JSON.stringify(verdict)}, promises broken: ${broken.length}, refused by SES: ${throttled.join(' + ')}`,
  );
  console.log(`the last mail went out ${Math.round(late.seconds)} s after it was asked for; a code lives 600 s`);
  if (broken.length > 0) process.exitCode = 1;
  for (const client of clients) client.close();
  await Promise.all(apis.map((api) => api.kill('SIGTERM')));
  await sql.end();
} finally {
  await ses.close();
  await server.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
}
