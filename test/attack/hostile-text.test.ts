/** Every route with text that no database takes, with a body where none belongs, and with one that breaks off: the client's fault, told as one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf, user } from '../support/api.ts';
import { until } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';
import { asked, chunked, openWire, written } from '../support/wire.ts';

type Parameter = Readonly<{ name: string; in: string }>;
type Operation = Readonly<{
  parameters?: readonly Parameter[];
  requestBody?: { content: { 'application/json': { schema: { $ref: string } } } };
}>;
type Description = Readonly<{
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties: Record<string, unknown> }> };
}>;
type Route = Readonly<{ method: string; path: string; query: readonly string[]; fields: readonly string[] }>;

let db: TestDatabase;
let served: Served;
let port: number;
let json: Record<string, string>;
let routes: readonly Route[];
beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db);
  port = served.api.port;
  json = { Authorization: `Bearer ${await tokenOf(user(1), 'admin')}`, 'Content-Type': 'application/json' };
  const description = JSON.parse((await served.call('GET', '/openapi.json')).text) as Description;
  routes = routesOf(description);
});
afterAll(async () => {
  await served?.api.stop();
  await db?.drop();
});

function routesOf({ paths, components }: Description): readonly Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody }]) => {
      const schema = requestBody?.content['application/json'].schema.$ref.split('/').at(-1) ?? '';
      const fields = Object.keys(components.schemas[schema]?.properties ?? {});
      const query = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
      return { method: method.toUpperCase(), path, query, fields };
    }),
  );
}

/** A path with its parameters filled in. */
const filled = (path: string, value = 'a%40example.com') => path.replace(/\{\w+\}/, value);

/** Does the work, of which no line of the log may be an error. */
async function withoutFault<T>(work: () => Promise<T>): Promise<T> {
  const before = served.lines().length;
  const result = await work();
  const faults = served
    .lines()
    .slice(before)
    .filter(({ level, status }) => Number(level) >= 40 || Number(status) >= 500);
  expect(faults).toEqual([]);
  return result;
}

const facts = async () => {
  const rows = await db.owner`select (select count(*) from events) + (select count(*) from outbox) as n`;
  return Number(rows[0]?.n);
};

test('the routes of the description are those that are attacked here', () => {
  expect(routes.length).toBeGreaterThan(18);
  expect(routes.flatMap(({ fields }) => fields)).toEqual(
    expect.arrayContaining(['email', 'otp', 'userId', 'password']),
  );
  expect(routes.flatMap(({ query }) => query)).toEqual(expect.arrayContaining(['search', 'at', 'otpId']));
});

describe('a text with', () => {
  test.each([
    ['NUL', '\\u0000'],
    ['the first half of a pair', '\\ud83d'],
    ['the second half of a pair', '\\udE00x'],
  ])('%s in any field of any body is a 400 that names it', async (_name, escape) => {
    await withoutFault(async () => {
      for (const { method, path, fields } of routes) {
        for (const field of fields) {
          const body = `{"${field}":["a",{"b":"x${escape}"}],"other":"😀 \\ud83d\\ude00 \\\\u0000"}`;
          const [answer] = await asked(port, written(method, path, json, body));
          expect([path, answer?.status, answer?.body.error]).toEqual([path, 400, 'invalid_request']);
          expect(answer?.body.errors).toMatchObject([{ pointer: `/${field}/1/b` }]);
        }
      }
    });
    expect(await facts()).toBe(0);
  });

  test.each([
    ['a/b', '/a~1b'],
    ['a~b', '/a~0b'],
    ['~1', '/~01'],
    ['', '/'],
    ['deep', '/deep'],
  ])('in a member that is named %j is found by its pointer', async (name, pointer) => {
    const body = `{${JSON.stringify(name)}:"\\u0000"}`;
    const [answer] = await asked(port, written('POST', '/api/email-verification/send-otp', json, body));
    expect([answer?.status, answer?.body.errors]).toMatchObject([400, [{ pointer }]]);
  });

  test.each([
    ['NUL', '%00'],
    ['half a pair', '%ED%A0%BD'],
    ['an escape that is none', '%zz'],
    ['half an escape', '%4'],
    ['a lone %', '%'],
    ['Latin-1', '%E9'],
    ['an overlong form', '%C0%80'],
  ])('%s in any parameter of any path and query is a 400', async (_name, escape) => {
    const known = routes.flatMap(({ method, path, query }) => [
      [method, filled(path, `a${escape}%40example.com`)] as const,
      ...[...query, 'unknown'].map((name) => [method, `${filled(path)}?${name}=a${escape}`] as const),
      [method, `${filled(path)}?a${escape}=1`] as const,
    ]);
    const wanted = known.filter(([, path]) => path.includes(escape));
    await withoutFault(async () => {
      for (const [method, path] of [...wanted, ['GET', `/docs${escape}`], ['GET', `/health?${escape}`]] as const) {
        const [answer] = await asked(port, written(method, path, json));
        expect([path, answer?.status, answer?.body.error]).toEqual([path, 400, 'invalid_request']);
      }
    });
    expect(await facts()).toBe(0);
  });
});

