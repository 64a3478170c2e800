/** The check of a token to the second and the character, what is remembered of it and for how long, and whose it is. */
import { createHmac } from 'node:crypto';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { authenticate, createTokenCheck, requireRole, type TokenOptions } from '../../services/api/auth.ts';
import type { AppEnv } from '../../services/api/env.ts';
import { Refused } from '../../services/api/http/problem.ts';
import { user } from '../support/api.ts';

const secret = 'a-secret-that-only-tests-know-0123456789';
const now = Date.parse('2026-03-01T12:00:00Z') / 1000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 }));
afterEach(() => void vi.useRealTimers());
const at = (seconds: number) => vi.setSystemTime((now + seconds) * 1000);

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by hand, so that it can be as wrong as it likes. */
function jwt(claims: object, alg = 'HS256'): string {
  const text = `${part({ alg })}.${part({ exp: now + 60, ...claims })}`;
  return `${text}.${createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url')}`;
}

const base: TokenOptions = {
  secrets: [secret],
  jwksUrl: undefined,
  algorithms: ['EdDSA', 'ES256', 'RS256'],
  issuer: undefined,
  audience: undefined,
  userClaims: ['userId', 'sub'],
  roleClaims: ['roles', 'role'],
};
const checkOf = (more: Partial<TokenOptions> = {}) => createTokenCheck({ ...base, ...more });

/** The caller's id, or what is wrong. */
const told = (check: ReturnType<typeof createTokenCheck>, token: string): Promise<unknown> =>
  check(token).then(
    ({ userId }) => userId,
    (error: unknown) => (error instanceof Refused ? error.facts.detail : error),
  );

const invalid = 'The token is not valid.';
const expired = 'The token has expired.';
const nobody = 'The token names no user: the claim userId, else sub, must be a UUID.';

describe('the time of a token', () => {
  test('ends five seconds after exp, for one that is new and for one that was accepted before', async () => {
    const [remembering, token] = [checkOf(), jwt({ sub: user(1) })];
    expect(await told(remembering, token)).toBe(user(1));
    at(64.9);
    expect([await told(remembering, token), await told(checkOf(), token)]).toEqual([user(1), user(1)]);
    at(65);
    expect([await told(remembering, token), await told(checkOf(), token)]).toEqual([expired, expired]);
  });

  test('begins five seconds before nbf; what was too early is not remembered as wrong', async () => {
    const [check, token] = [checkOf(), jwt({ sub: user(1), nbf: now + 30 })];
    at(24.9);
    expect(await told(check, token)).toBe(invalid);
    at(25);
    expect(await told(check, token)).toBe(user(1));
  });

  test.each([
    ['no exp', { exp: undefined }],
    ['an exp that is a text', { exp: String(now + 60) }],
    ['an exp that is over', { exp: now - 60 }],
  ])('of %s is none', async (_what, claims) => {
    expect([invalid, expired]).toContain(await told(checkOf(), jwt({ sub: user(1), ...claims })));
  });
});

describe('what is remembered', () => {
  // Seen by a clock that goes back: only who was remembered is still let in before its time.
  test.each([
    [2, user(1)],
    [3, invalid],
  ])('of three: beside %i newer ones a token is %s', async (others, wanted) => {
    const [check, token] = [createTokenCheck(base, undefined, 3), jwt({ sub: user(1), nbf: now + 30 })];
    at(40);
    expect(await told(check, token)).toBe(user(1));
    const newer = Promise.allSettled(Array.from({ length: others }, (_, n) => check(`x${n}`)));
    at(0);
    expect(await told(check, token)).toBe(wanted);
    expect((await newer).every(({ status }) => status === 'rejected')).toBe(true);
  });
});

const withPad = (n: number) => jwt({ sub: user(1), pad: 'p'.repeat(n) });

