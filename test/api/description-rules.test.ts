/** What linters of OpenAPI ask of a description, and what generated clients need of it. */
import { describe, expect, test } from 'vitest';
import { own } from '../../services/api/description/refused.ts';
import { problemBody } from '../../services/api/http/problem.ts';
import { refusals } from '../../services/api/http/refusals.ts';
import { callsOf, createCheck, readDocument, resolve, type Response, type Schema } from '../support/described.ts';

const document = readDocument();
const calls = callsOf(document).map((call) => [call.operation.operationId, call] as const);
const ids = calls.map(([id]) => id);
const { fault } = createCheck(document);
const schemas = document.components.schemas as Readonly<Record<string, Schema>>;

const answersOf = (id: string) =>
  Object.entries(calls.find(([one]) => one === id)?.[1].operation.responses ?? {}).map(
    ([status, given]) => [status, resolve<Response>(document, given)] as const,
  );

/** The codes that an operation can answer with a status. */
function codesOf(id: string, status: number): readonly unknown[] {
  const answer = answersOf(id).find(([one]) => one === String(status))?.[1];
  return answer?.content['application/problem+json']?.schema.properties?.['error']?.enum ?? [];
}

function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, one] of Object.entries(value)) {
    if (name === '$ref') yield String(one);
    else yield* referencesIn(one);
  }
}

describe('the document', () => {
  test('has its groups in the order of use, each described and each used', () => {
    expect(document.tags.map(({ name }) => name)).toEqual([
      'Codes',
      'Addresses',
      'Accounts',
      'Verifications',
      'Sending',
      'Erasure',
      'Health',
    ]);
    const used = new Set(calls.flatMap(([, { operation }]) => operation.tags));
    for (const { name, description } of document.tags)
      expect([used.has(name), description]).toEqual([true, expect.stringMatching(/\.$/)]);
    expect(used.size).toBe(document.tags.length);
  });

  test('refers only to what it has, and has nothing that is not referred to', () => {
    const references = new Set(referencesIn(document));
    for (const $ref of references) expect(resolve(document, { $ref }), $ref).toBeDefined();
    const { securitySchemes: _named, ...components } = document.components as Readonly<Record<string, object>>;
    const parts = Object.entries(components).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `#/components/${kind}/${name}`),
    );
    expect(parts.filter((part) => !references.has(part))).toEqual([]);
  });

  test('names its operations so that clients in TypeScript, Python, Go and Dart can', () => {
    const snake = ids.map((id) => id.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    expect(new Set(snake).size).toBe(ids.length);
    const reserved =
      'list get set import export delete default with in is new class type func range go select async'.split(' ');
    for (const id of ids)
      expect([/^[a-z]+(?:[A-Z][a-z]+)*$/.test(id), reserved.includes(id)], id).toEqual([true, false]);
    expect(ids).toEqual(
      expect.arrayContaining(['sendOtp', 'verifyOtp', 'getStatus', 'listAddresses', 'login', 'refresh', 'logout']),
    );
  });
});

describe('an operation', () => {
  test.each(calls)(
    '%s is told in words, in one group, and says whether it asks for a token',
    (id, { path, operation }) => {
      expect(operation.summary).toMatch(/^\S.*[^.]$/);
      expect(operation.description).toMatch(/^\S[\s\S]*\.$/);
      expect(operation.tags).toHaveLength(1);
      const isOpen = /^\/(?:health|api\/auth)/.test(path);
      expect(operation.security).toEqual(isOpen ? [] : [{ bearer: [] }]);
      expect(codesOf(id, 401).includes('unauthorized')).toBe(!isOpen);
      expect(codesOf(id, 403).length > 0).toBe(path.startsWith('/api/admin/'));
    },
  );

  test.each(calls)(
    '%s answers everything that the server does before it, each by its headers',
    (id, { method, path }) => {
      const answers = answersOf(id);
      const statuses = answers.map(([status]) => status);
      expect(statuses).toEqual(expect.arrayContaining(['200', '400', '405', '408', '417', '431', '500', 'default']));
      expect(statuses.includes('413')).toBe(path.startsWith('/api/'));
      expect(statuses.includes('415')).toBe(method === 'POST');
      expect(statuses.includes('503')).toBe(id !== 'getLiveness');
      for (const [status, { description, headers }] of answers) {
        expect(description, status).toMatch(/\.$/);
        expect(headers, status).toHaveProperty('X-Request-Id');
        if (status === '405') expect(headers).toHaveProperty('Allow');
        if (status === '401') expect(headers).toHaveProperty('WWW-Authenticate');
        if (['429', '503'].includes(status)) expect(headers, status).toHaveProperty('Retry-After');
      }
    },
  );

  test.each(calls)(
    '%s has examples of each of its answers and of its body, and they are of their schemas',
    (id, { operation }) => {
      for (const [status, { content }] of answersOf(id)) {
        const [{ schema, example, examples = {} } = { schema: {} }] = Object.values(content);
        const values =
          example === undefined
            ? Object.values(examples).map((one) => resolve<{ value?: unknown }>(document, one as object).value)
            : [example];
        if (status !== 'default') expect(values.length, status).toBeGreaterThan(0);
        for (const value of values) expect(fault(schema, value), JSON.stringify(value)).toBeUndefined();
      }
      for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
        const { properties = {}, required = [] } = resolve<Schema>(document, schema);
        const shown = Object.entries(properties).map(
          ([name, one]) =>
            [name, (one as { example?: unknown }).example ?? (one.type === 'boolean' ? true : undefined)] as const,
        );
        expect(
          fault(schema, Object.fromEntries(shown.filter(([, value]) => value !== undefined))),
          required.join(),
        ).toBeUndefined();
      }
    },
  );
});

