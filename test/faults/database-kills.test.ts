/** The database dies twenty-five times under load: the api lives on, and what it told its clients is what the log holds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { rebuild } from '../../services/store/rebuild.ts';
import { type ApiProcess, startApiProcess, startSes, tokenOf } from '../support/api.ts';
import { judgeDelivery, outboxEmptied, readLog } from '../support/history.ts';
import { type Client, createClient, inTurns, sendOtp, tally } from '../support/load.ts';
import { type MixedLoad, startMixedLoad, type Step } from './mixed-load.ts';
import { isAlive, type OwnServer, startOwnServer } from './own-server.ts';

const PEOPLE = 30;
const TERMINATIONS = 20;
const RESTARTS = ['fast', 'kill', 'fast', 'kill', 'fast'] as const;
const BETWEEN_MILLISECONDS = 1000;
/** So long at most is waited for people who are not served: without an end for those whose place in the pool a fault took away. */
const WAITED_MILLISECONDS_MAX = 30_000;
const ANSWER_MILLISECONDS_MAX = 8000;
/** Where only connections broke nobody waits for a statement's end by its timeout, which is five seconds. */
const RECONNECT_MILLISECONDS_MAX = 4500;
const LEASE_MILLISECONDS = 20_000;
const REBUILD_MILLISECONDS_MAX = 20_000;
const STREAMS_MIN = 4500;

type Fault = Readonly<{ name: string; served: number; backMilliseconds: number; awayMilliseconds: number }>;

let server: OwnServer;
let ses: LocalSes;
let api: ApiProcess;
let client: Client;
let load: MixedLoad;
let restartsBegan = 0;
const faults: Fault[] = [];

beforeAll(async () => {
  server = await startOwnServer();
  ses = await startSes();
  api = await startApiProcess({ databaseUrl: server.url, sesUrl: ses.url });
  client = createClient(api.url, PEOPLE);
  load = startMixedLoad(client, ses.url, PEOPLE);
  await sleep(2000);
  for (let n = 0; n < TERMINATIONS; n++) {
    await suffer('terminate', async () => expect(await server.terminateApi()).toBeGreaterThan(0));
  }
  restartsBegan = performance.now();
  for (const how of RESTARTS) await suffer(how, () => server.restart(how));
  await load.stop();
  report();
}, 180_000);

afterAll(async () => {
  client?.close();
  await api?.kill('SIGKILL');
  await ses?.close();
  await server?.end();
});

/**
 * One fault, and how long it takes until every one of the people was served again. A rate would be the machine's affair, on which
 * other tests run beside this one; a place in the pool that a fault takes away for good leaves nobody served before the faults end.
 */
async function suffer(name: string, fault: () => Promise<void>): Promise<void> {
  await sleep(BETWEEN_MILLISECONDS * (0.6 + Math.random() * 0.4));
  const started = performance.now();
  await fault();
  const back = performance.now();
  const isOver = () => load.served(back) === PEOPLE || performance.now() - back > WAITED_MILLISECONDS_MAX;
  while (!isOver()) await sleep(20);
  const [served, backMilliseconds] = [load.served(back), performance.now() - back];
  faults.push({ name, served, backMilliseconds, awayMilliseconds: back - started });
}

function report(): void {
  const lines = faults.map(
    ({ name, served, backMilliseconds, awayMilliseconds }) =>
      `  ${name}: ${served} of ${PEOPLE} served again after ${Math.round(backMilliseconds)} ms` +
      ` (the fault itself ${Math.round(awayMilliseconds)} ms)`,
  );
  const slowest = Math.max(...load.history.map(({ reply }) => reply.milliseconds));
  const outcomes = JSON.stringify(tally(load.history.map(({ reply }) => reply)));
  process.stdout.write(`${lines.join('\n')}\n${outcomes}, slowest answer ${Math.round(slowest)} ms\n`);
}

const told = (kind: Step['kind'], is: (step: Step) => boolean): readonly Step[] =>
  load.history.filter((step) => step.kind === kind && is(step));

