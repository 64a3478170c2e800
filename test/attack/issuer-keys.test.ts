/** A key that its issuer withdrew is out within minutes, known keys serve on while it is away, and nothing makes us hammer it. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTokenCheck } from '../../services/api/identity/token-check.ts';
import { JWT_SECRET, tokenOf, user } from '../support/api.ts';
import { issuerFaults } from '../support/issuer-faults.ts';

const [one, two] = [
  await generateKeyPair('ES256', { extractable: true }),
  await generateKeyPair('ES256', { extractable: true }),
];
const jwkOf = async (pair: typeof one, kid: string): Promise<JWK> => ({
  ...(await exportJWK(pair.publicKey)),
  kid,
  alg: 'ES256',
});
const [first, second] = [await jwkOf(one, 'one'), await jwkOf(two, 'two')];

let published: unknown;
let answer: (response: ServerResponse) => void;
let fetched = 0;
const server = createServer((_, response) => {
  fetched++;
  answer(response);
});
let jwksUrl: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const well = (response: ServerResponse): void => void response.end(JSON.stringify(published));
let start: number;
beforeEach(() => {
  [published, answer, fetched] = [{ keys: [first, second] }, well, 0];
  start = performance.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.spyOn(performance, 'now').mockReturnValue(start);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** By every clock, so many seconds after the beginning. */
function at(seconds: number): void {
  vi.setSystemTime(vi.getRealSystemTime() + seconds * 1000);
  vi.mocked(performance.now).mockReturnValue(start + seconds * 1000);
}

const sign = (pair: typeof one, kid: string, n = 1, alg = 'ES256') =>
  new SignJWT({ sub: user(n) }).setProtectedHeader({ alg, kid }).setExpirationTime('30d').sign(pair.privateKey);

function checker() {
  const told: string[] = [];
  const report = { succeeded: () => void told.push('well'), failed: () => void told.push('fails') };
  const options = {
    secrets: [JWT_SECRET],
    issuerKeys: { jwksUrl },
    algorithms: ['ES256', 'RS256'],
  };
  const none = { issuer: undefined, audience: undefined, userClaims: ['sub'], roleClaims: [] };
  const check = createTokenCheck({ ...options, ...none }, report);
  const outcome = (token: string): Promise<string> =>
    check(token).then(
      () => 'good',
      (error: { code?: string }) => error.code ?? String(error),
    );
  return { outcome, told };
}

/** Asks until this is the answer, as the keys are fetched behind the answers. */
const becomes = (ask: () => Promise<string>, wanted: string) => expect.poll(ask, { interval: 10 }).toBe(wanted);

describe('a key that was withdrawn', () => {
  test('signs no more after five minutes, for a token that was seen before and a process that was idle', async () => {
    const { outcome } = checker();
    const [seen, other] = [await sign(one, 'one'), await sign(two, 'two')];
    expect([await outcome(seen), await outcome(other)]).toEqual(['good', 'good']);
    published = { keys: [second] };
    at(300.001);
    expect([await outcome(seen), await outcome(other)]).toEqual(['unauthorized', 'good']);
  });

  test('is out sooner while tokens come, and whose answer is awaited by none of them', async () => {
    const { outcome } = checker();
    const seen = await sign(one, 'one');
    await outcome(seen);
    published = { keys: [second] };
    let [held, release] = [0, (): void => {}];
    answer = (response) => {
      held++;
      release = () => well(response);
    };
    at(120.001);
    expect(await outcome(seen)).toBe('good');
    await expect.poll(() => held, { interval: 10 }).toBe(1);
    expect(await outcome(seen)).toBe('good');
    release();
    await becomes(() => outcome(seen), 'unauthorized');
    expect(fetched).toBe(2);
  });

  test('is out, too, where another has its id', async () => {
    const { outcome } = checker();
    const seen = await sign(one, 'one');
    await outcome(seen);
    published = { keys: [await jwkOf(two, 'one')] };
    at(301);
    expect(await outcome(seen)).toBe('unauthorized');
    expect(await outcome(await sign(two, 'one'))).toBe('good');
  });
});

describe('while the issuer is away', () => {
  test.each(issuerFaults)(
    'as it %s, known keys serve on for a day, new tokens too, and then it is an outage',
    async (_how, fault) => {
      const { outcome, told } = checker();
      const seen = await sign(one, 'one');
      expect(await outcome(seen)).toBe('good');
      answer = fault;
      at(700);
      expect(await outcome(seen)).toBe('good');
      await expect.poll(() => told, { interval: 10 }).toEqual(['well', 'fails']);
      expect([await outcome(await sign(one, 'one', 2)), await outcome(seen)]).toEqual(['good', 'good']);
      at(86_399);
      expect(await outcome(await sign(two, 'two'))).toBe('good');
      await expect.poll(() => told.length, { interval: 10 }).toBe(3);
      at(86_440);
      expect([await outcome(seen), await outcome(await sign(two, 'two', 3))]).toEqual([
        'keys_unavailable',
        'keys_unavailable',
      ]);
      answer = well;
      at(86_480);
      await becomes(() => outcome(seen), 'good');
    },
  );

  test.each(issuerFaults)(
    'as it %s from the beginning, a token is not called bad, and it is asked once a second at most',
    async (_how, fault) => {
      const { outcome } = checker();
      answer = fault;
      const all = await Promise.all(Array.from({ length: 20 }, async (_, n) => outcome(await sign(one, 'one', n))));
      expect(new Set(all)).toEqual(new Set(['keys_unavailable']));
      expect(fetched).toBe(1);
      expect(await outcome(await tokenOf(user(1)))).toBe('good');
      answer = well;
      at(1.1);
      expect(await outcome(await sign(one, 'one'))).toBe('good');
    },
  );

  test('a token of a key that nobody has seen is not called bad', async () => {
    const { outcome } = checker();
    published = { keys: [first] };
    await outcome(await sign(one, 'one'));
    answer = (response) => void response.writeHead(503).end();
    at(60);
    expect(await outcome(await sign(two, 'two'))).toBe('keys_unavailable');
    expect(await outcome(await sign(one, 'one'))).toBe('good');
  });
});

describe('tokens of keys that nobody has', () => {
  test('a thousand ask the issuer once in half a minute, and keep nobody waiting', async () => {
    const { outcome } = checker();
    const good = await sign(one, 'one');
    await outcome(good);
    at(31);
    const flood = Array.from({ length: 1000 }, async (_, n) => outcome(await sign(one, `made up ${n}`)));
    for (const told of await Promise.all(flood)) expect(['unauthorized', 'keys_unavailable']).toContain(told);
    expect([fetched, await outcome(good)]).toEqual([2, 'good']);
    at(60.9);
    const late = await sign(two, 'made up');
    expect([await outcome(late), await outcome(late), fetched]).toEqual(['keys_unavailable', 'keys_unavailable', 2]);
    at(61.1);
    expect([await outcome(late), fetched]).toEqual(['unauthorized', 3]);
    at(91.2);
    published = { keys: [first, await jwkOf(two, 'new')] };
    expect([await outcome(await sign(two, 'new')), fetched]).toEqual(['good', 4]);
  });

  test('two keys of one id let nobody in by guess, and are no fault of ours', async () => {
    const { outcome } = checker();
    published = { keys: [first, await jwkOf(two, 'one')] };
    const stranger = await generateKeyPair('ES256', { extractable: true });
    expect(await outcome(await sign(stranger, 'one'))).toBe('unauthorized');
  });
});
