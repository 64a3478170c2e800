/** What an operator relies on: health, metrics, and a stop that loses nothing. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  BASE,
  expectProblem,
  holdRecording,
  retryAfterOf,
  type Stage,
  startStage,
  until,
} from '../support/contract.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const logLines = () => stage.api.output().split('\n').length;

describe('health', () => {
  test('says OK to GET and HEAD, without a token, and leaves no line in the log', async () => {
    await stage.api.call('GET', `${BASE}/list`);
    await until('the log has the other request', async () => stage.api.output().includes('/list'));
    const before = logLines();
    for (let n = 0; n < 10; n++) {
      const got = await stage.api.call('GET', '/health');
      expect([got.status, got.text]).toEqual([200, expect.stringContaining('OK')]);
      const head = await stage.api.call('HEAD', '/health');
      expect([head.status, head.text]).toEqual([200, '']);
    }
    await stage.api.call('GET', `${BASE}/list`);
    await until('the log has the request after', async () => logLines() > before);
    expect(logLines()).toBe(before + 1);
  });

  test('is 503 while the database refuses connections, as is all that needs it, and OK again after', async () => {
    const caller = await stage.as(1);
    const name = new URL(stage.db.url).pathname.slice(1);
    const admin = postgres(inject('clusterUrl'), { max: 1, onnotice: () => {} });
    try {
      await admin.unsafe(`alter database ${name} allow_connections false`);
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
      // What the store said a moment ago still counts.
      await until('it is not well', async () => (await stage.api.call('GET', '/health')).status === 503);
      const health = await stage.api.call('GET', '/health');
      const head = await stage.api.call('HEAD', '/health');
      const refused = [await caller.send({ email: 'away@example.com' }), await caller.list()];
      await admin.unsafe(`alter database ${name} allow_connections true`);

      expect([health.status, head.status]).toEqual([503, 503]);
      expect(health.text).not.toContain('OK');
      for (const answer of [health, ...refused]) {
        expectProblem(answer, 503, 'store_unavailable');
        expect(retryAfterOf(answer)).toBeLessThanOrEqual(10);
        for (const inside of [name, 'postgres', 'request_app', '127.0.0.1']) expect(answer.text).not.toContain(inside);
      }
    } finally {
      await admin.unsafe(`alter database ${name} allow_connections true`);
      await admin.end();
    }
    await until('it is well again', async () => (await stage.api.call('GET', '/health')).status === 200);
    expect(await stage.events('away@example.com')).toEqual([]);
    expect((await caller.send({ email: 'back@example.com' })).status).toBe(200);
    await stage.settled();
    expect(await stage.mails('back@example.com')).toHaveLength(1);
  });
});

/** A metric that counted something. */
const metric = (name: string, labels: string) => new RegExp(`^${name}\\{${labels}\\} [1-9]`, 'm');

describe('an inner error', () => {
  test('is a 500 with a request id that stands in the log, and nothing of the inside stands in either', async () => {
    const email = 'inner@example.com';
    const caller = await stage.as(1);
    await stage.db.owner`alter table streams rename to streams_away`;
    const answers = [await caller.send({ email }), await caller.status(email)];
    await stage.db.owner`alter table streams_away rename to streams`;
    for (const answer of answers) {
      expectProblem(answer, 500, 'internal_error');
      const id = String(answer.body.instance).slice('urn:uuid:'.length);
      await until('it is logged', async () => stage.api.output().includes(`"requestId":"${id}"`));
      for (const inside of [email, 'streams', 'relation', 'select', '.ts', '42P01'])
        expect(answer.text).not.toContain(inside);
    }
    expect(stage.api.output()).not.toContain(email);
    expect(await stage.events(email)).toEqual([]);
    expect((await caller.send({ email })).status).toBe(200);
  });
});