describe('the form of a token', () => {
  test('is at most 4096 characters', async () => {
    const pad = Array.from({ length: 4 }, (_, n) => 2800 + n).find((n) => withPad(n).length % 4 === 0) ?? 2800;
    const exact = pad + Math.floor((4096 - withPad(pad).length) / 4) * 3;
    expect(withPad(exact).length).toBe(4096);
    expect(await told(checkOf(), withPad(exact))).toBe(user(1));
    expect(await told(checkOf(), withPad(exact + 1))).toBe('The token is too long.');
  });

  test.each(['', 'a', 'a.b.c', 'a.b.c.d.e', `${part({ alg: 'HS256' })}..`])('%j is none', async (token) => {
    expect(await told(checkOf(), token)).toBe(invalid);
  });

  test('without a secret none of HS256 passes, not even one signed with an empty one', async () => {
    const text = `${part({ alg: 'HS256' })}.${part({ exp: now + 60, sub: user(1) })}`;
    const empty = `${text}.${createHmac('sha256', '').update(text).digest('base64url')}`;
    for (const token of [empty, jwt({ sub: user(1) })])
      expect(await told(checkOf({ secrets: [] }), token)).toBe(invalid);
  });

  test.each(['HS384', 'HS512'])('of another HMAC than HS256, such as %s, is none', async (alg) => {
    expect(await told(checkOf(), jwt({ sub: user(1) }, alg))).toBe(invalid);
  });

  test('the issuer and the audience are looked at where they are set, also in a list', async () => {
    const strict = checkOf({ issuer: 'i', audience: 'a' });
    expect(await told(strict, jwt({ sub: user(1), iss: 'i', aud: ['b', 'a'] }))).toBe(user(1));
    for (const claims of [{ iss: 'i' }, { aud: 'a' }, { iss: 'j', aud: 'a' }, { iss: 'i', aud: 'b' }]) {
      expect(await told(strict, jwt({ sub: user(1), ...claims }))).toBe(invalid);
    }
    expect(await told(checkOf(), jwt({ sub: user(1), iss: 'any', aud: 'any' }))).toBe(user(1));
  });

  test('the secret before this one is tried only for what this one did not sign', async () => {
    const [rotated, over] = [checkOf({ secrets: [`x${secret}`, secret] }), jwt({ sub: user(1), exp: now - 60 })];
    expect(await told(rotated, jwt({ sub: user(1) }))).toBe(user(1));
    expect(await told(rotated, over)).toBe(expired);
    expect(await told(checkOf({ secrets: [secret, `x${secret}`] }), over)).toBe(expired);
  });
});

describe('whose a token is', () => {
  test.each<[object, unknown]>([
    [{ userId: user(1), sub: user(2) }, user(1)],
    [{ sub: user(2) }, user(2)],
    [{ userId: 'ABCDEF00-0000-4000-8000-00000000ABCD' }, 'abcdef00-0000-4000-8000-00000000abcd'],
    [{}, nobody],
    [{ sub: [user(1)] }, nobody],
    [{ id: user(1) }, nobody],
  ])('%j', async (claims, wanted) => {
    expect(await told(checkOf(), jwt(claims))).toBe(wanted);
  });

  test.each<[object, readonly string[]]>([
    [{}, []],
    [{ role: 'admin' }, ['admin']],
    [{ roles: ['admin', 'ops'] }, ['admin', 'ops']],
    [{ roles: ['ops'], role: 'admin' }, ['ops', 'admin']],
    [{ roles: ['ops', 7, null, { admin: true }], role: true }, ['ops']],
    [{ admin: true, scope: 'admin' }, []],
  ])('the roles of %j', async (claims, roles) => {
    expect((await checkOf()(jwt({ sub: user(1), ...claims }))).roles).toEqual(roles);
  });
});

/** The status that an app answers with, and who it took for the caller. */
async function asks(authorization: string | undefined, adminRoles = ['admin']): Promise<unknown> {
  const app = new Hono<AppEnv>();
  app.use(authenticate(checkOf()));
  app.get('/', (c) => c.text(c.get('caller').userId));
  app.use('/admin', requireRole(new Set(adminRoles)));
  app.get('/admin', (c) => c.text('admin'));
  app.onError((error, c) => c.text(error instanceof Refused ? error.code : 'error', 400));
  const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
  const answers = await Promise.all(['/', '/admin'].map((path) => app.request(path, { headers })));
  return Promise.all(answers.map((answer) => answer.text()));
}

const withRoles = (roles: readonly string[]) => `Bearer ${jwt({ sub: user(1), roles })}`;

describe('a request', () => {
  const token = jwt({ sub: user(1), role: 'admin' });

  test.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('names its token after %j', async (scheme) => {
    expect(await asks(`${scheme} ${token}`)).toEqual([user(1), 'admin']);
  });

  test.each([
    undefined,
    '',
    token,
    `Bearer${token}`,
    `Basic ${token}`,
    `Token ${token}`,
    `Bearer ${token}, Bearer ${token}`,
    `Bearer ${token} x`,
    `xBearer ${token}`,
    'Bearer ',
  ])('of %.12j… is nobody’s', async (authorization) => {
    expect(await asks(authorization)).toEqual(['unauthorized', 'unauthorized']);
  });

  test('is an admin’s by one role of those that are set, and of no other', async () => {
    expect(await asks(withRoles(['x', 'ops']), ['root', 'ops'])).toEqual([user(1), 'admin']);
    for (const roles of [[], ['admin'], ['Ops'], ['ops '], ['super_admin']]) {
      expect(await asks(withRoles(roles), ['root', 'ops'])).toEqual([user(1), 'forbidden']);
    }
  });
});
