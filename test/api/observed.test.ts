/** What a story of requests leaves in the metrics and in the log: each counter by what it counts and by nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { startSes, tokenOf, user } from '../support/api.ts';
import { BASE, until } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { awaitCode, wrongCode } from '../support/mailbox.ts';
import { addressOf } from '../support/rules.ts';
import { type Line, serve, type Served } from '../support/served.ts';

const email = 'zebra@example.com';
const route = (path: string) => `${BASE}/${path}`;
let db: TestDatabase;
let ses: LocalSes;
let served: Served;
let metrics: ReadonlyMap<string, number>;
let lines: readonly Line[];
let passed: number;
/** The request ids of the answers, in order. */
const ids: string[] = [];

beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  served = await serve(db, {}, ses.url);
  const token = await tokenOf(user(1));
  const began = performance.now();
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await served.call(method, path, { token, body });
    ids.push(answer.headers.get('X-Request-Id') ?? '');
    return answer;
  };
  await ask('POST', route('send-otp'), { email });
  const code = await awaitCode(ses.url, email);
  // Recorded by itself, so that no batch has two commands.
  await until('the mail is settled', async () => (await db.owner`select 1 from outbox`).length === 0);
  await ask('POST', route('send-otp'), { email });
  await ask('POST', route('verify-otp'), { email, otp: wrongCode(code) });
  await ask('POST', route('verify-otp'), { email, otp: code });
  await ask('GET', route(`status/${email}`));
  await ask('GET', `/zebra/${email}`);
  await ask('GET', '/health');
  await ask('HEAD', '/health/live');
  passed = (performance.now() - began) / 1000;
  metrics = await served.metrics();
  lines = served.lines();
});
afterAll(async () => {
  await served?.api.stop();
  await Promise.all([ses?.close(), db?.drop()]);
});

/** The samples of this name: what stands in their braces, and the value. */
function samples(name: string): Record<string, number> {
  const own = [...metrics].filter(([key, value]) => key === name || (key.startsWith(`${name}{`) && value !== 0));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(name.length), value]));
}

const sum = (name: string) => Object.values(samples(`${name}_sum`)).reduce((total, one) => total + one, 0);

const requests = [
  ['POST', route('send-otp'), 200, undefined],
  ['POST', route('send-otp'), 429, 'resend_cooldown'],
  ['POST', route('verify-otp'), 400, 'otp_incorrect'],
  ['POST', route('verify-otp'), 200, undefined],
  ['GET', route('status/:email'), 200, undefined],
  ['GET', 'none', 404, 'not_found'],
] as const;

describe('the metrics', () => {
  test('count each request once, by method, route and status; health is none', () => {
    const wanted = requests.map(([method, path, status]) => [
      `{method="${method}",route="${path}",status="${status}"}`,
      1,
    ]);
    expect(samples('sealpost_http_request_duration_seconds_count')).toEqual(Object.fromEntries(wanted));
  });

  test('count each refusal by its code, and each event by its type', () => {
    expect(samples('sealpost_refusals_total')).toEqual({
      '{code="resend_cooldown"}': 1,
      '{code="otp_incorrect"}': 1,
      '{code="not_found"}': 1,
    });
    expect(samples('sealpost_events_total')).toEqual({
      '{type="requested",purpose="verification",outcome="new"}': 1,
      '{type="sent",purpose="verification",outcome=""}': 1,
      '{type="attempted",purpose="verification",outcome="wrong"}': 1,
      '{type="verified",purpose="verification",outcome="otp"}': 1,
    });
  });

  test('count the mail by its result, and each batch with its commands; no race was lost', () => {
    expect(samples('sealpost_mail_send_duration_seconds_count')).toEqual({ '{result="accepted"}': 1 });
    expect(samples('sealpost_batch_commands_count')).toEqual({ '': 5 });
    expect(samples('sealpost_batch_commands_sum')).toEqual({ '': 5 });
    expect(samples('sealpost_batch_duration_seconds_count')).toEqual({ '': 5 });
    expect(samples('sealpost_lost_races_total')).toEqual({ '': 0 });
    expect(samples('sealpost_mail_feedback_total')).toEqual({});
  });

  test('are in seconds: all together no more than the time that passed', () => {
    for (const name of [
      'sealpost_http_request_duration_seconds',
      'sealpost_batch_duration_seconds',
      'sealpost_mail_send_duration_seconds',
    ]) {
      expect(sum(name), name).toBeGreaterThan(0);
      expect(sum(name), name).toBeLessThanOrEqual(passed + 1);
    }
  });
});

describe('the log', () => {
  test('has a line for each request, with its id, pattern, status and refusal; health has none', () => {
    const told = lines.filter(({ event }) => event === 'request' || event === 'slow_request');
    expect(
      told.map(({ requestId, method, route: path, status, refusal }) => [requestId, method, path, status, refusal]),
    ).toEqual(requests.map(([method, path, status, refusal], n) => [ids[n], method, path, status, refusal]));
    for (const { milliseconds, event, level } of told) {
      expect(milliseconds).toBeGreaterThan(0);
      expect(Math.round(Number(milliseconds) * 10) / 10).toBe(milliseconds);
      expect([event, level]).toEqual(Number(milliseconds) > 1000 ? ['slow_request', 40] : ['request', 30]);
    }
  });

  test('has the ports it listens on, and nothing of what was asked', () => {
    const { port, metricsPort } = served.api;
    expect(lines[0]).toMatchObject({ event: 'listening', service: 'api', port, metricsPort });
    for (const inside of ['zebra', 'example.com', 'eyJ']) expect(JSON.stringify(lines)).not.toContain(inside);
  });
});

test('a request of more than a second is a warning', async () => {
  const before = served.lines().length;
  const token = await tokenOf(user(1));
  let answer: Promise<unknown> | undefined;
  await db.owner.begin(async (sql) => {
    await sql`lock table streams in access exclusive mode`;
    answer = served.call('GET', route(`status/${email}`), { token });
    await until('it waits', async () => (await sql`select 1 from pg_locks where not granted`).length > 0);
    await sql`select pg_sleep(1.1)`;
  });
  await answer;
  expect(
    served
      .lines()
      .slice(before)
      .find(({ route: path }) => path === route('status/:email')),
  ).toMatchObject({
    event: 'slow_request',
    level: 40,
  });
});

const lost = async () => (await served.metrics()).get('sealpost_lost_races_total');

test('a race that another process won is counted', async () => {
  const other = handlerOn(db.sql);
  let round = 0;
  await until('a race is lost', async () => {
    round++;
    const asked = [1, 2, 3, 4].map(async (n) => {
      const [address, token] = [addressOf(`race-${round}-${n}@example.com`), await tokenOf(user(100 + round))];
      return Promise.all([
        served.call('POST', route('send-otp'), { token, body: { email: address } }),
        other.handle(requestOf(address, user(500 + round))),
      ]);
    });
    await Promise.all(asked);
    return (await lost()) !== 0;
  });
  expect(await lost()).toBeGreaterThan(0);
});
