/** Tokens signed by hand, so that they can be as wrong as they like, and what a check says of them. */
import { createHmac } from 'node:crypto';
import { createTokenCheck, type TokenCheck, type TokenOptions } from '../../services/api/identity/token-check.ts';
import { Refused } from '../../services/api/http/problem.ts';

export const TOKEN_SECRET = 'a-secret-that-only-tests-know-0123456789';

const base: TokenOptions = {
  secrets: [TOKEN_SECRET],
  issuerKeys: undefined,
  algorithms: ['EdDSA', 'ES256', 'RS256'],
  issuer: undefined,
  audience: undefined,
  userClaims: ['userId', 'sub'],
  roleClaims: ['roles', 'role'],
};

export const checkOf = (
  more: Partial<TokenOptions> = {},
  bounds?: Readonly<{ count: number; characters: number }>,
): TokenCheck => createTokenCheck({ ...base, ...more }, undefined, bounds);

export const part = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** The claims may be JSON as it is, for what JavaScript cannot say. */
export function jwt(claims: object | string, alg = 'HS256', by = TOKEN_SECRET): string {
  const text = `${part({ alg })}.${part(claims)}`;
  return `${text}.${createHmac(alg.replace('HS', 'sha'), by).update(text).digest('base64url')}`;
}

/** The caller's id, or what is wrong. */
export const told = (check: TokenCheck, token: string): Promise<unknown> =>
  check(token).then(
    ({ userId }) => userId,
    (error: unknown) => (error instanceof Refused ? error.facts.detail : error),
  );
