/** Tokens that are not right, a table: each is 401 at every endpoint, reaches no rule, records nothing and is not repeated. */
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JWT_SECRET, user } from '../support/api.ts';
import { BASE, expectProblem, type Stage, startStage, until } from '../support/contract.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const key = (secret = JWT_SECRET) => new TextEncoder().encode(secret);
const jwt = (claims: object = { userId: user(1) }, alg = 'HS256') =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg });

async function tampered(): Promise<string> {
  const [head, , signature] = (await jwt().setExpirationTime('1h').sign(key())).split('.');
  const claims = Buffer.from(JSON.stringify({ userId: user(2), exp: 4e9 })).toString('base64url');
  return [head, claims, signature].join('.');
}

const email = 'token@example.com';
const otpId = '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90';
const requests = [
  ['POST', 'send-otp', { email }],
  ['POST', 'resend-otp', { email }],
  ['POST', 'verify-otp', { email, otp: '918273', otpId }],
  ['GET', `status/${encodeURIComponent(email)}`, undefined],
  ['GET', 'list', undefined],
] as const;

async function expectRefused(authorization: string | undefined, secret: string): Promise<void> {
  const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
  for (const [method, path, body] of requests) {
    const answer = await stage.unchanged(() => stage.api.call(method, `${BASE}/${path}`, { headers, body }));
    expectProblem(answer, 401, 'unauthorized');
    expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Bearer/);
    for (const sent of [secret, email, 'JWS', 'HS256']) expect(answer.text).not.toContain(sent);
  }
}

describe('a token that is not right is 401 everywhere and reaches no rule', () => {
  test.each([
    ['garbage', () => 'garbage.garbage.garbage'],
    ['one of 5,000 characters', () => 'x'.repeat(5000)],
    ['one that expired a minute ago', () => jwt().setExpirationTime('-60s').sign(key())],
    ['one that is valid only from tomorrow', () => jwt().setExpirationTime('2d').setNotBefore('1d').sign(key())],
    ['one without exp', () => jwt().sign(key())],
    ['alg none', () => new UnsecuredJWT({ userId: user(1) }).setExpirationTime('1h').encode()],
    ['another secret', () => jwt().setExpirationTime('1h').sign(key('another-secret-of-at-least-32-bytes!'))],
    [
      'HS512',
      () =>
        jwt(undefined, 'HS512')
          .setExpirationTime('1h')
          .sign(key(JWT_SECRET.padEnd(64, '-'))),
    ],
    ['HS512 with the right secret', () => jwt(undefined, 'HS512').setExpirationTime('1h').sign(key())],
    ['changed claims', tampered],
    [
      'a userId that is a list',
      () =>
        jwt({ userId: [user(1)], sub: user(1) })
          .setExpirationTime('1h')
          .sign(key()),
    ],
    [
      'a userId that is null and a sub that is empty',
      () => jwt({ userId: null, sub: '' }).setExpirationTime('1h').sign(key()),
    ],
    ['no userId and no sub', () => jwt({}).setExpirationTime('1h').sign(key())],
  ])('%s', async (_, make) => {
    const token = await make();
    await expectRefused(`Bearer ${token}`, token);
  });

  test('no Authorization at all, an empty one, another scheme, a token without its scheme', async () => {
    const token = await jwt().setExpirationTime('1h').sign(key());
    await expectRefused(undefined, token);
    await expectRefused('Bearer ', token);
    await expectRefused(`Basic ${token}`, token);
    await expectRefused(token, token);
  });

  test('a token ends with its exp, give or take a few seconds of leeway, also one that was accepted before', async () => {
    const end = Math.floor(Date.now() / 1000) + 2;
    const token = await jwt().setExpirationTime(end).sign(key());
    const status = async () => (await stage.api.call('GET', `${BASE}/list`, { token })).status;
    expect(await status()).toBe(200);
    await until('it has ended', async () => (await status()) === 401, 9000);
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(end);
    await expectRefused(`Bearer ${token}`, token);
  });
});

describe('a token that is right', () => {
  test('names its caller by userId, else by sub, whatever the case of the UUID', async () => {
    const caller = await stage.as(0xab);
    const id = 'abcdef00-0000-4000-8000-00000000abcd';
    const tokens = await Promise.all(
      [{ userId: id }, { sub: id }, { userId: id.toUpperCase() }, { userId: id, sub: user(2) }].map((claims) =>
        jwt(claims).setExpirationTime('1h').sign(key()),
      ),
    );
    const sent = await stage.api.call('POST', `${BASE}/send-otp`, { token: tokens[0], body: { email } });
    expect(sent.status).toBe(200);
    await stage.settled();
    for (const token of tokens) {
      expect((await stage.api.call('GET', `${BASE}/list?all=true`, { token })).body.total).toBe(1);
      const status = await stage.api.call('GET', `${BASE}/status/${email}`, { token });
      expect(status.body).toMatchObject({ verified: false, delivery: 'sent' });
    }
    expect((await caller.list('?all=true')).body.total).toBe(0);
  });

  test('and none of all these tokens stands in the log', () => {
    expect(stage.api.output()).toContain('"refusal":"unauthorized"');
    for (const sent of ['eyJ', 'garbage', JWT_SECRET, email]) expect(stage.api.output()).not.toContain(sent);
  });
});
