/** Very many requests without a token, on one connection or on many: what they cost the database, the process and the others. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { OpenAPIHono } from '@hono/zod-openapi';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AppEnv } from '../../services/api/env.ts';
import { problem } from '../../services/api/http/problem.ts';
import { startServer } from '../../services/api/http/server.ts';
import { health } from '../../services/api/routes/health.ts';
import { createMetrics } from '../../services/runtime/metrics.ts';
import type { BoundedSql } from '../../services/store/database.ts';
import { until } from '../support/contract.ts';
import { atOnce } from '../support/load.ts';
import { keptLog } from '../support/log-lines.ts';
import { asked, chunked, openWire, written } from '../support/wire.ts';

/** Health on a store that does as it is told, and how often that was asked. */
function healthOn(answer: () => Promise<readonly object[]>) {
  let pings = 0;
  const ask = () => (pings++, answer());
  const sql = Object.assign(ask, { within: () => sql }) as unknown as BoundedSql;
  const app = new OpenAPIHono<AppEnv>();
  health(app, { sql, isDraining: () => false, writesFail: () => false });
  app.onError((_error, c) => problem(c, 'store_unavailable'));
  const paths = ['/health', '/health/ready', '/health/live'];
  return {
    ask: async (n: number) => (await app.request(paths[n % 3] ?? '')).status,
    pings: () => pings,
  };
}

describe('health asked by very many', () => {
  test.each([
    ['answers', async () => [{ standby: false }], 200],
    ['is away', () => Promise.reject(new Error('away')), 503],
  ])('asks a store that %s once a second', async (_name, answer, status) => {
    const { ask, pings } = healthOn(answer);
    const began = performance.now();
    const answers = await atOnce(600, ask);
    for (let n = 0; n < 300; n++) answers.push(await ask(n));
    const seconds = (performance.now() - began) / 1000;
    expect(pings()).toBeGreaterThan(0);
    expect(pings()).toBeLessThanOrEqual(1 + Math.ceil(seconds));
    expect(new Set(answers.filter((_, n) => n % 3 !== 2))).toEqual(new Set([status]));
  });

  test('asks a store that is slow no second time meanwhile, and a second later again', async () => {
    const waiting: ((rows: readonly object[]) => void)[] = [];
    const { ask, pings } = healthOn(() => new Promise((resolve) => void waiting.push(resolve)));
    const began = performance.now();
    const first = ask(0);
    await until('a second has passed', async () => performance.now() - began > 1050);
    const second = ask(1);
    expect(pings()).toBe(1);
    waiting[0]?.([{ standby: false }]);
    expect(await Promise.all([first, second])).toEqual([200, 200]);
    const third = ask(0);
    expect(pings()).toBe(2);
    waiting[1]?.([{ standby: true }]);
    expect(await third).toBe(503);
  });
});

type Fetch = Parameters<typeof startServer>[0];

async function serverOn(fetch: Fetch, connectionsMax?: number) {
  const { log, said } = keptLog('api');
  const metrics = createMetrics('api');
  const at = { host: '127.0.0.1', port: 0, ...(connectionsMax && { connectionsMax }) };
  const { port, drain } = await startServer(fetch, at, { log, metrics });
  onTestFinished(drain);
  const dropped = async () => (await metrics.connectionsDropped.get()).values[0]?.value ?? 0;
  return { port, said, dropped };
}

/** The server's own ends of the connections that were asked on from now on. */
function watchSockets(): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const seen = (message: unknown) => void sockets.add((message as { request: IncomingMessage }).request.socket);
  subscribe('http.server.request.start', seen);
  onTestFinished(() => void unsubscribe('http.server.request.start', seen));
  return sockets;
}

describe('one connection with very many requests', () => {
  test('has sixteen of them under way; the others are not read, and another connection is served', async () => {
    const held: (() => void)[] = [];
    const fetch: Fetch = async (request) => {
      if (!request.url.endsWith('/other')) await new Promise<void>((resolve) => void held.push(resolve));
      return new Response('OK');
    };
    const { port } = await serverOn(fetch);
    const sockets = watchSockets();
    const wire = await openWire(port);
    wire.write(written('GET', '/').repeat(40_000));
    await until('sixteen are under way', async () => held.length === 16);
    for (let n = 0; n < 50; n++) expect((await asked(port, written('GET', '/other')))[0]?.status).toBe(200);
    const [socket] = sockets;
    expect([held.length, wire.answers().length]).toEqual([16, 0]);
    expect(socket?.bytesRead).toBeLessThan(400_000);
    wire.socket.destroy();
    for (const go of held) go();
    await until('it is closed', async () => socket?.destroyed === true);
    expect(held).toHaveLength(16);
  });

  test('gets all answers, in order, also of bodies in pieces of any size, however its own end is closed', async () => {
    let [underWay, most] = [0, 0];
    const fetch: Fetch = async (request) => {
      most = Math.max(most, ++underWay);
      const text = await request.text();
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return new Response(`${new URL(request.url).pathname} ${text.length}`);
    };
    const { port } = await serverOn(fetch);
    const sizes = Array.from({ length: 300 }, (_, n) => (n % 7 === 0 ? 0 : (n * 977) % 9000));
    const bytes = sizes.map((size, n) => {
      if (size === 0) return written('GET', `/${n}`);
      const body = 'x'.repeat(size);
      return n % 2 === 0
        ? written('POST', `/${n}`, {}, body)
        : written('POST', `/${n}`, { 'Transfer-Encoding': 'chunked' }, chunked(body));
    });
    const wire = await openWire(port);
    wire.socket.end(bytes.join(''));
    const answers = await wire.closed();
    expect(answers.map(({ text }) => text)).toEqual(sizes.map((size, n) => `/${n} ${size}`));
    expect(most).toBe(16);
  });
});

describe('very many connections', () => {
  test('are turned away beyond a bound: counted each, told once; and taken again when there is room', async () => {
    const { port, said, dropped } = await serverOn(async () => new Response('OK'), 3);
    const open = await Promise.all([1, 2, 3].map(() => openWire(port)));
    for (const wire of open) {
      wire.write(written('GET', '/'));
      await wire.got(1);
    }
    for (let n = 0; n < 5; n++) expect(await (await openWire(port)).closed()).toEqual([]);
    await until('all are counted', async () => (await dropped()) === 5);
    expect(said.map(({ event, level }) => [event, level])).toEqual([['connections_dropped', 40]]);
    open[0]?.socket.destroy();
    await until('there is room', async () => (await asked(port, written('GET', '/')))[0]?.status === 200);
    open[1]?.write(written('GET', '/'));
    expect(await open[1]?.got(2)).toHaveLength(2);
  });
});
