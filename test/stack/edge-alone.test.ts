/** What the edge does where the api breaks, boasts or is not there: what is tried again, added, passed on, bounded, logged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Edge, startEdge } from './support/edge-alone.ts';

const KEY = { 'Idempotency-Key': 'a-key-of-sixteen-characters' };
const MEBIBYTE = 1_048_576;

let edge: Edge;
/** Whether the edge ends a connection whose request never gets whole. It takes its time beside the tests. */
let unfinished: Promise<string>;
beforeAll(async () => {
  edge = await startEdge();
  unfinished = sayHalf();
  unfinished.catch(() => undefined);
});
afterAll(() => edge?.stop());

function sayHalf(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: 443, servername: 'localhost', ca: edge.ca });
    socket.once('secureConnect', () => socket.write('GET /seen HTTP/1.1\r\nHost: localhost\r\nX-Slow: '));
    socket.once('error', reject).once('close', () => resolve('closed'));
    socket.resume();
  });
}

const kept = async (path: string): Promise<unknown> => (await edge.answer({ path })).headers['cache-control'];
const post = (size: number, path: string) => edge.answer({ method: 'POST', path, body: 'x'.repeat(size) });
const withHeader = (size: number) => edge.answer({ path: '/metrics', headers: { 'X-Long': 'x'.repeat(size) } });
const encoding = async (size: number, accepted: string): Promise<unknown> =>
  (await edge.answer({ path: `/size/${size}`, headers: { 'Accept-Encoding': accepted } })).headers['content-encoding'];

describe('a connection that breaks before the answer', () => {
  test.each(['GET', 'HEAD'])('%s: a read is tried again, and answered', async (method) => {
    expect((await edge.answer({ method, path: '/once/read' })).status).toBe(200);
    expect(await edge.seen(`${method} /once/read`)).toBe(2);
  });

  test('a POST with an Idempotency-Key is tried again, with its body whole', async () => {
    const answer = await edge.answer({
      method: 'POST',
      path: '/once/key',
      body: { text: 'x'.repeat(500) },
      headers: KEY,
    });
    expect([answer.status, answer.body]).toEqual([200, { length: 511 }]);
    expect(await edge.seen('POST /once/key')).toBe(2);
  });

  test.each(['POST', 'DELETE'])(
    '%s without a key is told as failed and sent only once, for a second could be a second guess',
    async (method) => {
      const answer = await edge.answer({ method, path: '/once/plain', body: { otp: '123456' } });
      expect(answer.status).toBe(502);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        'retry-after': '1',
        'x-frame-options': 'DENY',
        'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      });
      expect(answer.headers.server).toBeUndefined();
      expect(answer.body).toEqual({
        type: '/docs#api_unavailable',
        title: 'The api is away',
        status: 502,
        detail: 'No api could answer just now: try again.',
        success: false,
        message: 'No api could answer just now: try again.',
        error: 'api_unavailable',
      });
      expect(await edge.seen(`${method} /once/plain`)).toBe(1);
    },
  );

  test('a read that breaks every time is told as failed in the end', async () => {
    expect((await edge.answer({ path: '/never/read' })).status).toBe(502);
    expect(await edge.seen('GET /never/read')).toBeGreaterThan(1);
  });
});

