/** The limits per IP: exact over several api processes, by the IP that only a trusted proxy may name, and said in fields. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type Answer, type ApiProcess, startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { atOnce } from '../support/load.ts';

let db: TestDatabase;
let ses: LocalSes;
let token: string;
const apis: ApiProcess[] = [];
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  token = await tokenOf(user(1));
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.kill('SIGKILL')));
  await Promise.all([db.drop(), ses.close()]);
});

async function start(env: Record<string, string>): Promise<ApiProcess> {
  const api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url, env });
  apis.push(api);
  return api;
}

const list = (api: ApiProcess | undefined, forwarded?: string): Promise<Answer> => {
  if (!api) throw new Error('no api');
  const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };
  return api.call('GET', '/api/email-verification/list', { token, headers });
};

const passed = (answers: readonly Answer[]): number => answers.filter(({ status }) => status === 200).length;
const proxied = { RATE_LIMIT_MAX_REQUESTS: '30', TRUSTED_PROXIES: '127.0.0.0/8' };

describe('requests of one IP', () => {
  test('200 at once over two processes: exactly the 100 of the window pass, the rest hear 429 and when to come back', async () => {
    const env = { RATE_LIMIT_MAX_REQUESTS: '100' };
    const two = [await start(env), await start(env)];
    const answers = await atOnce(200, (n) => list(two[n % 2]));
    expect(passed(answers)).toBe(100);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ error: 'rate_limited', success: false, status: 429 });
    expect(Number(refused?.headers.get('Retry-After'))).toBeGreaterThan(800);
    expect(refused?.headers.get('RateLimit')).toMatch(/^"ip";r=0;t=\d+$/);
    expect(answers[0]?.headers.get('RateLimit-Policy')).toBe('"ip";q=100;w=900');
    // Not limited: whoever watches the process.
    expect((await two[0]?.call('GET', '/health'))?.status).toBe(200);
    // Refused before anything is looked at: no token is needed to hear it.
    expect((await two[1]?.call('GET', '/api/email-verification/list'))?.status).toBe(429);
  });

  test('a burst of 20 passes, what is beyond ten a second does not', async () => {
    const api = await start({
      ...proxied,
      RATE_LIMIT_MAX_REQUESTS: '0',
      RATE_LIMIT_PER_SECOND: '10',
      RATE_LIMIT_BURST: '20',
    });
    const answers = await atOnce(60, () => list(api, '192.0.2.9'));
    expect(passed(answers)).toBeGreaterThanOrEqual(20);
    expect(passed(answers)).toBeLessThan(40);
    expect(answers.find(({ status }) => status === 429)?.headers.get('Retry-After')).toBe('1');
  });
});

describe('the IP of a client', () => {
  test('without a trusted proxy X-Forwarded-For changes nothing: 60 invented ones share one limit', async () => {
    const api = await start({ RATE_LIMIT_MAX_REQUESTS: '30' });
    await db.owner`delete from rate_windows`;
    expect(passed(await atOnce(60, (n) => list(api, `198.51.100.${n}`)))).toBe(30);
  });

  test('of a trusted proxy the last hop counts: what a client puts before it changes nothing', async () => {
    const api = await start(proxied);
    const spoofed = await atOnce(60, (n) => list(api, `198.51.100.${n}, 203.0.113.7`));
    expect(passed(spoofed)).toBe(30);
    expect(passed(await atOnce(20, (n) => list(api, `203.0.113.${100 + n}`)))).toBe(20);
  });

  test('an IPv6 network counts as one client by its /64, however it is spelt', async () => {
    const api = await start(proxied);
    const same = await atOnce(60, (n) =>
      list(api, n % 2 ? `2001:db8:0:7::${n.toString(16)}` : `2001:0DB8::7:0:0:0:${n}`),
    );
    expect(passed(same)).toBe(30);
    expect((await list(api, '2001:db8:0:8::1')).status).toBe(200);
  });

  test('no IP stands in the database or in the log', async () => {
    const api = await start(proxied);
    await list(api, '203.0.113.77');
    const rows = await db.owner<{ key: string }[]>`select key from rate_windows`;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ key }) => /203\.0\.113|2001:db8|127\.0\.0/.test(key))).toEqual([]);
    expect(api.output()).not.toMatch(/203\.0\.113/);
  });
});

describe('the settings of the limits', () => {
  test('a wrong proxy or number stops the start and is named', async () => {
    await expect(
      start({ TRUSTED_PROXIES: 'the proxy', RATE_LIMIT_BURST: '0', RATE_LIMIT_WINDOW_MS: '5' }),
    ).rejects.toThrow(/TRUSTED_PROXIES[\s\S]*RATE_LIMIT_WINDOW_MS[\s\S]*RATE_LIMIT_BURST/);
  });
});
