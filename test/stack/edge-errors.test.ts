/** What the edge answers itself: each error is the problem that it is, and never an api that is away, or nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answered, ask } from './support/ask.ts';
import { type Edge, startEdge } from './support/edge-alone.ts';
import { halfRequest, halfStream, type Told } from './support/half.ts';

const KEY = { 'Idempotency-Key': 'a-key-of-sixteen-characters' };
const SIZED = { 'Content-Length': '100' };
const CHUNKED = { 'Transfer-Encoding': 'chunked' };
const MEBIBYTE = 1_048_576;

/** HTTPS is published elsewhere, which clients must be told. */
const PORT = 8443;

let edge: Edge;
/** What takes half a minute, beside the tests. */
let late: readonly (readonly [string, Promise<Told>])[];
let hung: Promise<Answered>;

beforeAll(async () => {
  edge = await startEdge();
  late = [
    ['/late/sized', halfRequest(edge.ca, '/late/sized', SIZED)],
    ['/late/large', halfRequest(edge.ca, '/late/large', { 'Content-Length': '60000' })],
    ['/late/chunked', halfRequest(edge.ca, '/late/chunked', CHUNKED)],
    ['/late/key', halfRequest(edge.ca, '/late/key', { ...SIZED, ...KEY })],
    ['/late/stream', halfStream(edge.ca, '/late/stream', { 'content-length': '100' })],
    ['/late/unsized-stream', halfStream(edge.ca, '/late/unsized-stream', {})],
  ];
  hung = edge.answer({ method: 'POST', path: '/hang/guess', body: {} });
  for (const [, told] of late) told.catch(() => undefined);
  hung.catch(() => undefined);
});
afterAll(() => edge?.stop());

const problem = (status: number, error: string, title: string, detail: string) => ({
  type: `/docs#${error}`,
  title,
  status,
  detail,
  success: false,
  message: detail,
  error,
});

const tooLong = problem(
  413,
  'body_too_large',
  'Body too large',
  'The body must not exceed 1 MiB, or 16 KiB where no Content-Length says its size.',
);
const tooLate = problem(
  408,
  'request_timeout',
  'Request timeout',
  'The body did not arrive whole within 30 seconds, or 20 where no Content-Length says its size.',
);
const unknownHost = problem(
  421,
  'unknown_host',
  'Unknown host',
  'Nothing is served under this host name: use the name that this server is set up for.',
);

describe('a body', () => {
  test.each([
    ['of a mebibyte and a byte', MEBIBYTE + 1, false],
    ['of 16 KiB whose size is not said', 16_384, true],
    ['of 100 KiB whose size is not said', 102_400, true],
  ])('%s is too long, and no api is asked', async (_, size, isChunked) => {
    const path = `/long/${size}`;
    const { status, body } = await edge.answer({ method: 'POST', path, body: 'x'.repeat(size), isChunked });
    expect([status, body]).toEqual([413, tooLong]);
    expect(await edge.seen(`POST ${path}`)).toBe(0);
  });

  test('of just less than 16 KiB whose size is not said reaches the api whole, byte by byte', async () => {
    const asked = { method: 'POST', path: '/whole/chunked', body: 'é'.repeat(8191), isChunked: true };
    const answer = await edge.answer(asked);
    expect([answer.status, answer.body]).toEqual([200, { length: 8191 }]);
  });

  test('that stops half way is late, and no api is asked', { timeout: 60_000 }, async () => {
    for (const [path, told] of late) {
      expect(await told, path).toEqual({ status: 408, type: 'application/problem+json', body: tooLate });
      expect(await edge.seen(`POST ${path}`), path).toBe(0);
    }
  });
});

test('an api that never answers may still do what was asked, and that is told', { timeout: 60_000 }, async () => {
  const { status, body, headers } = await hung;
  const told = 'No api answered within 30 seconds: what was asked may still be done.';
  expect([status, body, headers['retry-after']]).toEqual([
    504,
    problem(504, 'api_timeout', 'The api is slow', told),
    '1',
  ]);
});

test('a name that is not ours is told as such, by https, in plain HTTP, and on each port of the operator', async () => {
  const answers = [await edge.answer({ path: '/x', headers: { Host: 'other.example.com' } })];
  for (const port of [80, 8005, 3000, 9090, 9093]) answers.push(await ask({ port, host: 'other.example.com' }));
  for (const { status, body, headers } of answers) {
    expect([status, body, headers.server]).toEqual([421, unknownHost, undefined]);
    expect(headers['content-type']).toBe('application/problem+json');
  }
});

test.each([
  [8005, 'The mailbox does not answer. With AWS keys there is none: Amazon SES sends for real.'],
  [3000, 'grafana:3000 does not answer: docker compose ps shows whether it runs.'],
  [9090, 'prometheus:9090 does not answer: docker compose ps shows whether it runs.'],
  [9093, 'alertmanager:9093 does not answer: docker compose ps shows whether it runs.'],
])('the operator’s port %i says what is away', async (port, told) => {
  const { status, text } = await ask({ port, host: `127.0.0.1:${port}` });
  expect([status, text]).toEqual([502, told]);
});

test('where no api is there at all, that is told, with a time to try again', { timeout: 30_000 }, async () => {
  await edge.removeStandIn();
  const { status, body, headers } = await edge.answer({ path: '/nobody' });
  const told = 'No api could answer just now: try again.';
  expect([502, 503]).toContain(status);
  expect(body).toEqual(problem(status, 'api_unavailable', 'The api is away', told));
  expect(headers['retry-after']).toBe('1');
});

describe('HTTPS_PORT', () => {
  test('is where reads are redirected to and where HTTP/3 is offered', { timeout: 60_000 }, async () => {
    await edge.stop();
    edge = await startEdge({ HTTPS_PORT: String(PORT) });
    const plain = await ask({ path: '/docs?a=b' });
    expect([plain.status, plain.headers.location]).toEqual([301, `https://localhost:${PORT}/docs?a=b`]);
    for (const path of ['/given', '/metrics']) {
      const { headers } = await edge.answer({ port: PORT, path });
      expect(headers['alt-svc'], path).toBe(`h3=":${PORT}"; ma=2592000`);
    }
  });
});