describe('what the api says and is told', () => {
  test("the four headers are the edge's, whatever the api says; its own policies are kept; it names no server", async () => {
    const { headers } = await edge.answer({ path: '/own' });
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'x-xss-protection': '1; mode=block',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'referrer-policy': 'origin',
      'content-security-policy': 'of-the-api',
    });
    expect([headers.server, headers.via]).toEqual([undefined, undefined]);
  });

  test('where it says nothing of its own, no referrer and nothing loaded', async () => {
    const { headers } = await edge.answer({ path: '/given' });
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  });

  test("it hears the connection's own address and name, not what the client claims", async () => {
    const claims = {
      'X-Forwarded-For': '203.0.113.9',
      'X-Real-IP': '203.0.113.9',
      'X-Forwarded-Proto': 'http',
      'X-Forwarded-Host': 'other.example.com',
    };
    const { body } = await edge.answer({ path: '/given', headers: { ...claims, Authorization: 'Bearer token' } });
    expect(body).toMatchObject({
      host: 'localhost',
      authorization: 'Bearer token',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'localhost',
    });
    expect(body['x-forwarded-for']).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect([body['x-real-ip'], body['x-forwarded-for']]).not.toContain('203.0.113.9');
    expect(body['x-real-ip']).toBe(body['x-forwarded-for']);
  });

  test('an answer of more than a kibibyte is compressed for whom can read it, a shorter one is not', async () => {
    expect(await encoding(1000, 'gzip')).toBeUndefined();
    expect(await encoding(1100, 'gzip')).toBe('gzip');
    expect(await encoding(1100, 'zstd')).toBe('zstd');
    expect(await encoding(1100, 'identity')).toBeUndefined();
  });

  test('a file of the page is kept for a year where it is there, and a missing one as the api says', async () => {
    expect(await kept('/static/there')).toBe('public, max-age=31536000, immutable');
    expect(await kept('/static/missing')).toBe('no-store');
  });
});

describe('what never reaches the api', () => {
  test('a body of more than a mebibyte, while one of just that does', async () => {
    expect((await post(MEBIBYTE, '/body/whole')).body).toEqual({ length: MEBIBYTE });
    expect((await post(MEBIBYTE + 1, '/body/more')).status).toBe(413);
  });

  test('headers of more than 64 KiB', async () => {
    expect((await withHeader(60 * 1024)).status).toBe(404);
    expect((await withHeader(72 * 1024)).status).toBe(431);
  });

  test.each(['/metrics', '/metrics/x', '/config/', '/config/apps'])('%s', async (path) => {
    const { status, body } = await edge.answer({ path });
    expect([status, body.error]).toEqual([404, 'not_found']);
    expect(await edge.seen(`GET ${path}`)).toBe(0);
  });

  test('a request in plain HTTP, and one for another name', async () => {
    for (const method of ['POST', 'GET']) await edge.answer({ method, path: '/plain', ca: undefined, body: {} });
    await edge.answer({ path: '/other', headers: { Host: 'other.example.com' } });
    expect([await edge.seen('POST /plain'), await edge.seen('GET /plain')]).toEqual([0, 0]);
    expect(await edge.seen('GET /other')).toBe(0);
  });
});

test('the log leads to the api’s line by its id, and tells nobody’s path, token, or whole address', async () => {
  await edge.answer({ path: '/given/canary', headers: { Authorization: 'Bearer canary' } });
  const lines = async (): Promise<readonly Record<string, unknown>[]> =>
    (await edge.compose('logs', '--no-log-prefix', 'caddy'))
      .split('\n')
      .filter((line) => line.includes('"request_id":"id-of-canary"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  await expect.poll(lines).toHaveLength(1);
  const [line] = await lines();
  expect(JSON.stringify({ ...line, request_id: '' })).not.toContain('canary');
  const { request } = line as { request: Record<string, string> };
  expect(Object.keys(request).toSorted()).toEqual(
    ['client_ip', 'host', 'method', 'proto', 'remote_ip', 'remote_port'].toSorted(),
  );
  for (const address of [request.remote_ip, request.client_ip]) expect(address).toMatch(/\.0$/);
});

test('an api that cannot be reached is passed over, whatever the request: none fails beside one that can', async () => {
  await edge.addDeaf();
  const names = (): Promise<string> => edge.compose('exec', '-T', 'caddy', 'nslookup', 'api.edge');
  await expect.poll(names, { timeout: 20_000 }).toMatch(/172[^]*172/);
  const statuses: number[] = [];
  for (let n = 0; n < 12; n += 1) {
    statuses.push((await edge.answer({ method: 'POST', path: `/beside/${n}`, body: {} })).status);
    // Over more than the second in which the edge asks for the names anew.
    await sleep(200);
  }
  expect(statuses).toEqual(Array.from({ length: 12 }, () => 200));
  for (let n = 0; n < 12; n += 1) expect(await edge.seen(`POST /beside/${n}`), String(n)).toBe(1);
});

test('a request that never gets whole is ended', async () => {
  expect(await unfinished).toBe('closed');
});
