/** A token signed with a shared secret, to the bit: its signature has one spelling, and its head names HS256 and nothing more. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createTokenCheck } from '../../services/api/identity/token-check.ts';
import { Refused } from '../../services/api/http/problem.ts';
import { user } from '../support/api.ts';

const secret = 'a-secret-that-only-tests-know-0123456789';
const invalid = 'The token is not valid.';

const check = createTokenCheck({
  secrets: [secret],
  issuerKeys: undefined,
  algorithms: ['ES256'],
  issuer: undefined,
  audience: undefined,
  userClaims: ['sub'],
  roleClaims: [],
});

/** The caller's id, or what is wrong. */
const told = (token: string): Promise<unknown> =>
  check(token).then(
    ({ userId }) => userId,
    (error: unknown) => (error instanceof Refused ? error.facts.detail : error),
  );

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const body = part({ exp: Math.floor(Date.now() / 1000) + 3600, sub: user(1) });
const signed = (head: string) =>
  `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;

describe('a token', () => {
  test('whose head names another algorithm or an extension is none, whatever its signature', async () => {
    expect(await told(signed(part({ alg: 'HS256', typ: 'JWT', kid: 'any' })))).toBe(user(1));
    for (const alg of ['none', 'hs256', 'ES256', 'HS512', '', null, ['HS256'], undefined])
      expect(await told(signed(part({ alg }))), String(alg)).toBe(invalid);
    for (const crit of [['b64'], ['x'], [], null])
      expect(await told(signed(part({ alg: 'HS256', crit, b64: true, x: 1 })))).toBe(invalid);
    for (const head of ['', part([]), part('HS256'), 'bm9uc2Vuc2U', Buffer.from('null').toString('base64url')])
      expect(await told(signed(head)), head).toBe(invalid);
  });

  test('has one spelling: not with padding, nor with other characters of the same bytes, nor cut short', async () => {
    const token = signed(part({ alg: 'HS256' }));
    const [head, , signature = ''] = token.split('.');
    const bits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = bits[bits.indexOf(signature.at(-1) ?? '') ^ 1] ?? '';
    for (const other of [
      `${signature}=`,
      signature.slice(0, -1) + twin,
      signature.slice(0, -1),
      `${signature}A`,
      `${signature}.`,
    ])
      expect(await told(`${head}.${body}.${other}`), other).toBe(invalid);
    expect(await told(token)).toBe(user(1));
  });
});
