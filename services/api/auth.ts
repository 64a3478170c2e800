/** Who calls: a bearer token (RFC 6750), its signature checked once and remembered until it expires. */
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './env.ts';
import { Refused } from './problem.ts';

export type Caller = Readonly<{ userId: string; roles: readonly string[] }>;

const ALGORITHM = 'HS256';
const TOKEN_CHARACTERS_MAX = 4096;
const REMEMBERED_MAX = 20_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Remembered = Readonly<{ caller: Promise<Caller>; expiresAt: { seconds: number } }>;

/**
 * Makes the check of tokens signed with this secret: HS256 only, `exp` required (RFC 8725 3.1, 3.9). The caller's id is
 * the claim `userId`, else `sub`, a UUID. Throws Refused('unauthorized') with what is wrong, never with the token.
 */
export function createTokenCheck(secret: string): (token: string) => Promise<Caller> {
  const key = new TextEncoder().encode(secret);
  const remembered = new Map<string, Remembered>();

  return async (token) => {
    if (token.length > TOKEN_CHARACTERS_MAX) throw unauthorized('The token is too long.');
    const known = remembered.get(token);
    if (known && known.expiresAt.seconds * 1000 > Date.now()) return known.caller;
    const expiresAt = { seconds: Number.POSITIVE_INFINITY };
    const caller = verify(token, expiresAt);
    remembered.delete(token);
    remembered.set(token, { caller, expiresAt });
    if (remembered.size > REMEMBERED_MAX) remembered.delete(remembered.keys().next().value ?? token);
    caller.catch(() => remembered.delete(token));
    return caller;
  };

  async function verify(token: string, expiresAt: { seconds: number }): Promise<Caller> {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], requiredClaims: ['exp'] });
      expiresAt.seconds = payload.exp ?? 0;
      return callerOf(payload);
    } catch (error) {
      if (error instanceof Refused) throw error;
      const expired = error instanceof errors.JWTExpired;
      throw unauthorized(expired ? 'The token has expired.' : 'The token is not valid.');
    }
  }
}

function callerOf({ userId, sub, role, roles }: JWTPayload): Caller {
  const id = userId ?? sub;
  if (typeof id !== 'string' || !UUID.test(id)) {
    throw unauthorized('The token names no user: the claim userId, else sub, must be a UUID.');
  }
  const named = Array.isArray(roles) ? roles : [role];
  return { userId: id.toLowerCase(), roles: named.filter((one) => typeof one === 'string') };
}

function unauthorized(detail: string): Refused {
  return new Refused('unauthorized', { detail });
}

/** Lets a request pass only with a valid token; the caller is then in the context. */
export function authenticate(check: (token: string) => Promise<Caller>) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(c.req.header('Authorization') ?? '') ?? [];
    if (!token) throw new Refused('unauthorized');
    c.set('caller', await check(token));
    await next();
  });
}

/** Lets a request pass only when the caller has one of these roles. After `authenticate`. */
export function requireRole(roles: ReadonlySet<string>) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (!c.get('caller').roles.some((role) => roles.has(role))) throw new Refused('forbidden');
    await next();
  });
}
