/** Requests as load balancers, old proxies and other people's HTTP libraries write them: what is meant counts. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppEnv } from '../../services/api/env.ts';
import { crossOrigin } from '../../services/api/http/cross-origin.ts';
import { Refused } from '../../services/api/http/problem.ts';
import { health } from '../../services/api/routes/health.ts';
import { BASE, expectProblem, type Stage, startStage } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';

let stage: Stage;
let db: TestDatabase;
let shop: Served;
beforeAll(async () => {
  [stage, db] = await Promise.all([startStage(), createTestDatabase()]);
  shop = await serve(db, { CORS_ORIGIN: 'https://shop.example.com' });
});
afterAll(async () => {
  await shop.api.stop();
  await Promise.all([stage.stop(), db.drop()]);
});

const port = ({ api }: Readonly<{ api: Readonly<{ url: string }> }>): number => Number(new URL(api.url).port);

/** What is answered to these bytes. */
async function answered(to: number, ...lines: readonly string[]): Promise<string> {
  const socket = connect(to, '127.0.0.1');
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

const HEALTHY = /^HTTP\/1\.1 200 OK\r\n[^]*\{"status":"OK"\}$/;

describe('the health of an api', () => {
  test.each([
    ['GET /health HTTP/1.0'],
    ['OPTIONS /health HTTP/1.0'],
    ['OPTIONS /health HTTP/1.1', 'Host: lb', 'Connection: close'],
    ['OPTIONS /health/live HTTP/1.0'],
    ['OPTIONS /health/ready HTTP/1.0'],
    ['GET /health HTTP/1.1', 'Host:', 'Connection: close'],
  ])('answers %s', async (...lines) => {
    for (const one of [stage, shop]) expect(await answered(port(one), ...lines)).toMatch(HEALTHY);
  });

  test('says by OPTIONS, too, that it is not well, also where pages of other origins are allowed', async () => {
    const app = new OpenAPIHono<AppEnv>();
    app.use(crossOrigin({ origins: ['https://shop.example.com'], credentials: false }));
    health(app, { sql: db.sql, isDraining: () => true, writesFail: () => false });
    app.onError((error, c) => c.text(error instanceof Refused ? error.code : 'error', 503));
    for (const path of ['/health', '/health/ready']) {
      const answer = await app.request(path, { method: 'OPTIONS' });
      expect([answer.status, await answer.text()]).toEqual([503, 'store_unavailable']);
    }
    expect((await app.request('/health/live', { method: 'OPTIONS' })).status).toBe(200);
  });

  test('asked for by a preflight is a preflight', async () => {
    const lines = ['OPTIONS /health HTTP/1.1', 'Host: x', 'Origin: https://shop.example.com', 'Connection: close'];
    const told = await answered(port(shop), ...lines, 'Access-Control-Request-Method: GET');
    expect(told).toMatch(/^HTTP\/1\.1 204 [^]*access-control-allow-origin: https:\/\/shop\.example\.com\r\n/i);
  });

  test.each([
    ['GET /health HTTP/1.1', 'Host: a/b'],
    ['OPTIONS /nothing HTTP/1.0', 'Host: a/b'],
    ['GET /health HTTP/1.1', 'Host: a b'],
  ])('a refusal of %s, %s is a problem document', async (...lines) => {
    const told = await answered(port(stage), ...lines, 'Connection: close');
    expect(told).toMatch(/^HTTP\/1\.1 4\d\d [^]*content-type: application\/problem\+json\r\n[^]*"requestId":"/i);
  });
});

describe('the type of a body', () => {
  let n = 0;
  const send = async (type: string) => {
    const caller = await stage.as(++n);
    return stage.api.call('POST', `${BASE}/send-otp`, {
      token: caller.token,
      headers: { 'Content-Type': type },
      body: { email: `type${n}@example.com` },
    });
  };

  test.each([
    'application/json;',
    'application/json ; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json;;charset=utf-8',
    'application/json; charset',
    'APPLICATION/JSON ;',
    'application/problem+json ; x',
  ])('%s is JSON', async (type) => {
    expect((await send(type)).status).toBe(200);
  });

  test.each([
    'text/plain',
    'application/jsonx;',
    'application/json, application/json',
    'json',
    ';',
    'application/x; json',
  ])('%s is not', async (type) => {
    const answer = await stage.unchanged(() => send(type));
    expectProblem(answer, 415, 'unsupported_media_type');
  });
});
