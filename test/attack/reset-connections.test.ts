/** A connection that is reset as soon as its request is written counts for its client like any other, and who has no IP gets nothing. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { addressOf, watchConnections } from '../../services/api/http/connections.ts';
import { tokenOf, user } from '../support/api.ts';
import { BASE, until } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';
import { written } from '../support/wire.ts';

let db: TestDatabase;
let served: Served;
beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db, { RATE_LIMIT_MAX_REQUESTS: '3', RATE_LIMIT_WINDOW_MS: '86400000' });
});
afterAll(async () => {
  await served?.api.stop();
  await db?.drop();
});

test('whose limit is used up is served nothing more, however the connection ends', async () => {
  const token = await tokenOf(user(1));
  for (let n = 0; n < 3; n++) expect((await served.call('GET', `${BASE}/list`, { token })).status).toBe(200);
  expect((await served.call('GET', `${BASE}/list`, { token })).status).toBe(429);
  const before = served.lines().length;
  const asks = Array.from({ length: 60 }, (_, n) => {
    const body = JSON.stringify({ email: `reset-${n}@example.com` });
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    return written('POST', `${BASE}/send-otp`, headers, body);
  });
  await Promise.all(
    asks.map(async (bytes, n) => {
      const socket = connect(served.api.port, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      socket.write(bytes, () => (n % 2 === 0 ? socket.resetAndDestroy() : socket.destroy()));
      await once(socket, 'close');
    }),
  );
  // What is asked after them is counted after them.
  await until('the last is refused', async () => (await served.call('GET', `${BASE}/list`, { token })).status === 429);
  const lines = served.lines().slice(before);
  expect(lines.filter(({ status }) => status !== 429 && status !== 400)).toEqual([]);
  expect(await db.owner`select 1 from events`).toHaveLength(0);
});

/** A server that says whose each request is; `forget` takes the address away before anybody could look, as a reset does. */
async function serverThat(forget: 'first' | 'later') {
  const whose: (string | undefined)[] = [];
  const server: Server = createServer((request, response) => {
    Object.defineProperty(request.socket, 'remoteAddress', { value: undefined });
    whose.push(addressOf(request.socket));
    response.end();
  });
  watchConnections(server);
  if (forget === 'first') {
    server.prependListener('connection', (socket) =>
      Object.defineProperty(socket, 'remoteAddress', { value: undefined }),
    );
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  socket.write(written('GET', '/', { Connection: 'close' }));
  socket.resume();
  await once(socket, 'close');
  return whose;
}

describe('the IP of a connection', () => {
  test('is the one that it had when it opened', async () => {
    expect(await serverThat('later')).toEqual(['127.0.0.1']);
  });

  test('where there never was one, is that of nobody, whose requests are not looked at', async () => {
    expect(await serverThat('first')).toEqual([]);
  });
});
