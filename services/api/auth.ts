/** Who calls: a bearer token (RFC 6750), its signature checked once and remembered for as long as its key stands. */
import { createMiddleware } from 'hono/factory';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { UUID } from '../core/uuid.ts';
import type { LoopReport } from '../runtime/repeat.ts';
import { SESSION_CLAIM } from '../runtime/token.ts';
import type { AppEnv, Caller } from './env.ts';
import { createSharedVerifier } from './hs256.ts';
import { Refused } from './http/problem.ts';
import { createIssuerKeys } from './issuer-keys.ts';

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

/** `withdrawals` of the issuer's keys when it was verified; undefined of a token that no issuer's key has signed. */
type Remembered = Readonly<{
  caller: Promise<Caller>;
  expiresAt: { seconds: number };
  withdrawals: number | undefined;
}>;

/**
 * Makes the check of tokens: HS256 with the secrets, the given algorithms with the issuer's public keys, nothing else;
 * `exp` required (RFC 8725 3.1, 3.8, 3.9). Throws Refused('unauthorized') with what is wrong, never with the token.
 */
export function createTokenCheck(
  options: TokenOptions,
  report?: LoopReport,
  rememberedMax = REMEMBERED_MAX,
): TokenCheck {
  const { issuer, audience, algorithms } = options;
  const verifyShared = createSharedVerifier(options.secrets);
  const issuerKeys = options.jwksUrl ? createIssuerKeys(options.jwksUrl, report) : undefined;
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
    if (known && known.expiresAt.seconds * 1000 > Date.now() && (await stands(known))) return known.caller;
    const expiresAt = { seconds: Number.POSITIVE_INFINITY };
    const byIssuer = issuerKeys !== undefined && decodeHeader(token) !== 'HS256';
    const withdrawals = byIssuer ? await withdrawalsNow() : undefined;
    const caller = verify(token, byIssuer, expiresAt);
    remembered.delete(token);
    remembered.set(token, { caller, expiresAt, withdrawals });
    if (remembered.size > rememberedMax) remembered.delete(remembered.keys().next().value ?? token);
    caller.catch(() => remembered.delete(token));
    return caller;
  };

  async function stands({ withdrawals }: Remembered): Promise<boolean> {
    return withdrawals === undefined || withdrawals === (await withdrawalsNow());
  }

  async function withdrawalsNow(): Promise<number | undefined> {
    return issuerKeys?.withdrawals().catch(refuseForNow);
  }

  async function verify(token: string, byIssuer: boolean, expiresAt: { seconds: number }): Promise<Caller> {
    try {
      const payload = byIssuer ? await verifyByIssuer(token) : verifyShared(token, claims);
      expiresAt.seconds = (payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS;
      return { ...callerOf(payload, options), ...(byIssuer ? {} : sessionOf(payload)) };
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (!(error instanceof errors.JOSEError)) return refuseForNow(error);
      const expired = error instanceof errors.JWTExpired;
      throw unauthorized(expired ? 'The token has expired.' : 'The token is not valid.');
    }
  }

  // The algorithm's family decides the kind of key, so that no public key can ever pass for a secret.
  async function verifyByIssuer(token: string): Promise<JWTPayload> {
    if (!issuerKeys) throw unauthorized('The token is not valid.');
    const { payload } = await jwtVerify(token, issuerKeys.getKey, { ...claims, algorithms: [...algorithms] });
    return payload;
  }
}

/** Without the keys to judge it by, the token may well be good. */
function refuseForNow(cause: unknown): never {
  throw new Refused('keys_unavailable', { retryAfterSeconds: 5 }, { cause });
}

/** The session of an operator's account; a token that was made elsewhere with the same secret names none. */
function sessionOf(payload: JWTPayload): Pick<Caller, 'sessionId'> {
  const sessionId = payload[SESSION_CLAIM];
  if (sessionId === undefined) return {};
  if (typeof sessionId !== 'string' || !UUID.test(sessionId)) throw unauthorized('The token is not valid.');
  return { sessionId };
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
