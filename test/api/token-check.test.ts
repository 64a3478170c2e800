/** The check of a token to the second and the character, and what of a request is its token. */
import { createHmac } from 'node:crypto';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { authenticate, requireRole } from '../../services/api/identity/authenticate.ts';
import type { AppEnv } from '../../services/api/env.ts';
import { Refused } from '../../services/api/http/problem.ts';
import { user } from '../support/api.ts';
import { checkOf, jwt as signed, part, told, TOKEN_SECRET as secret } from '../support/tokens.ts';

const now = Date.parse('2026-03-01T12:00:00Z') / 1000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 }));
afterEach(() => void vi.useRealTimers());
const at = (seconds: number) => vi.setSystemTime((now + seconds) * 1000);

const jwt = (claims: object, alg?: string, by?: string) => signed({ exp: now + 60, ...claims }, alg, by);
const withPad = (n: number) => jwt({ sub: user(1), pad: 'p'.repeat(n) });

const invalid = 'The token is not valid.';
const expired = 'The token has expired.';
const early = 'The token is not valid yet: its claim nbf lies ahead.';

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
    expect(await told(check, token)).toBe(early);
    at(25);
    expect(await told(check, token)).toBe(user(1));
  });

  test.each([
    ['no exp', { exp: undefined }, 'The token lacks the claim exp.'],
    ['an exp that is a text', { exp: String(now + 60) }, 'The token is malformed: its claim exp must be a number.'],
    ['an exp that is over', { exp: now - 60 }, expired],
  ])('of %s is none', async (_what, claims, wanted) => {
    expect(await told(checkOf(), jwt({ sub: user(1), ...claims }))).toBe(wanted);
  });
});

describe('the form of a token', () => {
  test('is at most 16,384 characters', async () => {
    const pad = Array.from({ length: 4 }, (_, n) => 2800 + n).find((n) => withPad(n).length % 4 === 0) ?? 2800;
    const exact = pad + Math.floor((16_384 - withPad(pad).length) / 4) * 3;
    expect(withPad(exact).length).toBe(16_384);
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

  test.each<[string, number]>([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ])('of %s passes by a secret of at least %i bytes', async (alg, bytes) => {
    for (const [length, wanted] of [
      [bytes - 1, invalid],
      [bytes, user(1)],
    ] as const) {
      const own = 'é'.repeat(40).slice(0, Math.floor(length / 2)) + 'x'.repeat(length % 2);
      expect(Buffer.byteLength(own)).toBe(length);
      expect(await told(checkOf({ secrets: [own] }), jwt({ sub: user(1) }, alg, own))).toBe(wanted);
    }
    expect(await told(checkOf({ secrets: ['y'.repeat(64)] }), jwt({ sub: user(1) }, alg, 'z'.repeat(64)))).toBe(
      invalid,
    );
  });

  test('the issuer and the audience are looked at where they are set, also in a list', async () => {
    const strict = checkOf({ issuer: 'i', audience: 'a' });
    expect(await told(strict, jwt({ sub: user(1), iss: 'i', aud: ['b', 'a'] }))).toBe(user(1));
    for (const [claims, wanted] of [
      [{ iss: 'i' }, 'The token lacks the claim aud.'],
      [{ aud: 'a' }, 'The token lacks the claim iss.'],
      [{ iss: 'j', aud: 'a' }, 'The token is not for this API: its claim iss is another than the settings ask for.'],
      [{ iss: 'i', aud: 'b' }, 'The token is not for this API: its claim aud is another than the settings ask for.'],
    ] as const) {
      expect(await told(strict, jwt({ sub: user(1), ...claims }))).toBe(wanted);
      // Of who has not signed it, nothing is told.
      expect(await told(strict, jwt({ sub: user(1), ...claims }, 'HS256', 'another'))).toBe(invalid);
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
