/** Whoever has many networks of IPv6 has not as many limits; and who is refused takes nothing from the neighbours. */
import { BlockList } from 'node:net';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AppEnv } from '../../services/api/env.ts';
import { createClientIp } from '../../services/api/http/client-ip.ts';
import { problem, Refused } from '../../services/api/http/problem.ts';
import { type IpLimit, limitByIp } from '../../services/api/http/rate-limit.ts';
import { createTakeOne } from '../../services/store/limits/take-one.ts';
import { atOnce } from '../support/load.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { testKeys } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.owner`delete from rate_windows`;
});

const five: IpLimit = { max: 5, windowSeconds: 900, burst: 20, perSecond: 0 };
const burst: IpLimit = { max: 0, windowSeconds: 900, burst: 5, perSecond: 0.001 };

/** An app behind the limit, one of several on the same database. */
function limited(ipLimit: IpLimit) {
  const app = new Hono<AppEnv>();
  const takeOne = createTakeOne(db.sql);
  app.use(limitByIp({ takeOne, clientIp: createClientIp(new BlockList()), ipLimit, otpKeys: testKeys }));
  app.get('/', (c) => c.text('OK'));
  app.onError((error, c) => {
    if (error instanceof Refused) return problem(c, error.code, error.facts);
    throw error;
  });
  return async (ip: string) => {
    const env = { incoming: { socket: { remoteAddress: ip } } };
    const { status, headers } = await app.request('/', {}, env);
    return { status, headers };
  };
}

type Ask = ReturnType<typeof limited>;

/** How many of so many tries from each of these addresses are served, all at once. */
async function servedOf(apps: readonly Ask[], ips: readonly string[], tries: number): Promise<number> {
  const answers = await atOnce(ips.length * tries, async (n) => apps[n % apps.length]?.(ips[n % ips.length] ?? ''));
  return answers.filter((answer) => answer?.status === 200).length;
}

/** The /64 with this number in the /56 with this number in a /48. */
const ip = (home: number, network: number, site = 'db8') =>
  `2001:${site}:1:${((home << 8) | network).toString(16)}::${network + 1}`;

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

describe.each([
  ['of a window', five],
  ['of a burst', burst],
])('a limit %s, over three apis,', (_name, limit) => {
  test('is for each /64, four times it for a /56, sixteen times for a /48, to the request', async () => {
    const apps = numbers(3).map(() => limited(limit));
    expect(await servedOf(apps, [ip(0, 0)], 12)).toBe(5);
    expect(
      await servedOf(
        apps,
        numbers(8).map((n) => ip(0, n)),
        7,
      ),
    ).toBe(15);
    expect(await servedOf(apps, [ip(0, 200)], 3)).toBe(0);
    expect(
      await servedOf(
        apps,
        numbers(40).map((n) => ip(1 + (n % 10), n)),
        7,
      ),
    ).toBe(60);
    expect(await servedOf(apps, [ip(99, 99)], 3)).toBe(0);
    expect(await servedOf(apps, [ip(0, 0, 'db9')], 12)).toBe(5);
  });

  test('of IPv4 is its own whatever its neighbours do', async () => {
    const apps = numbers(2).map(() => limited(limit));
    const neighbours = numbers(30).map((n) => `192.0.2.${n}`);
    expect(await servedOf(apps, neighbours, 7)).toBe(150);
  });
});

test('what one network is refused is not counted for the others', async () => {
  const ask = limited(five);
  expect(await servedOf([ask], [ip(0, 0)], 400)).toBe(5);
  expect(await servedOf([ask], [ip(0, 1), ip(0, 2), ip(0, 3)], 400)).toBe(15);
  // The home is used up; the other homes of the site are not.
  expect(
    await servedOf(
      [ask],
      numbers(50).map((n) => ip(0, 10 + n)),
      4,
    ),
  ).toBe(0);
  expect(
    await servedOf(
      [ask],
      numbers(12).map((n) => ip(1 + n, 0)),
      5,
    ),
  ).toBe(60);
});

test('the headers are those of the narrowest, and Retry-After is of whoever refused', async () => {
  const ask = limited(five);
  const fresh = await ask(ip(0, 0));
  expect(fresh.headers.get('RateLimit-Policy')).toBe('"ip";q=5;w=900');
  expect(fresh.headers.get('RateLimit')).toMatch(/^"ip";r=4;t=/);
  await servedOf(
    [ask],
    numbers(4).map((n) => ip(0, n)),
    5,
  );
  const refused = await ask(ip(0, 9));
  expect(refused.status).toBe(429);
  expect(refused.headers.get('RateLimit')).toMatch(/^"ip";r=4;t=/);
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(840);
});
