/** Who calls: a bearer token (RFC 6750), its signature checked once and remembered until it expires. */
import { createMiddleware } from 'hono/factory';
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import { UUID } from '../core/uuid.ts';
import type { AppEnv, Caller } from './env.ts';
import { Refused } from './http/problem.ts';

export type TokenOptions = Readonly<{
  /** For HS256, the newest first. */
  secrets: readonly string[];
  jwksUrl: string | undefined;
  algorithms: readonly string[];
  issuer: string | undefined;
  audience: string | undefined;
  userClaims: readonly string[];
  roleClaims: readonly string[];
}>;

export type TokenCheck = (token: string) => Promise<Caller>;

const TOKEN_CHARACTERS_MAX = 4096;
const REMEMBERED_MAX = 20_000;
const CLOCK_TOLERANCE_SECONDS = 5;
const JWKS_TIMEOUT_MILLISECONDS = 3000;

type Remembered = Readonly<{ caller: Promise<Caller>; expiresAt: { seconds: number } }>;

/**
 * Makes the check of tokens: HS256 with the secrets, the given algorithms with the issuer's public keys, nothing else;
 * `exp` required (RFC 8725 3.1, 3.8, 3.9). Throws Refused('unauthorized') with what is wrong, never with the token.
 */
export function createTokenCheck(options: TokenOptions, rememberedMax = REMEMBERED_MAX): TokenCheck {
  const { issuer, audience, algorithms } = options;
  const secrets = options.secrets.map((secret) => new TextEncoder().encode(secret));
  const publicKeys = options.jwksUrl
    ? createRemoteJWKSet(new URL(options.jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MILLISECONDS })
    : undefined;
  const claims = {
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...(issuer ? { issuer } : {}),
    ...(audience ? { audience } : {}),
  };
  const remembered = new Map<string, Remembered>();

  return async (token) => {
    if (token.length > TOKEN_CHARACTERS_MAX) throw unauthorized('The token is too long.');
    const known = remembered.get(token);
    if (known && known.expiresAt.seconds * 1000 > Date.now()) return known.caller;
    const expiresAt = { seconds: Number.POSITIVE_INFINITY };
    const caller = verify(token, expiresAt);
    remembered.delete(token);
    remembered.set(token, { caller, expiresAt });
    if (remembered.size > rememberedMax) remembered.delete(remembered.keys().next().value ?? token);
    caller.catch(() => remembered.delete(token));
    return caller;
  };

  async function verify(token: string, expiresAt: { seconds: number }): Promise<Caller> {
    try {
      const payload = await verifyWithAnyKey(token);
      expiresAt.seconds = (payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS;
      return callerOf(payload, options);
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (keysAreAway(error)) throw new Refused('keys_unavailable', { retryAfterSeconds: 5 }, { cause: error });
      const expired = error instanceof errors.JWTExpired;
      throw unauthorized(expired ? 'The token has expired.' : 'The token is not valid.');
    }
  }

  // The algorithm's family decides the kind of key, so that no public key can ever pass for a secret.
  async function verifyWithAnyKey(token: string): Promise<JWTPayload> {
    if (publicKeys && decodeHeader(token) !== 'HS256') {
      const { payload } = await jwtVerify(token, publicKeys satisfies JWTVerifyGetKey, {
        ...claims,
        algorithms: [...algorithms],
      });
      return payload;
    }
    for (const [index, secret] of secrets.entries()) {
      try {
        return (await jwtVerify(token, secret, { ...claims, algorithms: ['HS256'] })).payload;
      } catch (error) {
        const another = error instanceof errors.JWSSignatureVerificationFailed && index < secrets.length - 1;
        if (!another) throw error;
      }
    }
    throw unauthorized('The token is not valid.');
  }
}

/** The issuer's keys could not be fetched: the token may well be good. */
function keysAreAway(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return error instanceof errors.JWKSTimeout || error.code === errors.JOSEError.code;
}

function decodeHeader(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    throw unauthorized('The token is not valid.');
  }
}

function callerOf(payload: JWTPayload, { userClaims, roleClaims }: TokenOptions): Caller {
  const claim = userClaims.find((name) => payload[name] !== undefined);
  const id = claim === undefined ? undefined : payload[claim];
  if (typeof id !== 'string' || !UUID.test(id)) {
    throw unauthorized(`The token names no user: the claim ${userClaims.join(', else ')}, must be a UUID.`);
  }
  const roles = roleClaims.flatMap((name) => payload[name]).filter((role) => typeof role === 'string');
  return { userId: id.toLowerCase(), roles };
}

function unauthorized(detail: string): Refused {
  return new Refused('unauthorized', { detail });
}

/** Lets a request pass only with a valid token; the caller is then in the context. */
export function authenticate(check: TokenCheck) {
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