describe('refusals', () => {
  test('are described member by member, as they are made', () => {
    const all = problemBody('too_many_attempts', '02d271e7-7e5a-416f-9ef4-c4f0b55b9869', {
      retryAfterSeconds: 1,
      attemptsRemaining: 0,
      errors: [{ pointer: '/email', detail: 'is wrong' }],
    });
    const { properties = {} } = schemas['Problem'] ?? {};
    expect(Object.keys(properties).toSorted()).toEqual(Object.keys(all).toSorted());
    expect(fault({ $ref: '#/components/schemas/Problem' }, all)).toBeUndefined();
    for (const [name, one] of Object.entries(properties)) {
      if (name !== 'success')
        expect((resolve<Schema>(document, one) as { description?: string }).description, name).toMatch(/\.$/);
    }
  });

  test('are the codes of the table, and each can come from somewhere', () => {
    expect(schemas['ErrorCode']?.enum).toEqual(Object.keys(refusals));
    const somewhere = new Set(ids.flatMap((id) => answersOf(id).flatMap(([status]) => codesOf(id, Number(status)))));
    // That path is Amazon's, and no client's.
    expect(Object.keys(refusals).filter((code) => !somewhere.has(code))).toEqual(['notification_refused']);
  });

  test('stand in their table by operations that there are', () => {
    expect(Object.keys(own).filter((id) => !ids.includes(id))).toEqual([]);
    expect(codesOf('verifyOtp', 400)).toContain('otp_incorrect');
    expect(codesOf('sendOtp', 400)).not.toContain('otp_incorrect');
    expect(codesOf('getTimeline', 404)).toEqual(['otp_unknown']);
    expect(codesOf('listAddresses', 429)).toEqual(['rate_limited']);
  });
});

describe('links', () => {
  const links = ids.flatMap((id) =>
    Object.values(answersOf(id)[0]?.[1].links ?? {}).map((link) => [id, link.operationId, link] as const),
  );

  test('lead from a code to its verification, its status and its story', () => {
    for (const from of ['sendOtp', 'resendOtp'])
      expect(links.filter(([id]) => id === from).map(([, to]) => to)).toEqual([
        'verifyOtp',
        'getStatus',
        'getTimeline',
      ]);
  });

  test.each(links)('from %s to %s hand over what the one has and the other takes', (from, to, link) => {
    const target = calls.find(([id]) => id === to)?.[1].operation;
    const source = calls.find(([id]) => id === from)?.[1].operation;
    const taken = (target?.parameters ?? []).map(
      (one) => resolve<{ name: string }>(document, one as { name: string }).name,
    );
    for (const name of Object.keys(link.parameters ?? {})) expect(taken).toContain(name);
    const bodyOf = (one: typeof target) =>
      resolve<Schema>(document, one?.requestBody?.content['application/json']?.schema ?? {});
    for (const name of Object.keys(link.requestBody ?? {})) expect(bodyOf(target).properties).toHaveProperty(name);
    for (const text of Object.values({ ...link.parameters, ...link.requestBody }) as string[]) {
      const [, place, name = ''] = /^\$(request|response)\.body#\/(\w+)$/.exec(text) ?? [];
      if (place === 'request') expect(bodyOf(source).properties).toHaveProperty(name);
      if (place === 'response') expect(JSON.stringify(answersOf(from)[0]?.[1].content)).toContain(`"${name}"`);
    }
  });
});
