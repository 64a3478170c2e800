/** The description is true: whatever is asked of any operation, the answer's status, type and body are documented, and never a 500. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type Answer, type ApiProcess, startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

type Responses = Record<string, { content?: Record<string, { schema: object }> }>;
type Operation = { parameters?: { name: string; in: string }[]; requestBody?: object; responses: Responses };
type Call = Readonly<{ method: string; path: string; operation: Operation }>;

const SEED = 20_261_122;
let db: TestDatabase;
let ses: LocalSes;
let api: ApiProcess;
let calls: readonly Call[];
let document: { paths: Record<string, Record<string, Operation>>; components: object };
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const validators = new Map<object, ValidateFunction>();

beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url });
  document = (await api.call('GET', '/openapi.json')).body as unknown as typeof document;
  ajv.addSchema({ $id: 'doc', ...document });
  calls = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});
afterAll(async () => {
  await api?.kill('SIGKILL');
  await Promise.all([ses?.close(), db?.drop()]);
});

/** What is wrong with the answer by the description; undefined where nothing is. */
function undocumented({ operation }: Call, { status, headers, body }: Answer): string | undefined {
  const response = operation.responses[status];
  if (!response) return `status ${status} is not documented`;
  const type = headers.get('content-type')?.split(';')[0] ?? 'none';
  const schema = response.content?.[type]?.schema;
  if (!schema) return `type ${type} is not documented for ${status}`;
  const validate = validators.get(schema) ?? ajv.compile(pointed(schema));
  validators.set(schema, validate);
  return validate(body) ? undefined : `the body of ${status} is not of its schema: ${ajv.errorsText(validate.errors)}`;
}

/** The schema with its references into the document. */
function pointed(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"doc#/components')) as object;
}

const value = fc.oneof(
  fc.constantFrom(
    'a@example.com',
    'b@example.com',
    'anna@bücher.example',
    'no address',
    '',
    '1',
    '000000',
    'business',
    user(1),
    'en',
  ),
  fc.string({ maxLength: 40 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
);
const names = ['email', 'otp', 'otpId', 'purpose', 'locale', 'emailId', 'verified', 'userId'] as const;
const fields = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
const body = fc.oneof(
  { weight: 8, arbitrary: fields.map((one) => JSON.stringify(one)) },
  fc.json(),
  fc.string({ maxLength: 60 }),
);

const request = fc.record({
  call: fc.nat(),
  body,
  text: value,
  token: fc.constantFrom('admin', 'person', 'none', 'bad'),
  type: fc.constantFrom('application/json', 'application/json', 'application/json', 'text/plain'),
  key: fc.option(fc.constantFrom('a-key-of-enough-length', 'short'), { nil: undefined }),
});

describe('the description', () => {
  test('names every path that the guide and the contract name', () => {
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/health',
        '/api/email-verification/send-otp',
        '/api/email-verification/resend-otp',
        '/api/email-verification/verify-otp',
        '/api/email-verification/status/{email}',
        '/api/email-verification/list',
        ...['user-emails', 'stats', 'toggle-verification', 'manual-verify', 'otp-history'].map(
          (name) => `/api/admin/email-management/${name}`,
        ),
      ]),
    );
  });

  test('holds for 1,500 random requests over all operations, and each operation was seen to succeed or to refuse', async () => {
    const tokens: Record<string, string | undefined> = {
      admin: await tokenOf(user(900), 'admin'),
      person: await tokenOf(user(1)),
      none: undefined,
      bad: 'not.a.token',
    };
    const seen = new Map<string, Set<number>>();
    await fc.assert(
      fc.asyncProperty(request, async ({ call: n, body: sent, text, token, type, key }) => {
        const call = calls[n % calls.length];
        if (!call) return;
        const { method, path, operation } = call;
        const query = new URLSearchParams(
          (operation.parameters ?? [])
            .filter((one) => one.in === 'query' && text !== undefined)
            .map((one) => [one.name, String(text)]),
        );
        const target = `${path.replace('{email}', encodeURIComponent(String(text) || 'x'))}${query.size > 0 ? `?${query}` : ''}`;
        const headers = {
          ...(operation.requestBody ? { 'Content-Type': type } : {}),
          ...(key ? { 'Idempotency-Key': key } : {}),
        };
        const answer = await api.call(method, target, {
          token: tokens[token],
          headers,
          ...(operation.requestBody ? { body: sent } : {}),
        });
        expect(
          undocumented(call, answer),
          `${method} ${target} ${sent} -> ${answer.status} ${answer.text}`,
        ).toBeUndefined();
        expect(answer.status).not.toBe(500);
        const name = `${method} ${path}`;
        seen.set(name, (seen.get(name) ?? new Set()).add(answer.status));
      }),
      { seed: SEED, numRuns: 1500 },
    );
    expect(seen.size).toBe(calls.length);
    expect([...seen.values()].filter((statuses) => statuses.has(200)).length).toBeGreaterThan(calls.length / 3);
  });

  test('would notice: an answer with another status, type or body is told', async () => {
    const call = calls.find(({ path }) => path === '/health') as Call;
    const answer = await api.call('GET', '/health');
    expect(undocumented(call, answer)).toBeUndefined();
    expect(undocumented(call, { ...answer, status: 418 })).toContain('418');
    expect(undocumented(call, { ...answer, body: { status: 'so so' } })).toContain('schema');
    expect(undocumented(call, { ...answer, headers: new Headers({ 'content-type': 'text/plain' }) })).toContain(
      'text/plain',
    );
  });

  test('the reference page needs nothing from elsewhere and has an anchor for every refusal', async () => {
    const { text, headers } = await api.call('GET', '/docs');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).not.toMatch(/(?:src|href)="https?:/);
    for (const code of ['otp_incorrect', 'resend_cooldown', 'store_unavailable'])
      expect(text).toContain(`id="${code}"`);
    for (const { path } of calls) expect(text).toContain(`<code>${path}</code>`);
    const told = (path: string) => text.split('<section>').find((part) => part.includes(`<code>${path}</code>`));
    expect(told('/health')).toContain('(without a token)');
    const send = told('/api/email-verification/send-otp');
    expect(send).not.toContain('(without a token)');
    expect(send).toMatch(
      /<code>email<\/code>(?:(?!\(may be absent\)).)*<\/li><li><code>purpose<\/code>.*?\(may be absent\)/,
    );
  });
});
