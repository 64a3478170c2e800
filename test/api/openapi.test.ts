/** The description is true: whatever is asked of any operation, the answer's status, type and body are documented, and never a 500. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type ApiProcess, startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Call, callsOf, createCheck, type Document, type Parameter, resolve } from '../support/described.ts';

const SEED = 20_261_122;
let db: TestDatabase;
let ses: LocalSes;
let api: ApiProcess;
let calls: readonly Call[];
let document: Document;
let undocumented: ReturnType<typeof createCheck>['undocumented'];

beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url });
  document = (await api.call('GET', '/openapi.json')).body as unknown as Document;
  ({ undocumented } = createCheck(document));
  calls = callsOf(document);
});
afterAll(async () => {
  await api?.kill('SIGKILL');
  await Promise.all([ses?.close(), db?.drop()]);
});

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
            .map((one) => resolve<Parameter>(document, one))
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
    const headers = new Headers({ 'content-type': 'application/json', RateLimit: 'of nobody' });
    expect(undocumented(call, { ...answer, headers })).toContain('RateLimit');
    const send = calls.find(({ path }) => path.endsWith('/send-otp')) as Call;
    const refused = await api.call('POST', send.path, { body: {} });
    expect(undocumented(send, refused)).toBeUndefined();
    expect(undocumented(send, { ...refused, body: { ...refused.body, error: 'forbidden' } })).toContain('error');
    const { requestId: _none, ...anonymous } = refused.body;
    expect(undocumented(send, { ...refused, body: anonymous })).toContain('requestId');
  });
});
