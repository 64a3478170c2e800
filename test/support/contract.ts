/** What the tests of the HTTP contract share: a stage to play on, the form of a refusal, and what must not have happened. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { expect } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import type { RefusalCode } from '../../services/api/http/refusals.ts';
import { keyOf, type Said } from '../../services/api/messages/messages.ts';
import { say } from '../../services/api/messages/speak.ts';
import { type Answer, type ApiProcess, startApiProcess, startSes, tokenOf, user } from './api.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { codeIn, type InboxMail } from './mailbox.ts';

export const BASE = '/api/email-verification';
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

export type Mail = InboxMail & Readonly<{ from: string; headers: Readonly<Record<string, string>> }>;
type Headers = Record<string, string>;

/** One user's calls, by the names of the contract. */
export type Caller = Readonly<{
  token: string;
  send(body: unknown, headers?: Headers): Promise<Answer>;
  resend(body: unknown, headers?: Headers): Promise<Answer>;
  verify(body: unknown): Promise<Answer>;
  status(email: string): Promise<Answer>;
  list(query?: string): Promise<Answer>;
}>;

export type Stage = Readonly<{
  db: TestDatabase;
  ses: LocalSes;
  api: ApiProcess;
  /** The user with this number. */
  as(n: number, api?: ApiProcess): Promise<Caller>;
  /** Another api process on the same database and mail service. */
  another(env?: Headers): Promise<ApiProcess>;
  /** Waits until no mail is under way, then moves the rules' clock on. */
  later(seconds: number): Promise<void>;
  /** Moves the rules' clock on at once. */
  skip(seconds: number): Promise<void>;
  settled(): Promise<void>;
  /** The code in the newest mail, once no mail is under way. */
  code(address: string): Promise<string>;
  mails(address: string): Promise<readonly Mail[]>;
  /** The types of the address's events, in order. */
  events(address: string): Promise<readonly string[]>;
  /** Does the work and asserts that no table gained or lost a row and that no mail came. */
  unchanged<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}>;

export async function startStage(env: Headers = {}): Promise<Stage> {
  const [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  const start = (more: Headers = {}) =>
    startApiProcess({ databaseUrl: db.url, sesUrl: ses.url, env: { ...env, ...more } });
  const api = await start();
  const processes = [api];
  let ahead = 0;
  const settled = () => until('no mail is under way', async () => (await counts(db)).outbox === 0);
  const mails = (address: string) => mailsOf(ses.url, address);
  const skip = async (seconds: number) => {
    ahead += seconds;
    await db.setClockAhead(ahead);
  };

  return {
    db,
    ses,
    api,
    as: (n, through = api) => callerOf(through, user(n)),
    another: async (more) => {
      const process = await start(more);
      processes.push(process);
      return process;
    },
    later: async (seconds) => {
      await settled();
      await skip(seconds);
    },
    skip,
    settled,
    code: async (address) => {
      await settled();
      const [newest] = await mails(address);
      if (!newest) throw new Error('no mail came');
      return codeIn(newest);
    },
    mails,
    events: async (address) => {
      const rows = await db.owner<{ type: string }[]>`
        select type from events where stream_id = ${address} order by version
      `;
      return rows.map(({ type }) => type);
    },
    unchanged: async (work) => {
      await settled();
      const before = [await counts(db), await mailTotal(ses.url)];
      const result = await work();
      expect([await counts(db), await mailTotal(ses.url)]).toEqual(before);
      return result;
    },
    stop: async () => {
      await Promise.all(processes.map((one) => one.kill('SIGKILL')));
      await ses.close();
      await db.drop();
    },
  };
}

async function callerOf({ call }: ApiProcess, userId: string): Promise<Caller> {
  const token = await tokenOf(userId);
  return {
    token,
    send: (body, headers = {}) => call('POST', `${BASE}/send-otp`, { token, body, headers }),
    resend: (body, headers = {}) => call('POST', `${BASE}/resend-otp`, { token, body, headers }),
    verify: (body) => call('POST', `${BASE}/verify-otp`, { token, body }),
    status: (email) => call('GET', `${BASE}/status/${encodeURIComponent(email)}`, { token }),
    list: (query = '') => call('GET', `${BASE}/list${query}`, { token }),
  };
}

async function counts({ owner }: TestDatabase) {
  const [row] = await owner<[Record<'events' | 'streams' | 'outbox' | 'keys' | 'emails' | 'codes', number>]>`
    select
      (select count(*) from events)::integer as events,
      (select count(*) from streams)::integer as streams,
      (select count(*) from outbox)::integer as outbox,
      (select count(*) from idempotency_keys)::integer as keys,
      (select count(*) from user_email_addresses)::integer as emails,
      (select count(*) from email_otp_verifications)::integer as codes
  `;
  return row;
}

type Page = { messages: Mail[]; total: number };
const page = async (url: string): Promise<Page> => (await (await fetch(url)).json()) as Page;

const mailTotal = async (sesUrl: string): Promise<number> => (await page(`${sesUrl}/messages?limit=1`)).total;

/** Newest first. */
const mailsOf = async (sesUrl: string, address: string): Promise<readonly Mail[]> =>
  (await page(`${sesUrl}/messages?to=${encodeURIComponent(address)}&limit=500`)).messages;

export async function until(what: string, holds: () => Promise<boolean>, milliseconds = 20_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await sleep(20);
  }
}

/** Asserts a refusal as the contract has it, whole: RFC 9457 and the members that existing clients read. */
export function expectProblem({ status, headers, body, text }: Answer, wantedStatus: number, error: string): void {
  expect({ status, error: body.error }, text).toEqual({ status: wantedStatus, error });
  expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json\b/);
  expect(body).toMatchObject({ success: false, status: wantedStatus });
  for (const member of ['type', 'title', 'detail', 'instance']) {
    expect(body[member], member).toEqual(expect.stringMatching(/\S/));
  }
  const { retryAfter, attemptsRemaining, errors } = body;
  const said = { retryAfterSeconds: retryAfter, attemptsRemaining, errors } as Said;
  const language = headers.get('Content-Language') ?? 'en';
  expect(body.message).toBe(say(language, keyOf(error as RefusalCode, said), said));
}

/** The seconds of Retry-After, which must be whole and at least 1. */
export function retryAfterOf({ headers }: Answer): number {
  const text = headers.get('Retry-After') ?? 'absent';
  expect(text).toMatch(/^[1-9]\d*$/);
  return Number(text);
}

/** A refusal byte for byte, but for what names this one request. */
export function withoutIds({ status, headers, body, text }: Answer): unknown {
  const shown = ['Content-Type', 'Retry-After', 'Content-Length'].map((name) => headers.get(name));
  return [status, ...shown, text.replaceAll(String(body.requestId), '').replace(String(body.instance), '')];
}

export type Held = Readonly<{ waiting(statements: number): Promise<void>; release(): Promise<void> }>;

/** Holds back every statement that records, until released: what comes meanwhile waits inside PostgreSQL or behind it. */
export async function holdRecording(db: TestDatabase): Promise<Held> {
  const sql = postgres(db.ownerUrl, { max: 1, fetch_types: false, onnotice: () => {} });
  await sql.unsafe('begin; lock table streams in exclusive mode');
  return {
    waiting: (statements) =>
      until('the statement waits', async () => {
        const rows = await db.owner`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        `;
        return rows.length >= statements;
      }),
    release: async () => {
      await sql.unsafe('commit');
      await sql.end();
    },
  };
}
