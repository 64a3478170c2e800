/** What every answer has, whatever the request: a request id, no-store, the right edge of a body, and nothing of another origin. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf, user } from '../support/api.ts';
import { BASE, expectProblem, UUID } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';

const shop = 'https://shop.example.com';
let db: TestDatabase;
let served: Served;
let token: string;
beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db, { CORS_ORIGIN: shop, CORS_CREDENTIALS: 'true', RATE_LIMIT_MAX_REQUESTS: '1000' });
  token = await tokenOf(user(1));
});
afterAll(async () => {
  await served?.api.stop();
  await db?.drop();
});

const send = (body: unknown, headers: Record<string, string> = {}, more: string | undefined = token) =>
  served.call('POST', `${BASE}/send-otp`, { token: more, body, headers });

describe('every answer', () => {
  test.each<[string, string, number]>([
    ['GET', '/health', 200],
    ['GET', '/health/live', 200],
    ['GET', '/health/ready', 200],
    ['GET', '/openapi.json', 200],
    ['GET', '/docs', 200],
    ['GET', '/nothing', 404],
    ['GET', `${BASE}/list`, 200],
    ['GET', `${BASE}/status/x`, 400],
    ['GET', '/api/admin/email-management/stats', 403],
    ['DELETE', `${BASE}/list`, 405],
    ['POST', `${BASE}/send-otp`, 400],
  ])('%s %s, a %i, is not to be stored and has an id of its own', async (method, path, status) => {
    const answers = [await served.call(method, path, { token }), await served.call(method, path, { token })];
    for (const answer of answers) {
      expect(answer.status).toBe(status);
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
      expect(answer.headers.get('X-Request-Id')).toMatch(UUID);
      if (status >= 400) expect(answer.body.instance).toBe(`urn:uuid:${answer.headers.get('X-Request-Id')}`);
    }
    expect(answers[0]?.headers.get('X-Request-Id')).not.toBe(answers[1]?.headers.get('X-Request-Id'));
  });
});

/** JSON of exactly so many bytes. */
const padded = (bytes: number): string => {
  const bare = JSON.stringify({ email: 'no address', more: '' }).length;
  return JSON.stringify({ email: 'no address', more: 'x'.repeat(bytes - bare) });
};

/** Sent without a length, in chunks. */
async function chunked(text: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const sent = request(`${served.api.url}${BASE}/send-otp`, { method: 'POST', headers });
  sent.write(text.slice(0, 100));
  sent.end(text.slice(100));
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    sent.once('response', resolve).once('error', reject),
  );
  return { status: response.statusCode ?? 0, body: (await json(response)) as Record<string, unknown> };
}

const typed = (type: string) => send('{"email":7}', { 'Content-Type': type });

const left = async (bytes: number) =>
  Number((await send(padded(bytes))).headers.get('RateLimit')?.match(/;r=(\d+);/)?.[1]);

describe('a body', () => {
  test('of 4096 bytes is read, one of 4097 is a 413, with its length or without', async () => {
    expectProblem(await send(padded(4096)), 400, 'invalid_request');
    expectProblem(await send(padded(4097)), 413, 'body_too_large');
    expect(await chunked(padded(4096))).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await chunked(padded(4097))).toMatchObject({ status: 413, body: { error: 'body_too_large' } });
  });

  test('that is too large is refused before the token is looked at, and any other one after it', async () => {
    expectProblem(await send(padded(4097), {}, 'x'), 413, 'body_too_large');
    expectProblem(await send('{', {}, 'x'), 401, 'unauthorized');
  });

  test('that is too large counts for its client like any other request', async () => {
    const before = await left(100);
    expect([await left(4097), await left(100)]).toEqual([before - 1, before - 2]);
  });

  test('of a charset is JSON too; what only looks like JSON by its name is not', async () => {
    expectProblem(await typed('application/json; charset=utf-8'), 400, 'invalid_request');
    for (const type of ['text/json', 'application/javascript', 'multipart/form-data; boundary=x']) {
      expectProblem(await typed(type), 415, 'unsupported_media_type');
    }
  });

  test('that is not there is no fault of ours', async () => {
    const nothing = await served.call('POST', `${BASE}/send-otp`, { token });
    expect([400, 415]).toContain(nothing.status);
  });

  test.each(['{', '{"email":"a@example.com"', '{email:1}', "{'email':1}", '{"email":1}}', '\u0000'])(
    'of %j is no JSON',
    async (text) => {
      expectProblem(await send(text), 400, 'invalid_json');
    },
  );

  test('of a thousand brackets is refused like any other', async () => {
    expectProblem(await send('['.repeat(2000) + ']'.repeat(2000)), 400, 'invalid_request');
  });

  test('of one member twice takes the last, and of __proto__ nothing', async () => {
    expectProblem(await send('{"email":"a@example.com","email":"no address"}'), 400, 'invalid_request');
    expectProblem(await send('{"__proto__":{"email":"a@example.com"}}'), 400, 'invalid_request');
  });
});

