/** The canary hunt: hundreds of addresses, codes and tokens through every path and failure, and none in any log or metric. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type ApiProcess, credentials, JWT_SECRET, startApiProcess, startSes } from '../support/api.ts';
import { APP_PASSWORD } from '../support/global-setup.ts';
import { mailsOf } from '../support/history.ts';
import { type Client, createClient, inTurns, tally } from '../support/load.ts';
import { behave } from '../support/mailbox.ts';
import { type Canary, hunt } from './canary.ts';
import { type OwnServer, startOwnServer } from './own-server.ts';
import { createTour, type Tour } from './tour.ts';

const VISITS = 240;
const AT_A_TIME = 12;
const env = { LOG_LEVEL: 'debug', EMAIL_OTP_LENGTH: '10' };
const calm = { leave: false, mailed: true };
const lost = { leave: false, mailed: false };
const secrets: readonly Canary[] = [JWT_SECRET, credentials.secretAccessKey, APP_PASSWORD].map((text) => ({
  kind: 'secret',
  text,
}));

let server: OwnServer;
let ses: LocalSes;
let apis: readonly ApiProcess[];
let clients: readonly Client[];
let tour: Tour;
let places: Record<string, string>;
let mailbox: string;
let tables: ReadonlyMap<string, string>;

const visits = (count: number, how: typeof calm) =>
  inTurns(Array.from({ length: count }), AT_A_TIME, () => tour.visit(how));

beforeAll(async () => {
  server = await startOwnServer();
  ses = await startSes();
  const options = { databaseUrl: server.url, sesUrl: ses.url, env };
  apis = await Promise.all([startApiProcess(options), startApiProcess(options)]);
  clients = apis.map((api) => createClient(api.url, AT_A_TIME * 2));
  tour = createTour(clients, ses.url);
  await visits(VISITS, calm);
  // Their codes are alive when the database is looked into.
  await visits(60, { leave: true, mailed: true });
  await inTurns(Array.from({ length: 12 }), 4, () => tour.misbehave());
  const known = tour.canaries.filter(({ kind }) => kind === 'address').slice(0, 10);
  for (const { text } of known) await tour.administer(`${text}@example.com`);
  await sufferDatabase();
  await sufferSes();
  await collect();
}, 120_000);

afterAll(async () => {
  for (const client of clients ?? []) client.close();
  await Promise.all((apis ?? []).map((api) => api.kill('SIGKILL')));
  await ses?.close();
  await server?.end();
});

async function sufferDatabase(): Promise<void> {
  for (let n = 0; n < 4; n++) {
    const busy = visits(AT_A_TIME, lost);
    await server.terminateApi();
    await busy;
  }
  // A backend that crashes makes the server restart by itself, and say which statement it was at.
  const busy = visits(AT_A_TIME, lost);
  const [backend] = await server.backends();
  if (backend !== undefined) process.kill(backend, 'SIGKILL');
  await busy;
  await Promise.all([visits(AT_A_TIME, lost), server.restart('fast')]);
  // Two processes that use one key at once break a constraint, whose detail would name the values.
  await visits(AT_A_TIME, calm);
}

async function sufferSes(): Promise<void> {
  const failures = [
    'reject',
    'throttle',
    'accept-then-error',
    'accept-then-reset',
    'accept-then-hang',
    'pause',
    'quota',
  ];
  await behave(ses.url, { mode: 'error', status: 500 });
  await visits(10, lost);
  for (const mode of failures) {
    await behave(ses.url, { mode });
    await visits(10, lost);
  }
  await behave(ses.url, { mode: 'normal' });
}

async function collect(): Promise<void> {
  const scrapes = await Promise.all(apis.map(async (api) => (await fetch(api.metricsUrl)).text()));
  const statements = await server.owner<{ query: string }[]>`select query from pg_stat_activity`;
  const names = await server.owner<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public'
  `;
  const dumps = names.map(async ({ name }) => {
    const rows = await server.owner<{ row: string }[]>`select t::text as row from ${server.owner(name)} as t`;
    return [name, rows.map(({ row }) => row).join('\n')] as const;
  });
  tables = new Map(await Promise.all(dumps));
  const addresses = tour.canaries.filter(({ kind }) => kind === 'address');
  const mails = await inTurns(addresses, AT_A_TIME, ({ text }) => mailsOf(ses.url, `${text}@example.com`));
  mailbox = JSON.stringify(mails);
  await Promise.all(apis.map((api) => api.kill('SIGTERM')));
  places = {
    'the log of the api': apis.map((api) => api.output()).join('\n'),
    '/metrics': scrapes.join('\n'),
    "PostgreSQL's log": server.log(),
    'the statements that PostgreSQL shows': statements.map(({ query }) => query).join('\n'),
  };
  const sizes = Object.entries(places).map(([place, text]) => `${place} ${Math.round(text.length / 1024)} KiB`);
  process.stdout.write(
    `${tour.canaries.length} canaries; ${sizes.join(', ')}; ${JSON.stringify(tally(tour.replies))}\n`,
  );
}

const of = (...kinds: Canary['kind'][]): readonly Canary[] => tour.canaries.filter(({ kind }) => kinds.includes(kind));

describe('of hundreds of addresses, codes, guesses, tokens and keys', () => {
  test('none is in the log, /metrics, the log of PostgreSQL or the statements that it shows', () => {
    expect(hunt([...of('address', 'code', 'guess', 'token', 'key'), ...secrets], places)).toEqual([]);
    expect(hunt(of('id'), { '/metrics': places['/metrics'] ?? '' })).toEqual([]);
  });

  test('no code, guess or token is in any table, in clear or as an unkeyed digest; of the keys only a hash is', () => {
    const stored = Object.fromEntries(tables);
    expect(hunt([...of('code', 'guess', 'token'), ...secrets], stored)).toEqual([]);
    expect(hunt(of('key'), stored).filter((found) => !found.includes('sha256 in base64'))).toEqual([]);
  });

  test('the hunt sees what is there: every code and address in the mailbox, every address in the tables', () => {
    const codes = of('code');
    expect(codes.length).toBeGreaterThan(VISITS);
    expect(new Set(codes.map(({ text }) => text)).size).toBe(codes.length);
    expect(hunt(codes, { mailbox }).filter((found) => found.endsWith('itself'))).toHaveLength(codes.length);
    const [streams = '', rows = ''] = [tables.get('streams'), tables.get('email_otp_verifications')];
    expect(hunt(of('address'), { streams }).length).toBeGreaterThan(VISITS);
    expect(hunt(of('id'), { rows }).length).toBeGreaterThan(codes.length);
    const [{ text } = { text: '' }] = codes;
    const planted = hunt(codes.slice(0, 1), { planted: `a log line with ${text} and "${btoa(text)}"` });
    expect(planted).toEqual(['itself', 'base64', 'base64url'].map((form) => `planted: code 0 as ${form}`));
    expect(hunt(codes.slice(0, 1), { longer: `1${text}` })).toEqual([]);
  });

  test('all of it really happened: every refusal was met, and the logs tell of it in their own words', () => {
    const outcomes = tally(tour.replies);
    const refusals = ['invalid_request', 'invalid_json', 'otp_incorrect', 'otp_unknown'].map((code) => `400 ${code}`);
    const others = ['401 unauthorized', '404 not_found', '405 method_not_allowed', '413 body_too_large'];
    const busy = ['415 unsupported_media_type', '429 resend_cooldown', '503 store_unavailable', '503 mail_unavailable'];
    for (const outcome of ['200', ...refusals, ...others, ...busy]) expect(outcomes).toHaveProperty([outcome]);
    expect(Object.keys(outcomes).filter((outcome) => /^5(?!03)/.test(outcome))).toEqual([]);
    const [log = '', metrics = '', postgres = ''] = Object.values(places);
    expect(log.split('\n').length).toBeGreaterThan(tour.replies.length);
    for (const word of ['store_unavailable', 'otp_incorrect', 'stopping']) expect(log).toContain(word);
    expect(metrics).toContain('sealpost_refusals_total{code="otp_incorrect"}');
    for (const word of ['terminating connection', 'signal 9', 'database system is ready'])
      expect(postgres).toContain(word);
  });
});
