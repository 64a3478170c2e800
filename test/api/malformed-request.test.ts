/** What is no HTTP: answered with a whole problem document and the end of the connection; a broken one is not answered. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../services/runtime/log.ts';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { answerUnreadable } from '../../services/api/http/malformed-request.ts';
import type { RefusalCode } from '../../services/api/http/refusals.ts';
import { keyOf } from '../../services/api/messages/messages.ts';
import { say } from '../../services/api/messages/speak.ts';

const lines: string[] = [];
const log = createLog({ service: 'api', level: 'info', stream: { write: (line) => void lines.push(line) } });
const metrics = createMetrics('api');

async function serve(): Promise<Server> {
  const server = createServer((_request, response) => response.end('OK'));
  answerUnreadable(server, { log, metrics });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

/** All that comes back until the server ends the connection. */
async function says(server: Server, bytes: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

function expected(status: number, title: string, detail: string, code: RefusalCode): string {
  const body = JSON.stringify({
    type: `/docs#${code}`,
    title,
    status,
    detail,
    instance: 'urn:uuid:ID',
    success: false,
    message: say('en', keyOf(code, {})),
    error: code,
    requestId: 'ID',
  });
  // Each ID stands for the 36 characters of a UUID.
  const length = Buffer.byteLength(body) + 2 * (36 - 2);
  const head = `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\nX-Request-Id: ID`;
  return `${head}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
}

test.each([
  [
    'what is no HTTP',
    'zebra\r\n\r\n',
    400,
    'Malformed request',
    'This is not a well-formed HTTP/1.1 request.',
    'unreadable_request',
  ],
  [
    'a header of 20,000 characters',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'z'.repeat(20_000)}\r\n\r\n`,
    431,
    'Headers too large',
    'The path and the headers must not exceed 16 KiB.',
    'headers_too_large',
  ],
] as const)('%s is answered whole', async (_what, bytes, status, title, detail, code) => {
  const answer = await says(await serve(), bytes);
  expect(answer.replaceAll(uuid, 'ID')).toBe(expected(status, title, detail, code));
  const [header, instance, requestId] = answer.match(uuid) ?? [];
  expect([instance, header]).toEqual([requestId, requestId]);
  expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({ event: 'request', requestId, status, refusal: code });
  const counted = (await metrics.refusals.get()).values.find(({ labels }) => labels.code === code);
  expect(counted?.value).toBe(1);
});

test.each([20, 64, 500, 2000])(
  'a header of %i KiB is answered whole, though most of it is read by nobody',
  async (kibibytes) => {
    const server = await serve();
    for (let n = 0; n < 10; n += 1) {
      const answer = await says(server, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'z'.repeat(kibibytes * 1024)}\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 431 [^]*"error":"headers_too_large"/);
    }
  },
);

test('who goes on sending after its answer is cut off', async () => {
  const server = await serve();
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
  // Not by events.once, which fails where the socket does.
  const { promise: closed, resolve } = Promise.withResolvers<unknown>();
  socket.once('close', resolve);
  socket.resume();
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'z'.repeat(20 * 1024)}`);
  let sent = 0;
  const more = setInterval(() => socket.write('z', (error) => void (sent += error ? 0 : 1)), 50);
  await closed;
  clearInterval(more);
  expect(sent).toBeGreaterThan(1);
});

/** Gives the server an error as Node does, and tells what became of its connection. */
async function handed(code: string | undefined, ended = false) {
  const server = await serve();
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [peer] = (await once(server, 'connection')) as [Socket];
  if (ended) peer.end();
  server.emit('clientError', Object.assign(new Error('x'), { code }), peer);
  return { told: await text(socket), destroyed: peer.destroyed };
}

test('a request that takes too long is a 408, whatever else is wrong a 400', async () => {
  const late = await handed('ERR_HTTP_REQUEST_TIMEOUT');
  expect(late.told.replaceAll(uuid, 'ID')).toBe(
    expected(408, 'Request timeout', 'The request did not arrive in time.', 'request_timeout'),
  );
  for (const code of ['HPE_INVALID_METHOD', undefined, '']) {
    expect((await handed(code)).told).toMatch(/^HTTP\/1\.1 400 Malformed request\r\n/);
  }
});

test('a connection that was reset, or can take no answer, is given up without one', async () => {
  expect(await handed('ECONNRESET')).toEqual({ told: '', destroyed: true });
  expect(await handed('HPE_INVALID_METHOD', true)).toEqual({ told: '', destroyed: true });
});
