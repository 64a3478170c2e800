/** No statement that a time or a key bounds reads a table whole: looked at on a log of a million events, as PostgreSQL ran it. */
import { globSync, readFileSync } from 'node:fs';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeList, emailList, pageOfSuppressed } from '../../services/store/admin-lists.ts';
import type { List } from '../../services/store/admin-pages.ts';
import { addressOfCode, findEmail, readEmail, readStats } from '../../services/store/admin-queries.ts';
import { findAccount } from '../../services/store/accounts.ts';
import type { Sql } from '../../services/store/database.ts';
import { findMailing } from '../../services/store/feedback.ts';
import { readOverdueSeconds } from '../../services/store/server-facts.ts';
import { load } from '../../services/store/load.ts';
import { claimMails, outboxSize } from '../../services/store/outbox.ts';
import { lapsedAddresses, listEmails, readEvents, readEventsAfter, readState } from '../../services/store/queries.ts';
import { countSent, readReputation } from '../../services/store/reputation.ts';
import * as retention from '../../services/store/retention.ts';
import { countSessions, endSession, liveSessions, rotate } from '../../services/store/sessions.ts';
import { derive, differencesOf, type Story } from '../../services/store/derive.ts';
import { readServerUse } from '../../services/store/server-use.ts';
import { compareSample } from '../../services/store/sample.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { unstopped } from '../support/handlers.ts';
import { fillLog } from '../support/large-log.ts';
import { addressOf } from '../support/rules.ts';

/** Of a table of many rows; what is smaller may be read whole. */
const SHARE_MAX = 0.1;
const MANY_ROWS = 50_000;

let db: TestDatabase;
const sizes = new Map<string, number>();
const seen: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  await fillLog(db.owner);
  for (const { relname, rows } of await db.owner`select relname, reltuples::float8 as rows from pg_class`)
    sizes.set(String(relname), Number(rows));
  expect(sizes.get('events')).toBeGreaterThan(990_000);
}, 180_000);
afterAll(() => db.drop());

type Node = Readonly<Record<string, unknown>> & { Plans?: readonly Node[] };

const numberOf = (node: Node, name: string): number => Number(node[name] ?? 0);
const nodesOf = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The share of its table that a scan looked at: the rows that it gave and those that it threw away. */
function shareRead(node: Node): number {
  const rows = sizes.get(String(node['Relation Name'])) ?? 0;
  if (rows < MANY_ROWS) return 0;
  const each = ['Actual Rows', 'Rows Removed by Filter', 'Rows Removed by Index Recheck'].map((name) =>
    numberOf(node, name),
  );
  return (each.reduce((sum, n) => sum + n, 0) * numberOf(node, 'Actual Loops')) / rows;
}

/** Statements that are explained instead of sent, each in a transaction that is taken back. */
function explaining(found: string[]): Sql {
  const ask = async (strings: TemplateStringsArray, ...parameters: unknown[]) => {
    const text = strings.reduce((before, part, n) => `${before}$${n}${part}`);
    seen.push(normal(strings.join('?')));
    let plan: Node = {};
    await db.owner
      .begin(async (tx) => {
        const [row] = await tx.unsafe(`explain (analyze, format json) ${text}`, parameters as never[]);
        const [explained] = (row?.['QUERY PLAN'] ?? []) as readonly { Plan: Node }[];
        plan = explained?.Plan ?? plan;
        throw new Error('taken back');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'taken back') throw error;
      });
    for (const node of nodesOf(plan)) {
      const share = shareRead(node);
      if (share > SHARE_MAX)
        found.push(`${String(node['Node Type'])} of ${Math.round(share * 100)} % of ${String(node['Relation Name'])}`);
    }
    return Object.assign([], { count: 0 });
  };
  return Object.assign(ask, { json: (value: postgres.JSONValue) => db.owner.json(value) }) as unknown as Sql;
}

const normal = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const address = addressOf('person-77@example.com');
const whole = {
  streamIds: ['person-1@example.com', 'person-2@example.com'],
  freshEmailIds: 1,
  keys: [],
  windows: [],
  closedHashes: ['hash'],
};
const token = { tokenHash: 'next', lifeSeconds: 1 };

/** Of two hundred addresses, as a sample or a rebuild compares them at once. */
const stories: readonly Story[] = Array.from({ length: 200 }, (_, n) => [
  {
    stream_id: addressOf(`person-${n * 31}@example.com`),
    version: 1,
    type: 'unlocked',
    at: 0,
    data: { by: 'x', before: 0 },
  },
]);
const addresses = stories.map(([{ stream_id }]) => stream_id);