describe('a body', () => {
  test('where none belongs changes nothing, whatever its framing', async () => {
    await withoutFault(async () => {
      for (const { method, path } of routes.filter((one) => one.method === 'GET')) {
        const [plain] = await asked(port, written(method, filled(path), json));
        for (const [headers, body] of [
          [{ 'Transfer-Encoding': 'chunked' }, chunked('{"x":1}')],
          [{ 'Transfer-Encoding': 'chunked' }, chunked('x'.repeat(5000))],
          [{ 'Content-Length': '7' }, '{"x":1}'],
          [{ 'Content-Length': '7', 'Content-Encoding': 'gzip' }, '{"x":1}'],
        ] as const) {
          const [answer] = await asked(port, written(method, filled(path), { ...json, ...headers }, body));
          expect([path, answer?.status]).toEqual([path, plain?.status]);
        }
        const wire = await openWire(port);
        wire.write(written('HEAD', filled(path), { ...json, 'Transfer-Encoding': 'chunked' }, chunked('{}')));
        await until('the head of an answer', async () => wire.text().includes('\r\n\r\n'));
        expect(wire.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${plain?.status} `));
        wire.socket.destroy();
      }
    });
  });

  test.each([
    ['of a stated length', { 'Content-Length': '100' }, '{"email":'],
    ['in chunks', { 'Transfer-Encoding': 'chunked' }, '9\r\n{"email":\r\n'],
    ['in a chunk', { 'Transfer-Encoding': 'chunked' }, '20\r\n{"email"'],
    ['before its first byte', { 'Transfer-Encoding': 'chunked' }, ''],
  ])('that breaks off %s is a 400 of any route, and does nothing', async (_name, framing, begun) => {
    const posts = [
      ...routes.filter(({ method }) => method === 'POST').map(({ path }) => path),
      '/api/ses/notifications',
    ];
    await withoutFault(async () => {
      for (const path of posts) {
        for (const leave of ['reset', 'end', 'destroy'] as const) {
          const before = served.lines().length;
          const wire = await openWire(port);
          wire.write(written('POST', path, { ...json, ...framing }, begun));
          // Once the server has seen the request, and not before.
          await asked(port, written('GET', '/health'));
          if (leave === 'reset') wire.socket.resetAndDestroy();
          else if (leave === 'end') wire.socket.end();
          else wire.socket.destroy();
          await until(`a line of ${path}`, async () => served.lines().length > before);
          expect(served.lines().slice(before)).toMatchObject([
            { event: 'request', route: path, status: 400, refusal: 'unreadable_request' },
          ]);
        }
      }
    });
    expect(await facts()).toBe(0);
  });
});
