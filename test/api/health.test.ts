/** Health and the drain, looked at from inside: what each path says in each state, and what becomes of each connection. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { drainable } from '../../services/api/http/drain.ts';
import type { Services } from '../../services/api/app.ts';
import type { AppEnv } from '../../services/api/env.ts';
import { problem, Refused } from '../../services/api/http/problem.ts';
import { health } from '../../services/api/routes/health.ts';
import { type BoundedSql, connect as openPool, type Pool, StoreUnavailable } from '../../services/store/database.ts';
import { until } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startForgetfulProxy } from '../support/forgetful-proxy.ts';

let db: TestDatabase;
let away: Pool;
beforeAll(async () => {
  db = await createTestDatabase();
  away = poolAt(9);
});
afterAll(async () => {
  await away.end({ timeout: 0 });
  await db.drop();
});

const poolOptions = { ssl: 'off', applicationName: 'test', statementTimeoutMilliseconds: 10_000 } as const;

/** A pool for a database at a port of this machine. */
function poolAt(port: number): Pool {
  const url = `postgres://request_app:x@127.0.0.1:${port}/none`;
  return openPool({ ...poolOptions, url, poolMax: 1 });
}

async function ask(path: string, sql: BoundedSql, draining: boolean, writesFail = false) {
  const app = new OpenAPIHono<AppEnv>();
  health(app, { sql, isDraining: () => draining, writesFail: () => writesFail } as Services);
  app.onError((error, c) => {
    if (error instanceof Refused) return problem(c, error.code, error.facts);
    return c.text(error.name, error instanceof StoreUnavailable ? 503 : 500);
  });
  const answer = await app.request(path);
  return [answer.status, answer.headers.get('Retry-After'), (await answer.text()).includes('OK')];
}

describe('health', () => {
  test('is OK while the store answers', async () => {
    for (const path of ['/health', '/health/ready', '/health/live']) {
      expect(await ask(path, db.sql, false), path).toEqual([200, null, true]);
    }
  });

  test('is 503 while the store is away; the process lives all the same', async () => {
    for (const path of ['/health', '/health/ready'])
      expect(await ask(path, away, false), path).toEqual([503, '1', false]);
    expect(await ask('/health/live', away, false)).toEqual([200, null, true]);
  });

  test('is 503 while the store says nothing, and not only when whoever asks has given up', async () => {
    const url = new URL(db.url);
    const proxy = await startForgetfulProxy(url.hostname, Number(url.port));
    url.port = String(proxy.port);
    const silent = openPool({ ...poolOptions, url: url.href, poolMax: 2 });
    onTestFinished(async () => {
      await silent.end({ timeout: 0 });
      proxy.close();
    });
    const both = () => Promise.all(['/health', '/health/ready'].map((path) => ask(path, silent, false)));
    expect(await both()).toEqual([
      [200, null, true],
      [200, null, true],
    ]);
    expect(proxy.forget()).toBe(2);
    // A second and some more: a statement's own bound is ten.
    const answers = both();
    const patience = sleep(6000, 'no answer', { ref: false });
    expect(await Promise.race([answers, patience])).toEqual([
      [503, '1', false],
      [503, '1', false],
    ]);
    expect(await ask('/health/live', silent, false)).toEqual([200, null, true]);
  });

  test('is 503 while the store answers and records nothing; the process lives all the same', async () => {
    for (const path of ['/health', '/health/ready'])
      expect(await ask(path, db.sql, false, true), path).toEqual([503, '1', false]);
    expect(await ask('/health/live', db.sql, false, true)).toEqual([200, null, true]);
  });

  test('is 503 from the moment that it is told to stop, so that nobody sends it more', async () => {
    for (const path of ['/health', '/health/ready'])
      expect(await ask(path, db.sql, true), path).toEqual([503, '1', false]);
    expect(await ask('/health/live', db.sql, true)).toEqual([200, null, true]);
  });
});

/** A server whose answers wait until they are let go. */
async function serve(millisecondsMax?: number) {
  const waiting: ServerResponse[] = [];
  const server: Server = createServer((_request, response) => void waiting.push(response));
  const drain = drainable(server, millisecondsMax);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { waiting, drain, open: () => open(port), isListening: () => server.listening };
}

/** A connection, what came on it, and whether it has ended. */
async function open(port: number) {
  const socket: Socket = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  let [text, closed] = ['', false];
  socket.on('data', (chunk: Buffer) => void (text += chunk.toString())).once('close', () => (closed = true));
  return {
    ask: () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    text: () => text,
    isClosed: () => closed,
    socket,
  };
}

describe('a drain', () => {
  test('lets the answer under way end and closes its connection with it; it ends then and not before', async () => {
    const { waiting, drain, open: openOne } = await serve();
    const one = await openOne();
    one.ask();
    await until('it is asked', async () => waiting.length === 1);
    let ended = false;
    const done = drain.drain().then(() => (ended = true));
    const began = performance.now();
    // Longer than what a silent connection is given.
    await until('a while has passed', async () => performance.now() - began > 700);
    expect([ended, one.isClosed()]).toEqual([false, false]);
    waiting[0]?.end('well');
    await done;
    await until('it is closed', async () => one.isClosed());
    expect(one.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close\r\n[\s\S]*well/);
  });

  test('ends a connection between two requests at once, and a silent one after half a second', async () => {
    const { waiting, drain, open: openOne, isListening } = await serve();
    const [between, silent] = [await openOne(), await openOne()];
    between.ask();
    await until('it is asked', async () => waiting.length === 1);
    waiting[0]?.end('first');
    await until('it is answered', async () => between.text().includes('first'));
    expect(between.text()).toContain('Connection: keep-alive');
    const done = drain.drain();
    expect(isListening()).toBe(false);
    await until('the idle one is closed', async () => between.isClosed());
    await done;
    await until('the silent one is closed', async () => silent.isClosed());
  });

  test('answers what still comes on a connection that it has, and closes that too', async () => {
    const { waiting, drain, open: openOne } = await serve();
    const one = await openOne();
    const done = drain.drain();
    one.ask();
    await until('it is asked', async () => waiting.length === 1);
    waiting[0]?.end('late');
    await done;
    await until('it is closed', async () => one.isClosed());
    expect(one.text()).toMatch(/Connection: close\r\n[\s\S]*late/);
  });

  test('cuts off an answer that does not come, so that a stop always ends', async () => {
    const { waiting, drain, open: openOne } = await serve(200);
    const hanging = await openOne();
    hanging.ask();
    await until('it is asked', async () => waiting.length === 1);
    await drain.drain();
    await until('it is closed', async () => hanging.isClosed());
    expect(hanging.text()).toBe('');
  });
});
