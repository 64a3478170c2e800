/**
 * The public keys of a token issuer (JWKS, RFC 7517): fetched anew every few minutes while they are used, and the last ones kept
 * while the issuer does not answer. What is asked of the issuer is bounded by time, whatever the tokens say.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { LoopReport } from '../runtime/repeat.ts';

/** Older keys are fetched anew behind the answers, */
const FRESH_MILLISECONDS = 120_000;
/** and before an answer where nobody has tried for so long: then a key that was withdrawn is out after five minutes at most. */
const STALE_MILLISECONDS = 300_000;
/** While the issuer is away; then nobody can say any more whether it still stands by its keys. */
const KEPT_MILLISECONDS = 24 * 3_600_000;
/** Between two attempts: after one that brought keys, for the sake of a key that is new; and after one that brought none. */
const COOLDOWN_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = 1000;
const TIMEOUT_MILLISECONDS = 3000;
const BODY_BYTES_MAX = 262_144;
const KEYS_MAX = 100;

export type IssuerKeys = Readonly<{
  getKey: JWTVerifyGetKey;
  /** Counts the times that a key was withdrawn. What was verified before must be verified anew. Throws KeysAway. */
  withdrawals(): Promise<number>;
}>;

/** The issuer's keys are not to be had: its tokens may well be good. */
export class KeysAway extends Error {
  override readonly name = 'KeysAway';

  constructor(cause: unknown) {
    super('The keys of the token issuer could not be fetched.', { cause });
  }
}

type Known = Readonly<{ keySet: JSONWebKeySet; getKey: JWTVerifyGetKey; fetchedAt: number }>;

const unheard: LoopReport = { succeeded: () => {}, failed: () => {} };

/** `now` in milliseconds of a clock that only goes forward. */
export function createIssuerKeys(url: string, report = unheard, now = () => performance.now()): IssuerKeys {
  let known: Known | undefined;
  let withdrawn = 0;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let underWay: Promise<void> | undefined;

  return {
    getKey: async (header, token) => {
      const current = await usable();
      try {
        return await current.getKey(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await refresh();
        if (known && known !== current) return known.getKey(header, token);
        throw failure === undefined ? error : new KeysAway(failure);
      }
    },
    withdrawals: async () => {
      await usable();
      return withdrawn;
    },
  };

  async function usable(): Promise<Known> {
    const age = known ? now() - known.fetchedAt : Number.POSITIVE_INFINITY;
    if (age > FRESH_MILLISECONDS) {
      const refreshed = refresh();
      const tried = known !== undefined && failure !== undefined;
      if (age > KEPT_MILLISECONDS || (age > STALE_MILLISECONDS && !tried)) await refreshed;
    }
    if (!known || now() - known.fetchedAt > KEPT_MILLISECONDS) {
      throw new KeysAway(failure);
    }
    return known;
  }

  /** Shared by all who want it; none where the last attempt was a moment ago. Never rejects. */
  function refresh(): Promise<void> {
    const pause = known && failure === undefined ? COOLDOWN_MILLISECONDS : RETRY_MILLISECONDS;
    if (underWay) return underWay;
    if (now() - triedAt < pause) return Promise.resolve();
    triedAt = now();
    underWay = fetchKeySet(url)
      .then((keySet) => {
        const getKey = createLocalJWKSet(keySet);
        if (known && !includes(keySet, known.keySet)) withdrawn++;
        known = { keySet, getKey, fetchedAt: now() };
        failure = undefined;
        report.succeeded();
      })
      .catch((error: unknown) => {
        failure = error;
        report.failed(error);
      })
      .finally(() => (underWay = undefined));
    return underWay;
  }
}

/** Whether every key of the one before is there as it was. */
function includes({ keys }: JSONWebKeySet, before: JSONWebKeySet): boolean {
  const now = new Set(keys.map((key) => JSON.stringify(key)));
  return before.keys.every((key) => now.has(JSON.stringify(key)));
}

async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw new Error(`The token issuer answered ${response.status} where its keys should be.`);
  }
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > BODY_BYTES_MAX) throw new Error('The keys of the token issuer are too long.');
  }
  const keySet = JSON.parse(text) as Partial<JSONWebKeySet> | null;
  if (!Array.isArray(keySet?.keys)) throw new Error('What the token issuer answered are no keys.');
  if (keySet.keys.length > KEYS_MAX) throw new Error('The token issuer has too many keys.');
  return { keys: keySet.keys };
}
