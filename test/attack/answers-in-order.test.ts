/** One connection with more than one request: the answers come in order, whole, and say when they are the last. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { startSes, tokenOf, user } from '../support/api.ts';
import { BASE, until, UUID } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';
import { asked, chunked, openWire, type WireAnswer, written } from '../support/wire.ts';

let db: TestDatabase;
let ses: LocalSes;
let served: Served;
let port: number;
let json: Record<string, string>;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  served = await serve(db, {}, ses.url);
  port = served.api.port;
  json = { Authorization: `Bearer ${await tokenOf(user(1))}`, 'Content-Type': 'application/json' };
});
afterAll(async () => {
  await served?.api.stop();
  await Promise.all([ses?.close(), db?.drop()]);
});

const send = (email: string) => written('POST', `${BASE}/send-otp`, json, JSON.stringify({ email }));
const requests = async (email: string) =>
  (await db.owner`select 1 from events where stream_id = ${email} and type = 'requested'`).length;

const shown = (answers: readonly WireAnswer[]) =>
  answers.map(({ status, headers, body }) => [status, body.error ?? 'ok', headers.connection]);

function expectDocument({ status, headers, body }: WireAnswer): void {
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(headers['x-request-id']).toMatch(UUID);
  expect(headers['cache-control']).toBe('no-store');
  expect(body).toMatchObject({ success: false, status, instance: `urn:uuid:${headers['x-request-id']}` });
}

const unreadable = [
  ['what is no HTTP', 'zebra\r\n\r\n', 400, 'unreadable_request'],
  ['an unknown method', 'ZEBRA / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'unreadable_request'],
  ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400, 'unreadable_request'],
  ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n', 400, 'unreadable_request'],
  ['headers of 20 KB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'z'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    400,
    'unreadable_request',
  ],
  ['HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'unreadable_request'],
  ['a CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', 405, 'method_not_allowed'],
] as const;

describe('a request that cannot be read', () => {
  test.each(unreadable)('%s is answered after the good ones before it', async (name, bytes, status, error) => {
    const email = `${name.replaceAll(/\W/g, '-')}@example.com`.toLowerCase();
    const wire = await openWire(port);
    wire.write(send(email) + written('GET', `${BASE}/list`, json) + bytes);
    const answers = await wire.closed();
    expect(shown(answers)).toEqual([
      [200, 'ok', 'keep-alive'],
      [200, 'ok', 'keep-alive'],
      [status, error, 'close'],
    ]);
    expect(answers[0]?.body).toMatchObject({ success: true, otpId: expect.stringMatching(UUID) });
    expectDocument(answers[2] as WireAnswer);
    expect(await requests(email)).toBe(1);
  });

  test.each(unreadable)('%s alone is answered by a problem document', async (_name, bytes, status, error) => {
    const wire = await openWire(port);
    wire.write(bytes);
    const [answer] = await wire.closed();
    expect(shown(answer ? [answer] : [])).toEqual([[status, error, 'close']]);
    expectDocument(answer as WireAnswer);
    expect(answer?.headers.allow).toBe(status === 405 ? 'GET, HEAD, POST' : undefined);
  });

  test('which stands behind an answer that is the last gets none', async () => {
    const wire = await openWire(port);
    wire.write(written('GET', `${BASE}/list`, { ...json, Connection: 'close' }) + send('behind@example.com'));
    expect(shown(await wire.closed())).toEqual([[200, 'ok', 'close']]);
    expect(await requests('behind@example.com')).toBe(0);
  });
});

describe('a request whose body cannot be read', () => {
  test.each<[string, Record<string, string>, string]>([
    ['in a chunk', { 'Transfer-Encoding': 'chunked' }, '5\r\nhello\r\nzebra\r\n'],
    ['by its end', { 'Content-Length': '100' }, '{"email"'],
  ])('%s is answered in its turn, once, and is one line of the log', async (_name, framing, body) => {
    const wire = await openWire(port);
    const before = served.lines().length;
    wire.write(
      written('GET', `${BASE}/list`, json) + written('POST', `${BASE}/send-otp`, { ...json, ...framing }, body),
    );
    wire.socket.end();
    const answers = await wire.closed();
    expect(shown(answers)).toEqual([
      [200, 'ok', 'keep-alive'],
      [400, 'unreadable_request', 'close'],
    ]);
    expectDocument(answers[1] as WireAnswer);
    const lines = served.lines().slice(before);
    expect(lines.map(({ event, status, route }) => `${event} ${status} ${route}`).toSorted()).toEqual([
      `request 200 ${BASE}/list`,
      `request 400 ${BASE}/send-otp`,
    ]);
  });
});

describe('a refusal of what no route sees', () => {
  test.each<[string, string, number, string]>([
    ['an unknown Expect', written('GET', '/health', { Expect: 'zebra' }), 417, 'expectation_failed'],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400, 'unreadable_request'],
    ['a Host that is none', written('GET', '/health', { Host: 'a b' }), 400, 'unreadable_request'],
    ['a path with a backslash', written('GET', '/health\\x'), 400, 'unreadable_request'],
    ['an asterisk', written('OPTIONS', '*'), 400, 'unreadable_request'],
    ['an address of another scheme', written('GET', 'ftp://example.com/'), 400, 'unreadable_request'],
    ['a TRACE', written('TRACE', '/health'), 405, 'method_not_allowed'],
  ])('%s is a problem document too, between two answers', async (_name, bytes, status, error) => {
    const ask = written('GET', '/health');
    const answers = await asked(port, ask + bytes + ask, 3);
    expect(shown(answers)).toEqual([
      [200, 'ok', 'keep-alive'],
      [status, error, 'keep-alive'],
      [200, 'ok', 'keep-alive'],
    ]);
    expectDocument(answers[1] as WireAnswer);
  });

  test('what HTTP lets a server ignore is ignored: an Upgrade; a Host in HTTP/1.0', async () => {
    const upgrade = written('GET', '/health', { Connection: 'Upgrade', Upgrade: 'websocket' });
    expect(shown(await asked(port, upgrade))).toEqual([[200, 'ok', 'keep-alive']]);
    expect(shown(await asked(port, 'GET /health HTTP/1.0\r\n\r\n'))).toEqual([[200, 'ok', 'close']]);
  });
});

describe('an answer given before the whole body is there', () => {
  const length = { 'Content-Length': '5000' };
  test.each<[string, string, number, string]>([
    ['too large, by its length', written('POST', `${BASE}/send-otp`, length), 413, 'body_too_large'],
    ['without a token', written('POST', `${BASE}/send-otp`, { 'Content-Length': '50' }), 401, 'unauthorized'],
    ['to nothing', written('POST', '/zebra', length), 404, 'not_found'],
    ['by the wrong method', written('PUT', '/health', { 'Content-Length': '50' }), 405, 'method_not_allowed'],
    [
      'encoded',
      written('POST', '/api/ses/notifications', { ...length, 'Content-Encoding': 'br' }),
      415,
      'unsupported_media_type',
    ],
  ])('%s, is told at once and is the last; what comes after it is not begun', async (name, bytes, status, error) => {
    const email = `${name.replaceAll(/\W/g, '-')}@example.com`;
    const wire = await openWire(port);
    wire.write(bytes);
    expect(shown(await wire.got(1))).toEqual([[status, error, 'close']]);
    wire.write('x'.repeat(5000) + send(email));
    expect(await wire.closed()).toHaveLength(1);
    expect(await requests(email)).toBe(0);
  });

  test('without end, is cut off after 8 MiB, and the refusal is read all the same', async () => {
    const wire = await openWire(port);
    wire.write(written('POST', `${BASE}/send-otp`, { ...json, 'Transfer-Encoding': 'chunked' }));
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    for (let n = 0; n < 140; n++) wire.write(piece);
    expect(shown(await wire.got(1))).toEqual([[413, 'body_too_large', 'close']]);
    expect(await wire.closed()).toHaveLength(1);
  });

  test('is not the last where the body is there', async () => {
    const refused = written('POST', `${BASE}/send-otp`, { ...json, Authorization: 'Bearer x' }, '{}');
    const answers = await asked(port, refused + send('after@example.com'), 2);
    expect(shown(answers)).toEqual([
      [401, 'unauthorized', 'keep-alive'],
      [200, 'ok', 'keep-alive'],
    ]);
    const counted = { ...json, 'Transfer-Encoding': 'chunked' };
    const large = written('POST', `${BASE}/send-otp`, counted, chunked('x'.repeat(5000)));
    expect(shown(await asked(port, large + written('GET', `${BASE}/list`, json), 2))).toEqual([
      [413, 'body_too_large', 'keep-alive'],
      [200, 'ok', 'keep-alive'],
    ]);
  });
});

test('who closes one half after the request hears the answer', async () => {
  const wire = await openWire(port);
  wire.write(send('half@example.com'));
  wire.socket.end();
  expect(shown(await wire.closed())).toEqual([[200, 'ok', 'keep-alive']]);
  await until('it is logged', async () => (await requests('half@example.com')) === 1);
});
