/** The tokens that Sealpost issues itself: HS256, the caller twice, a role, an issuer and an audience only where there are any. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { issueToken } from '../../services/runtime/token.ts';

const secret = 'a-secret-that-is-long-enough-0123456789';
const userId = '00000000-0000-4000-8000-000000000001';

const parts = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);

test('a token says who, in which role, from whom and for whom, and until when', async () => {
  const began = Math.floor(Date.now() / 1000);
  const token = await issueToken({ secret, userId, role: 'admin', expiresIn: '90s', issuer: 'i', audience: 'a' });
  const [header, claims = {}] = parts(token);
  expect(header).toEqual({ alg: 'HS256', typ: 'JWT' });
  const { iat, exp, ...said } = claims;
  expect(said).toEqual({ userId, sub: userId, role: 'admin', iss: 'i', aud: 'a' });
  expect(Number(exp) - Number(iat)).toBe(90);
  expect(Number(iat)).toBeGreaterThanOrEqual(began);
  expect(Number(iat)).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
});

test('a token without role, issuer and audience has no such claims', async () => {
  const [, claims = {}] = parts(await issueToken({ secret, userId, role: undefined, expiresIn: '24h' }));
  expect(Object.keys(claims).toSorted()).toEqual(['exp', 'iat', 'sub', 'userId']);
  expect(Number(claims.exp) - Number(claims.iat)).toBe(86_400);
});

test('a token is signed with the secret, as RFC 7515 says', async () => {
  const token = await issueToken({ secret, userId, role: 'admin', expiresIn: '1h' });
  const [header, claims, signature] = token.split('.');
  expect(signature).toBe(createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url'));
});