/** Every statement of a list, in its middle, with bounds of a twentieth of its rows; nothing is found. */
async function wholeList<Row, Place>(list: List<Row, Place>, after: Place): Promise<void> {
  const rows = 5000;
  const slice = { after, limit: 51, offset: 1000 };
  const asked = await Promise.allSettled<unknown>([
    list.countOf('person-7@example.com', rows),
    list.rowsOf('person-7@example.com', slice, rows),
    list.count('%nobody%', rows),
    list.rows('%nobody%', slice, rows),
    list.rows('%nobody%', { ...slice, after: list.start }, rows),
    list.reached(after, rows),
  ]);
  const failed = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  expect(failed.filter((error) => !(error instanceof TypeError))).toEqual([]);
}

const someCode = { microseconds: Date.now() * 1000, id: user(1) };

describe('reads no tenth of a large table:', () => {
  test.each<readonly [string, (sql: Sql) => Promise<unknown>]>([
    ['load', (sql) => load(sql, whole)],
    ['readState', (sql) => readState(sql, address)],
    ['readEvents', (sql) => readEvents(sql, address)],
    ['readEventsAfter', (sql) => readEventsAfter(sql, address, { otpId: user(77), after: 1, limit: 10 })],
    ['listEmails', (sql) => listEmails(sql, user(77), true)],
    ['findEmail', (sql) => findEmail(sql, address, user(77), 'verification')],
    ['readEmail', (sql) => readEmail(sql, 77)],
    ['addressOfCode', (sql) => addressOfCode(sql, user(77))],
    ['the list of addresses', (sql) => wholeList(emailList(sql), 50_000)],
    ['the list of codes', (sql) => wholeList(codeList(sql), someCode)],
    ['pageOfSuppressed', (sql) => pageOfSuppressed(sql, { page: 100, limit: 200, after: 'p' })],
    ['findMailing', (sql) => findMailing(sql, address, 'm', undefined)],
    ['findAccount', (sql) => findAccount(sql, addressOf('op@example.com'), ['a', 'b'])],
    ['rotate', (sql) => rotate(sql, 'token-5', token, 1)],
    ['endSession', (sql) => endSession(sql, 'token-5', 'logout', null)],
    ['liveSessions', (sql) => liveSessions(sql, [user(5)])],
    ['lapsedAddresses', (sql) => lapsedAddresses(sql, 500)],
    ['claimMails', (sql) => claimMails(sql, 100)],
    ['outboxSize', outboxSize],
    ['readServerUse', readServerUse],
    ['countSessions', countSessions],
    ['compareSample', (sql) => compareSample(sql, 200)],
    ['differencesOf', (sql) => differencesOf(sql, addresses, derive(stories))],
    ['readReputation', (sql) => readReputation(sql, 'users')],
    ['countSent', (sql) => countSent(sql, 1)],
    ['readOverdueSeconds', readOverdueSeconds],
    ['cleanUpCodes', (sql) => retention.cleanUpCodes(sql, unstopped)],
    ['cleanUpAddresses', (sql) => retention.cleanUpAddresses(sql, unstopped)],
    ['forgetIdempotencyKeys', (sql) => retention.forgetIdempotencyKeys(sql, unstopped)],
    ['forgetRefreshTokens', (sql) => retention.forgetRefreshTokens(sql, unstopped)],
    ['forgetSessions', (sql) => retention.forgetSessions(sql, unstopped)],
    ['forgetRateWindows', (sql) => retention.forgetRateWindows(sql, unstopped)],
  ])('%s', async (_name, work) => {
    const found: string[] = [];
    const before = seen.length;
    // What it makes of an answer without a row is not looked at here.
    await work(explaining(found)).catch((error: unknown) => expect(error).toBeInstanceOf(TypeError));
    expect(seen.length).toBeGreaterThan(before);
    expect(found).toEqual([]);
  });

  test('of the statistics, which count everything, what was verified of late', async () => {
    const found: string[] = [];
    await readStats(explaining(found)).catch(() => {});
    expect(found).toEqual(['Seq Scan of 100 % of user_email_addresses']);
  });

  test('every statement of the store that a time bounds was looked at', () => {
    const statements = globSync('services/store/*.ts').flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/sql(?:<[^`]*>)?`([^`]*)`/g)].map(([, text = '']) =>
        normal(text.replaceAll(/\$\{[^}]*\}/g, '?')),
      ),
    );
    const bounded = statements.filter((text) => /(?:where|and) \S+ [<>]=? \(?(?:select )?event_clock\(\)/.test(text));
    expect(bounded.length).toBeGreaterThan(8);
    expect(bounded.filter((text) => !seen.includes(text))).toEqual([]);
    // Of addresses there are no statistics: who asks so for some of them reads all of them.
    expect(statements.filter((text) => /(?:stream_id|email|email_address) in \(/.test(text))).toEqual([]);
    // Evaluated for each row, it would bound nothing.
    expect(statements.filter((text) => /(?:where|and) \S+ [<>]=? event_clock/.test(text))).toEqual([]);
  });
});
