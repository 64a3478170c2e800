/** What is described is what is checked: a request of its schema is never refused for its form, and one that breaks it is, by the name of the member. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type Answer, type ApiProcess, startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  type Call,
  callsOf,
  inlined,
  type Parameter,
  readDocument,
  resolve,
  type Schema,
} from '../support/described.ts';
import { allowed, forbidden, forbiddenTexts, type InWords } from '../support/from-schema.ts';

const SEED = 20_261_128;
const RUNS = 20;
const document = readDocument();
const calls = callsOf(document).map((call) => [call.operation.operationId, call] as const);

let db: TestDatabase;
let ses: LocalSes;
let api: ApiProcess;
let token: string;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url });
  token = await tokenOf(user(900), 'admin');
});
afterAll(async () => {
  await api?.kill('SIGKILL');
  await Promise.all([ses?.close(), db?.drop()]);
});

/** What only words can tell: a code has as many digits as the answer of send-otp says, and the purposes are a setting. */
const digits = fc
  .tuple(fc.stringMatching(/^\d{6}$/), fc.constantFrom('', ' ', '-', ' - '))
  .map(([code, between]) => [...code].join(between));
const inWords: InWords = { otp: digits, purpose: fc.constantFrom('verification', 'business', null) };
/** Rows that pages have numbers for, and a timeline of one of the two. */
const inTurn: Readonly<Record<string, (query: Record<string, unknown>) => Record<string, unknown>>> = {
  page: (query) => ('page' in query ? { ...query, page: Math.min(Number(query['page']), 500) } : query),
  otpId: ({ otpId, email = 'a@example.com', ...query }) =>
    otpId === undefined ? { ...query, email } : { ...query, otpId },
};
/** What is taken although the schema has it not, each by its own words. */
const taken: Readonly<Record<string, (value: unknown) => boolean>> = {
  locale: () => true,
  emailId: (value) => typeof value === 'string' && /^\d+$/.test(value),
};

const parametersOf = ({ operation }: Call, place: string): readonly Parameter[] =>
  (operation.parameters ?? [])
    .map((one) => resolve<Parameter>(document, one))
    .filter((one) => one.in === place && one.name !== 'Accept-Language');

const recordOf = (parameters: readonly Parameter[]) =>
  fc.record(Object.fromEntries(parameters.map(({ name, schema }) => [name, allowed(schema)])), {
    requiredKeys: parameters.filter(({ required }) => required).map(({ name }) => name),
  });

function bodyOf({ operation }: Call): Schema | undefined {
  const schema = operation.requestBody?.content['application/json']?.schema;
  return schema && inlined(document, schema);
}

type Asked = {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  header: Record<string, unknown>;
  body?: unknown;
};

function requestOf(call: Call): fc.Arbitrary<Asked> {
  const query = parametersOf(call, 'query');
  const body = bodyOf(call);
  return fc.record({
    path: recordOf(parametersOf(call, 'path')),
    query: recordOf(query).map((one) => query.reduce((all, { name }) => inTurn[name]?.(all) ?? all, one)),
    header: recordOf(parametersOf(call, 'header')),
    ...(body ? { body: allowed(body, inWords) } : {}),
  });
}

function ask({ method, path, operation }: Call, asked: Asked): Promise<Answer> {
  const query = new URLSearchParams(Object.entries(asked.query).map(([name, value]) => [name, String(value)]));
  const target = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(asked.path[name])));
  return api.call(method, query.size > 0 ? `${target}?${query}` : target, {
    ...(operation.security.length > 0 ? { token } : {}),
    headers: asked.header as Record<string, string>,
    ...(asked.body === undefined ? {} : { body: asked.body }),
  });
}

describe('a request that the description allows', () => {
  test.each(calls)('of %s is not refused for its form', async (_id, call) => {
    const property = fc.asyncProperty(requestOf(call), async (asked) => {
      const { status, body, text } = await ask(call, asked);
      expect(['invalid_request', 'invalid_json', 'unsupported_media_type'], text).not.toContain(body.error);
      expect([200, 400, 401, 404, 409, 422, 429, 503], text).toContain(status);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});

describe('a request that the description forbids', () => {
  test.each(calls)('of %s is refused by the name of what is wrong', async (_id, call) => {
    const [good] = fc.sample(requestOf(call), { seed: SEED, numRuns: 1 });
    if (!good) throw new Error('there is no request');
    const schema = bodyOf(call);
    const body = good.body as Record<string, unknown>;
    for (const [name, one] of Object.entries(schema?.properties ?? {})) {
      const without = Object.fromEntries(Object.entries(body).filter(([member]) => member !== name));
      if (schema?.required?.includes(name)) await refused({ ...good, body: without }, name);
      for (const value of forbidden(one)) {
        if (!taken[name]?.(value)) await refused({ ...good, body: { ...body, [name]: value } }, name);
      }
    }
    for (const place of ['path', 'query', 'header'] as const) {
      for (const { name, schema: one } of parametersOf(call, place)) {
        const wrong = forbiddenTexts(one).filter((value) => place !== 'header' || /^[!-~]*$/.test(value));
        for (const value of wrong) await refused({ ...good, [place]: { ...good[place], [name]: value } }, name);
      }
    }
    for (const value of schema ? ['x', 7, [], null] : [])
      await refused({ ...good, body: value === 'x' ? '"x"' : value }, '');

    async function refused(asked: Asked, name: string): Promise<void> {
      const answer = await ask(call, asked);
      const told = `${JSON.stringify(asked)} -> ${answer.status} ${answer.text}`;
      expect({ status: answer.status, error: answer.body.error }, told).toEqual({
        status: 400,
        error: 'invalid_request',
      });
      const pointers = (answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer.toLowerCase());
      expect(pointers, told).toContain(name === '' ? '' : `/${name.toLowerCase()}`);
    }
  });
});