describe('while the database dies twenty times by its connections and five times whole', () => {
  test('the api that served before is the one that serves after: same process, and it still answers', async () => {
    expect(faults).toHaveLength(TERMINATIONS + RESTARTS.length);
    expect(isAlive(api.pid)).toBe(true);
    expect((await api.call('GET', '/health')).status).toBe(200);
  });

  test('every request is answered within 8 s: done, judged, or 503 store_unavailable with Retry-After', () => {
    const unexpected = load.history.filter(({ kind, reply: { status, error, retryAfter, milliseconds } }) => {
      const done = status === 200 || (kind === 'wrong' && error === 'otp_incorrect');
      const away = status === 503 && error === 'store_unavailable' && Number(retryAfter) > 0;
      return !(done || away) || milliseconds > ANSWER_MILLISECONDS_MAX;
    });
    expect(unexpected.map(({ kind, reply }) => ({ kind, ...reply }))).toEqual([]);
    // The faults were really felt, and not by everyone all the time.
    const refused = load.history.filter(({ reply }) => reply.status === 503).length;
    expect(refused).toBeGreaterThan(TERMINATIONS);
    expect(refused).toBeLessThan(load.history.length / 2);
  });

  test('every acknowledged event is in the log, and none is there that no client asked for', async () => {
    const log = await readLog(server.owner);
    const counts = new Map<string, number>();
    for (const { type, data } of log)
      counts.set(`${type} ${data.otpId}`, (counts.get(`${type} ${data.otpId}`) ?? 0) + 1);
    const isIn = (type: string) => (step: Step) => counts.get(`${type} ${step.otpId}`) === 1;
    const lost = [
      ...told('send', ({ reply }) => reply.status === 200).filter((step) => !isIn('requested')(step)),
      ...told('right', ({ reply }) => reply.status === 200).filter((step) => !isIn('verified')(step)),
      ...told('wrong', ({ reply }) => reply.error === 'otp_incorrect').filter((step) => !isIn('attempted')(step)),
    ];
    expect(lost).toEqual([]);
    // A repeat under the same Idempotency-Key never asked twice, and an unknown outcome never counted twice.
    expect([...counts].filter(([what, n]) => n > 1 && !what.startsWith('sent '))).toEqual([]);
    const requests = log.filter(({ type }) => type === 'requested');
    expect(new Set(requests.map(({ address }) => address)).size).toBe(requests.length);
    const guessed = new Set(told('wrong', () => true).map(({ otpId }) => otpId));
    expect(log.filter(({ type, data }) => type === 'attempted' && !guessed.has(data.otpId))).toEqual([]);
  });

  test('after each fault every one of the people is served again', () => {
    expect(faults.filter(({ served }) => served < PEOPLE)).toEqual([]);
  });

  test('a broken connection holds nobody up: while only connections died no answer took longer than 4.5 s', () => {
    const held = load.history.filter(
      ({ reply }) =>
        reply.startedAt + reply.milliseconds < restartsBegan && reply.milliseconds > RECONNECT_MILLISECONDS_MAX,
    );
    expect(held.map(({ kind, reply: { status, milliseconds } }) => ({ kind, status, milliseconds }))).toEqual([]);
  });

  test('every acknowledged request was mailed, also those whose sender was cut off from the store', async () => {
    const milliseconds = await outboxEmptied(server.owner, LEASE_MILLISECONDS);
    const acknowledged = told('send', ({ reply }) => reply.status === 200);
    const verdict = await judgeDelivery(server.owner, ses.url, acknowledged);
    process.stdout.write(`${JSON.stringify(verdict)}, outbox empty after ${Math.round(milliseconds ?? -1)} ms\n`);
    expect(verdict.broken).toEqual([]);
  });

  test('afterwards a replay of the log, longer than it reads at once, gives the very same tables', async () => {
    // How many addresses the people came to is the machine's affair; a log of an hour's service is longer.
    const missing = STREAMS_MIN - new Set((await readLog(server.owner)).map(({ address }) => address)).size;
    const token = await tokenOf(crypto.randomUUID());
    await inTurns(Array.from({ length: Math.max(0, missing) }), PEOPLE, (_, n) =>
      client.ask(sendOtp(token, `more-${n}@example.com`)),
    );
    expect(await outboxEmptied(server.owner, LEASE_MILLISECONDS)).toBeDefined();
    expect((await readLog(server.owner)).length).toBeGreaterThan(STREAMS_MIN * 2);
    const never = sleep(REBUILD_MILLISECONDS_MAX, `no end after ${REBUILD_MILLISECONDS_MAX} ms`, { ref: false });
    const differences = await Promise.race([rebuild(server.ownerUrl, { check: true }), never]);
    expect(differences).toEqual({ streams: 0, user_email_addresses: 0, email_otp_verifications: 0 });
  });
});
