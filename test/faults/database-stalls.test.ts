/** The database stops answering without breaking a connection, as a stuck disk does: bounded waiting, then all is well again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type ApiProcess, startApiProcess, startSes, tokenOf } from '../support/api.ts';
import { judgeDelivery, outboxEmptied, readLog } from '../support/history.ts';
import { type Client, createClient, type Reply, sendOtp, statusOf, tally } from '../support/load.ts';
import { isAlive, type OwnServer, startOwnServer } from './own-server.ts';

const STALL_MILLISECONDS = 11_000;
const EVERY_MILLISECONDS = 50;
const ANSWER_MILLISECONDS_MAX = 8000;
const BACK_MILLISECONDS_MAX = 5000;

type Step = Readonly<{ kind: 'send' | 'status'; address: string; reply: Reply }>;

let server: OwnServer;
let ses: LocalSes;
let api: ApiProcess;
let client: Client;
let during: readonly Step[] = [];
let live: readonly number[] = [];
let backMilliseconds = 0;

beforeAll(async () => {
  server = await startOwnServer();
  ses = await startSes();
  api = await startApiProcess({ databaseUrl: server.url, sesUrl: ses.url });
  client = createClient(api.url, 1000);
  for (let n = 0; n < 20; n++) expect((await step('send', `before-${n}`)).reply.status).toBe(200);
  const backends = await server.backends();
  for (const pid of [server.postmaster(), ...backends]) process.kill(pid, 'SIGSTOP');
  try {
    during = await Promise.all(await stalled());
  } finally {
    for (const pid of [...backends, server.postmaster()]) process.kill(pid, 'SIGCONT');
  }
  const started = performance.now();
  for (let n = 0; (await step('send', `after-${n}`)).reply.status !== 200; n++) await sleep(50);
  backMilliseconds = performance.now() - started;
  report();
}, 90_000);

afterAll(async () => {
  client?.close();
  await api?.kill('SIGKILL');
  await ses?.close();
  await server?.end();
});

async function step(kind: Step['kind'], name: string): Promise<Step> {
  const address = `${name}@example.com`;
  const token = await tokenOf(crypto.randomUUID());
  return {
    kind,
    address,
    reply: await client.ask(kind === 'send' ? sendOtp(token, address) : statusOf(token, address)),
  };
}

/** People keep coming while nothing answers; none of their requests is waited for before the next. */
async function stalled(): Promise<Promise<Step>[]> {
  const steps: Promise<Step>[] = [];
  const alive: number[] = [];
  const started = performance.now();
  for (let n = 0; performance.now() - started < STALL_MILLISECONDS; n++) {
    steps.push(step(n % 4 === 3 ? 'status' : 'send', `during-${n}`));
    if (n % 20 === 0) alive.push((await client.ask({ method: 'GET', path: '/health/live' })).milliseconds);
    await sleep(EVERY_MILLISECONDS);
  }
  live = alive;
  return steps;
}

function report(): void {
  for (const kind of ['send', 'status'] as const) {
    const replies = during.filter((one) => one.kind === kind).map(({ reply }) => reply);
    const slowest = Math.max(...replies.map(({ milliseconds }) => milliseconds));
    process.stdout.write(`${kind}: ${JSON.stringify(tally(replies))}, slowest ${Math.round(slowest)} ms\n`);
  }
  process.stdout.write(`back after ${Math.round(backMilliseconds)} ms\n`);
}

describe('while the database does not answer for eleven seconds', () => {
  test('every request is answered within 8 s: 503 store_unavailable with Retry-After', () => {
    expect(during.length).toBeGreaterThan(100);
    const unexpected = during.filter(
      ({ reply: { error, retryAfter, milliseconds } }) =>
        error !== 'store_unavailable' || !(Number(retryAfter) > 0) || milliseconds > ANSWER_MILLISECONDS_MAX,
    );
    const worst = unexpected.map(({ kind, reply }) => `${kind} ${reply.status} ${Math.round(reply.milliseconds)} ms`);
    expect({ count: worst.length, some: worst.slice(0, 5) }).toEqual({ count: 0, some: [] });
  });

  test('the process itself stays awake, and afterwards the same one serves within 5 s', () => {
    expect(Math.max(...live)).toBeLessThan(1000);
    expect(isAlive(api.pid)).toBe(true);
    expect(backMilliseconds).toBeLessThan(BACK_MILLISECONDS_MAX);
  });

  test('what was answered 503 is recorded once and mailed or not at all', async () => {
    const took = await outboxEmptied(server.owner, 20_000);
    const log = await readLog(server.owner);
    const verdict = await judgeDelivery(server.owner, ses.url, []);
    const late = log.filter(({ type, address }) => type === 'requested' && address.startsWith('during-'));
    process.stdout.write(
      `${JSON.stringify(verdict)}, ${late.length} recorded after their 503, settled in ${took} ms\n`,
    );
    expect(verdict.broken).toEqual([]);
    expect(new Set(late.map(({ address }) => address)).size).toBe(late.length);
    // What waited for the store when its client was told to try again is not done behind its back by the dozen.
    expect(late.length).toBeLessThan(during.length / 2);
  });
});
