/** The limit per IP as a middleware on a database: what it counts as one client, what it says, and that it never lets pass unjudged. */
import { BlockList } from 'node:net';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClientIp } from '../../services/api/http/client-ip.ts';
import type { AppEnv } from '../../services/api/env.ts';
import { problem, Refused } from '../../services/api/http/problem.ts';
import { type IpLimit, limitByIp } from '../../services/api/http/rate-limit.ts';
import { createTakeOne, type TakeOne } from '../../services/store/limits/take-one.ts';
import { connect, StoreUnavailable } from '../../services/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { testKeys } from '../support/rules.ts';

let db: TestDatabase;
let takeOne: TakeOne;
beforeAll(async () => {
  db = await createTestDatabase();
  takeOne = createTakeOne(db.sql);
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.setClockAhead(0);
  await db.owner`delete from rate_windows`;
});

const off: IpLimit = { max: 0, windowSeconds: 900, burst: 20, perSecond: 0 };
const three: IpLimit = { ...off, max: 3 };

/** An app behind the limit: asks from an IP, and how often it was reached. */
function limited(ipLimit: IpLimit, take = takeOne) {
  let reached = 0;
  const app = new Hono<AppEnv>();
  app.use(limitByIp({ takeOne: take, clientIp: createClientIp(new BlockList()), ipLimit, otpKeys: testKeys }));
  app.get('/', (c) => {
    reached++;
    return c.text('OK');
  });
  app.onError((error, c) => {
    if (error instanceof Refused) return problem(c, error.code, error.facts);
    return c.text(error.name, error instanceof StoreUnavailable ? 503 : 500);
  });
  const ask = async (ip?: string) => {
    const env = ip === undefined ? {} : { incoming: { socket: { remoteAddress: ip, remoteFamily: 'x' } } };
    const { status, headers } = await app.request('/', {}, env);
    const said = ['RateLimit-Policy', 'RateLimit', 'Retry-After'].map((name) => headers.get(name));
    return { status, said };
  };
  return { ask, reached: () => reached };
}

const statuses = async (ask: (ip: string) => Promise<{ status: number }>, ips: readonly string[]) => {
  const found: number[] = [];
  for (const ip of ips) found.push((await ask(ip)).status);
  return found;
};

describe('a window', () => {
  test('says what it is, what is left of it and when it is whole again; what is beyond it hears when to come back', async () => {
    const { ask, reached } = limited(three);
    const policy = '"ip";q=3;w=900';
    const answers = [await ask('192.0.2.1'), await ask('192.0.2.1'), await ask('192.0.2.1'), await ask('192.0.2.1')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ said }) => said[0])).toEqual([policy, policy, policy, policy]);
    const left = answers.map(({ said }) =>
      /^"ip";r=(\d+);t=(\d+)$/
        .exec(said[1] ?? '')
        ?.slice(1)
        .map(Number),
    );
    expect(left.map((one) => one?.[0])).toEqual([2, 1, 0, 0]);
    for (const one of left) {
      expect(one?.[1]).toBeGreaterThan(840);
      expect(one?.[1]).toBeLessThanOrEqual(900);
    }
    expect(answers.map(({ said }) => said[2] === null)).toEqual([true, true, true, false]);
    expect(Number(answers[3]?.said[2])).toBeGreaterThan(840);
    expect(Number(answers[3]?.said[2])).toBeLessThanOrEqual(900);
    expect(reached()).toBe(3);
  });

  test('begins anew when it is over', async () => {
    const { ask } = limited(three);
    expect(
      await statuses(
        ask,
        Array.from({ length: 4 }, () => '192.0.2.1'),
      ),
    ).toEqual([200, 200, 200, 429]);
    await db.setClockAhead(901);
    expect(
      await statuses(
        ask,
        Array.from({ length: 4 }, () => '192.0.2.1'),
      ),
    ).toEqual([200, 200, 200, 429]);
  });

  test('is of one client: an IPv4 address in either form, the /64 of IPv6, and no neighbour', async () => {
    const { ask } = limited(three);
    const same = ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'];
    expect(await statuses(ask, same)).toEqual([200, 200, 200, 429, 200]);
    const networks = ['2001:db8::1', '2001:DB8:0:0:ffff::2', '2001:db8::3', '2001:db8::4', '2001:db8:0:1::1'];
    expect(await statuses(ask, networks)).toEqual([200, 200, 200, 429, 200]);
  });

  test('names no IP in the database', async () => {
    await limited(three).ask('192.0.2.1');
    const rows = await db.owner<{ key: string }[]>`select key from rate_windows`;
    expect(rows.map(({ key }) => key)).toEqual([expect.stringMatching(/^ip [\w-]{43}$/)]);
  });
});

describe('a burst', () => {
  test('is a policy of its own, whose window is the time that it needs to flow back', async () => {
    const { ask, reached } = limited({ ...off, perSecond: 3, burst: 5 });
    const answers = [];
    for (let n = 0; n < 5; n++) answers.push(await ask('192.0.2.1'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers[0]?.said).toEqual(['"ip-burst";q=5;w=2', null, null]);
    expect(reached()).toBe(5);
  });

  test('stands behind the window where both hold', async () => {
    const { said } = await limited({ ...three, perSecond: 10, burst: 20 }).ask('192.0.2.1');
    expect(said[0]).toBe('"ip";q=3;w=900, "ip-burst";q=20;w=2');
  });
});

describe('no limit', () => {
  test('where none is set: nothing is said and nothing counted', async () => {
    for (let n = 0; n < 5; n++) expect((await limited(off).ask('192.0.2.1')).said).toEqual([null, null, null]);
    expect(await db.owner`select 1 from rate_windows`).toHaveLength(0);
  });
});

describe('a request of nobody knows whom', () => {
  test('is refused, whether there is a limit or not, and the app is not reached', async () => {
    for (const { ask, reached } of [limited(off), limited(three)]) {
      expect(await ask()).toEqual({ status: 400, said: [null, null, null] });
      expect(await ask('')).toEqual({ status: 400, said: [null, null, null] });
      expect(reached()).toBe(0);
    }
    expect(await db.owner`select 1 from rate_windows`).toHaveLength(0);
  });
});

describe('while the store is away', () => {
  test('nobody passes unjudged: 503, and the app is not reached', async () => {
    const url = 'postgres://request_app:x@127.0.0.1:9/none';
    const away = connect({ url, ssl: 'off', poolMax: 1, applicationName: 'test', statementTimeoutMilliseconds: 1000 });
    const { ask, reached } = limited(three, createTakeOne(away));
    expect(await ask('192.0.2.1')).toEqual({ status: 503, said: [null, null, null] });
    expect(reached()).toBe(0);
    await away.end({ timeout: 0 });
  });
});