test('a request is given half a minute, its headers half of that, a silent connection a minute; nothing listens but where it is told to', async () => {
  const servers = new Set<Server>();
  const seen = (message: unknown) => void servers.add((message as { server: Server }).server);
  subscribe('http.server.request.start', seen);
  await served.call('GET', '/health/live');
  await served.metrics();
  unsubscribe('http.server.request.start', seen);
  const own = [...servers].map((server) => ({ at: server.address() as AddressInfo, server }));
  expect(own.map(({ at }) => [at.address, at.port])).toEqual([
    ['127.0.0.1', served.api.port],
    ['127.0.0.1', served.api.metricsPort],
  ]);
  const { requestTimeout, headersTimeout, timeout, maxConnections } = own[0]?.server ?? {};
  expect([requestTimeout, headersTimeout, timeout, maxConnections]).toEqual([30_000, 15_000, 60_000, 4096]);
  // Node looks at all of them this often; there is no type of it.
  expect(own[0]?.server).toMatchObject({ connectionsCheckingInterval: 2000 });
});

describe('a page of another origin', () => {
  test('may read answers and refusals where it is listed, and nothing where it is not', async () => {
    const headers = { Origin: shop };
    for (const answer of [
      await served.call('GET', `${BASE}/list`, { token, headers }),
      await served.call('GET', `${BASE}/list`, { headers }),
      await send(padded(4097), headers),
      await served.call('OPTIONS', `${BASE}/list`, { headers: { ...headers, 'Access-Control-Request-Method': 'GET' } }),
    ]) {
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(shop);
      expect(answer.headers.get('Access-Control-Allow-Credentials')).toBe('true');
    }
    const method = { 'Access-Control-Request-Method': 'GET' };
    const preflight = await served.call('OPTIONS', `${BASE}/list`, { headers: { ...headers, ...method } });
    expect(preflight.headers.get('RateLimit')).toBeNull();
    const evil = await served.call('GET', `${BASE}/list`, { token, headers: { Origin: 'https://evil.example.com' } });
    expect(evil.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});

describe('a limit that cannot be judged', () => {
  test('lets nobody pass, says nothing of the inside, and the process lives', async () => {
    await db.owner`alter table rate_windows rename to rate_windows_away`;
    const broken = await served.call('GET', `${BASE}/list`, { token });
    await db.owner`alter table rate_windows_away rename to rate_windows`;
    expectProblem(broken, 500, 'internal_error');
    for (const inside of ['rate_windows', 'relation', '42P01']) expect(broken.text).not.toContain(inside);
    expect((await served.call('GET', '/health/live')).status).toBe(200);
  });

  test('lets nobody try a password either', async () => {
    const free = await serve(db, { RATE_LIMIT_MAX_REQUESTS: '0', RATE_LIMIT_PER_SECOND: '0' });
    await db.owner`alter table rate_windows rename to rate_windows_away`;
    const body = { email: 'op@example.com', password: 'correct horse battery' };
    const answer = await free.call('POST', '/api/auth/login', { body });
    await db.owner`alter table rate_windows_away rename to rate_windows`;
    await free.api.stop();
    expectProblem(answer, 500, 'internal_error');
  });
});
