/** Whose a token is, its signature checked once and remembered for as long as its key stands. */
import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import type { LoopReport } from '../../runtime/repeat.ts';
import type { Caller } from '../env.ts';
import { Refused } from '../http/problem.ts';
import { callerOf, type ClaimOptions, sessionOf, unauthorized } from './claims.ts';
import { createIssuerKeys, KeysAway } from './issuer-keys.ts';
import { createSharedVerifier, isHmac } from './shared-secret.ts';

export type TokenOptions = ClaimOptions &
  Readonly<{
    /** For HS256, HS384 and HS512, the newest first. */
    secrets: readonly string[];
    /** Where the issuer's keys are; undefined where there are none. */
    issuerKeys: Readonly<{ jwksUrl: string }> | Readonly<{ issuerUrl: string }> | undefined;
    algorithms: readonly string[];
    audience: string | undefined;
  }>;

export type TokenCheck = (token: string) => Promise<Caller>;

/** More than any header of a request may have (RFC 9110 5.4; Node's bound of all headers together). */
const TOKEN_CHARACTERS_MAX = 16_384;
/** Of what is remembered, in characters of tokens; the rest of it is smaller than they are. */
const REMEMBERED_CHARACTERS_MAX = 16 * 1024 * 1024;
const REMEMBERED_MAX = 20_000;
const CLOCK_TOLERANCE_SECONDS = 5;
const RETRY_SECONDS = 5;

/** `withdrawals` of the issuer's keys when it was verified; undefined of a token that no issuer's key has signed. */
type Remembered = Readonly<{
  caller: Promise<Caller>;
  expiresAt: { seconds: number };
  withdrawals: number | undefined;
}>;

/**
 * Makes the check of tokens: HS256, HS384 and HS512 with the secrets, the given algorithms with the issuer's public keys, nothing
 * else; `exp` required (RFC 8725 3.1, 3.8, 3.9). Throws Refused('unauthorized') with what is wrong, never with the token.
 */
export function createTokenCheck(
  options: TokenOptions,
  report?: LoopReport,
  bounds = { count: REMEMBERED_MAX, characters: REMEMBERED_CHARACTERS_MAX },
): TokenCheck {
  const { issuer, audience, algorithms } = options;
  const verifyShared = createSharedVerifier(options.secrets);
  const issuerKeys = options.issuerKeys && createIssuerKeys(options.issuerKeys, report);
  const claims = {
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...(issuer ? { issuer } : {}),
    ...(audience ? { audience } : {}),
  };
  const remembered = createMemory(bounds);

  return async (token) => {
    if (token.length > TOKEN_CHARACTERS_MAX) throw unauthorized('The token is too long.');
    const known = remembered.get(token);
    if (known && known.expiresAt.seconds * 1000 > Date.now() && (await stands(known))) return known.caller;
    const expiresAt = { seconds: Number.POSITIVE_INFINITY };
    const getKey = isHmac(algorithmOf(token)) ? undefined : issuerKeys?.getKey(performance.now());
    const withdrawals = getKey ? await withdrawalsNow() : undefined;
    const caller = verify(token, getKey, expiresAt);
    remembered.set(token, { caller, expiresAt, withdrawals });
    caller.catch(() => remembered.forget(token));
    return caller;
  };

  async function stands({ withdrawals }: Remembered): Promise<boolean> {
    return withdrawals === undefined || withdrawals === (await withdrawalsNow());
  }

  async function withdrawalsNow(): Promise<number | undefined> {
    return issuerKeys?.withdrawals().catch(refuseForNow);
  }

  async function verify(
    token: string,
    getKey: JWTVerifyGetKey | undefined,
    expiresAt: { seconds: number },
  ): Promise<Caller> {
    try {
      const payload = getKey
        ? await verifyByIssuer(token, getKey, { ...claims, algorithms: [...algorithms] })
        : verifyShared(token, claims);
      expiresAt.seconds = (payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS;
      return { ...callerOf(payload, options), ...(getKey ? {} : sessionOf(payload)) };
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (!(error instanceof errors.JOSEError)) return refuseForNow(error);
      throw unauthorized(whatIsWrong(error));
    }
  }
}

/** Throws a JOSEError, or KeysAway. The algorithm's family decides the kind of key, so that no public key can ever pass for a secret. */
async function verifyByIssuer(token: string, getKey: JWTVerifyGetKey, rules: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, getKey, rules)).payload;
  } catch (error) {
    // Without a `kid`, several keys may fit.
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, rules)).payload;
      } catch (fault) {
        // The signature is looked at first: by a key whose claims are judged, it was signed.
        if (fault instanceof errors.JWTExpired || fault instanceof errors.JWTClaimValidationFailed) throw fault;
      }
    }
    throw error;
  }
}

/** Without the keys to judge it by, the token may well be good. Of an id that nobody knows no cause is given: strangers make as many up as they like. */
function refuseForNow(cause: unknown): never {
  const retryAfterSeconds = cause instanceof KeysAway ? cause.retryAfterSeconds : undefined;
  if (retryAfterSeconds === undefined)
    throw new Refused('keys_unavailable', { retryAfterSeconds: RETRY_SECONDS }, { cause });
  const detail = 'The token issuer had not published the key of this token when it was last asked: try again.';
  throw new Refused('keys_unavailable', { retryAfterSeconds, detail });
}

/** Of claims it is told, since whoever signed the token may know them; of signatures and keys nothing is. */
function whatIsWrong(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'The token is not valid.';
  const { claim, reason } = error;
  if (reason === 'missing') return `The token lacks the claim ${claim}.`;
  if (reason === 'invalid') return `The token is malformed: its claim ${claim} must be a number.`;
  return claim === 'nbf'
    ? 'The token is not valid yet: its claim nbf lies ahead.'
    : `The token is not for this API: its claim ${claim} is another than the settings ask for.`;
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    throw unauthorized('The token is not valid.');
  }
}

/** The oldest goes where there are too many, or where they are too long together. */
function createMemory({ count, characters }: Readonly<{ count: number; characters: number }>) {
  const remembered = new Map<string, Remembered>();
  let length = 0;

  function forget(token: string): void {
    if (remembered.delete(token)) length -= token.length;
  }

  return {
    get: (token: string) => remembered.get(token),
    forget,
    set: (token: string, one: Remembered): void => {
      forget(token);
      remembered.set(token, one);
      length += token.length;
      for (const oldest of remembered.keys()) {
        if (remembered.size <= count && length <= characters) return;
        forget(oldest);
      }
    },
  };
}