describe('metrics', () => {
  test('are on their own port only, and that port has nothing else', async () => {
    expectProblem(await stage.api.call('GET', '/metrics'), 404, 'not_found');
    for (const path of ['/', '/health', `${BASE}/list`, '/metrics/x']) {
      expect((await fetch(new URL(path, stage.api.metricsUrl))).status).toBe(404);
    }
    const response = await fetch(stage.api.metricsUrl);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      200,
      expect.stringContaining('text/plain'),
    ]);
  });

  test('count requests by route pattern and events by type, and no label holds an address, an id or a path', async () => {
    const email = 'metrics@example.com';
    const caller = await stage.as(2);
    const { otpId } = (await caller.send({ email })).body;
    await caller.verify({ email, otp: await stage.code(email), otpId });
    await caller.status(email);
    await stage.api.call('GET', `/secret-path/${String(otpId)}`, { token: caller.token });
    await stage.api.call('PROPFIND', `${BASE}/list`, { token: caller.token });
    const text = await (await fetch(stage.api.metricsUrl)).text();
    const route = `method="GET",route="${BASE}/status/:email",status="200"`;
    expect(text).toMatch(metric('sealpost_http_request_duration_seconds_count', route));
    const step = (type: string) =>
      metric('sealpost_events_total', `type="${type}",purpose="verification",outcome="\\w*"`);
    for (const type of ['requested', 'sent', 'verified']) expect(text).toMatch(step(type));
    const labels = text.split('\n').filter((line) => line.includes('{'));
    expect(labels.length).toBeGreaterThan(50);
    for (const inside of [/@|%40|example/, /[0-9a-f]{8}-[0-9a-f]{4}-/, /secret-path/, /eyJ/]) {
      expect(labels.filter((line) => inside.test(line))).toEqual([]);
    }
  });
});

const portOf = (url: string) => Number(new URL(url).port);

const takesConnections = (url: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(portOf(url), '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });

describe('SIGTERM', () => {
  test('lets the request under way end well, takes no new connection, mails what was promised, and ends with 0', async () => {
    const email = 'drain@example.com';
    const api = await stage.another();
    const caller = await stage.as(3, api);
    const held = await holdRecording(stage.db);
    const underWay = caller.send({ email });
    await held.waiting(1);
    const ended = api.kill('SIGTERM');
    try {
      await until('it takes no new connection', async () => !(await takesConnections(api.url)), 2000);
      expect(await Promise.race([ended, sleep(500, 'still there')])).toBe('still there');
    } finally {
      await held.release();
    }
    expect((await underWay).status).toBe(200);
    expect(await ended).toBe(0);
    expect(api.output()).toContain('"event":"stopped"');
    await stage.settled();
    expect(await stage.mails(email)).toHaveLength(1);
    expect(await stage.events(email)).toEqual(['requested', 'sent']);
  });

  test('ends soon after the last answer, which closes its connection', async () => {
    const api = await stage.another();
    const caller = await stage.as(4, api);
    const held = await holdRecording(stage.db);
    const underWay = caller.send({ email: 'closing@example.com' });
    await held.waiting(1);
    const ended = api.kill('SIGTERM');
    await until('it stops', async () => api.output().includes('"event":"stopping"'));
    await held.release();
    const answer = await underWay;
    expect(await Promise.race([ended, sleep(3000, 'still there')])).toBe(0);
    expect([answer.status, answer.headers.get('Connection')]).toEqual([200, 'close']);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('with nothing under way: %s ends it at once with 0', async (signal) => {
    const api = await stage.another();
    expect((await (await stage.as(3, api)).list()).status).toBe(200);
    const started = performance.now();
    expect(await api.kill(signal)).toBe(0);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('is not held up by a connection on which nobody ever said anything', async () => {
    const api = await stage.another();
    const silent = connect(portOf(api.url), '127.0.0.1').on('error', () => {});
    await once(silent, 'connect');
    expect((await (await stage.as(3, api)).list()).status).toBe(200);
    const started = performance.now();
    expect(await api.kill('SIGTERM')).toBe(0);
    expect(performance.now() - started).toBeLessThan(5000);
    silent.destroy();
  });
});
