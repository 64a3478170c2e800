/**
 * The public keys of a token issuer: fetched anew every few minutes while they are used, and the last ones kept while the issuer
 * does not answer. What is asked of the issuer is bounded by time, whatever the tokens say.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { LoopReport } from '../../runtime/repeat.ts';
import { fetchKeySet, type IssuerSource } from './issuer-documents.ts';

/** Older keys are fetched anew behind the answers, */
const FRESH_MILLISECONDS = 120_000;
/** and before an answer where nobody has tried for so long: then a key that was withdrawn is out after five minutes at most. */
const STALE_MILLISECONDS = 300_000;
/** While the issuer is away; then nobody can say any more whether it still stands by its keys. */
const KEPT_MILLISECONDS = 24 * 3_600_000;
/** Between two attempts: after one that brought keys, for the sake of a key that is new; and after one that brought none. */
const COOLDOWN_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = 1000;
/** Ids of keys that were asked for and not found, each with when it was first asked for. */
const UNKNOWN_MAX = 1000;

export type IssuerKeys = Readonly<{
  /** Of a token that came at this moment of the same clock: what was published later than the keys were asked for, it may be signed with. */
  getKey(came: number): JWTVerifyGetKey;
  /** Counts the times that a key was withdrawn. What was verified before must be verified anew. Throws KeysAway. */
  withdrawals(): Promise<number>;
}>;

/** The issuer's keys are not to be had, or not yet: its tokens may well be good. */
export class KeysAway extends Error {
  override readonly name = 'KeysAway';
  readonly retryAfterSeconds: number | undefined;

  constructor(cause: unknown, retryAfterSeconds?: number) {
    super('The keys of the token issuer could not be fetched.', { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

type Known = Readonly<{ keySet: JSONWebKeySet; getKey: JWTVerifyGetKey; askedAt: number; fetchedAt: number }>;

const unheard: LoopReport = { succeeded: () => {}, failed: () => {} };

/** `now` in milliseconds of a clock that only goes forward. */
export function createIssuerKeys(source: IssuerSource, report = unheard, now = () => performance.now()): IssuerKeys {
  const { state, refresh } = createRefresh(source, report, now);
  const firstAsked = createFirstAsked();

  return {
    getKey: (came) => async (header, token) => {
      const current = await usable();
      try {
        return await current.getKey(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const askedFor = firstAsked(`${header.alg} ${header.kid}`, came);
        await refresh();
        const { known, failure, triedAt } = state;
        if (known && known !== current) return known.getKey(header, token);
        if (failure !== undefined) throw new KeysAway(failure);
        // What was asked for after the keys were fetched last may have been published since.
        if (askedFor <= current.askedAt || current.keySet.keys.length === 0) throw error;
        throw new KeysAway(error, Math.max(1, Math.ceil((triedAt + COOLDOWN_MILLISECONDS - now()) / 1000)));
      }
    },
    withdrawals: async () => {
      await usable();
      return state.withdrawn;
    },
  };

  async function usable(): Promise<Known> {
    const age = ageOf(state.known);
    if (age > FRESH_MILLISECONDS) {
      const refreshed = refresh();
      const tried = state.known !== undefined && state.failure !== undefined;
      if (age > KEPT_MILLISECONDS || (age > STALE_MILLISECONDS && !tried)) await refreshed;
    }
    if (!state.known || ageOf(state.known) > KEPT_MILLISECONDS) throw new KeysAway(state.failure);
    return state.known;
  }

  function ageOf(known: Known | undefined): number {
    return known ? now() - known.fetchedAt : Number.POSITIVE_INFINITY;
  }
}

type State = { known: Known | undefined; withdrawn: number; triedAt: number; failure: unknown };

function createRefresh(source: IssuerSource, report: LoopReport, now: () => number) {
  const state: State = { known: undefined, withdrawn: 0, triedAt: Number.NEGATIVE_INFINITY, failure: undefined };
  let underWay: Promise<void> | undefined;

  /** Shared by all who want it; none where the last attempt was a moment ago. Never rejects. */
  function refresh(): Promise<void> {
    const pause = state.known && state.failure === undefined ? COOLDOWN_MILLISECONDS : RETRY_MILLISECONDS;
    if (underWay) return underWay;
    if (now() - state.triedAt < pause) return Promise.resolve();
    const askedAt = now();
    state.triedAt = askedAt;
    underWay = fetchKeySet(source)
      // Who publishes nothing has signed nothing.
      .then((keySet = { keys: [] }) => {
        const getKey = createLocalJWKSet(keySet);
        if (state.known && !includes(keySet, state.known.keySet)) state.withdrawn++;
        state.known = { keySet, getKey, askedAt, fetchedAt: now() };
        state.failure = undefined;
        report.succeeded();
      })
      .catch((error: unknown) => {
        state.failure = error;
        report.failed(error);
      })
      .finally(() => (underWay = undefined));
    return underWay;
  }

  return { state, refresh };
}

/** When each id of a key was asked for first, of those that were not found. */
function createFirstAsked() {
  const asked = new Map<string, number>();
  return (id: string, came: number): number => {
    const before = asked.get(id);
    if (before !== undefined) return before;
    asked.set(id, came);
    if (asked.size > UNKNOWN_MAX) asked.delete(asked.keys().next().value ?? id);
    return came;
  };
}

/** Whether every key of the one before is there as it was. */
function includes({ keys }: JSONWebKeySet, before: JSONWebKeySet): boolean {
  const now = new Set(keys.map((key) => JSON.stringify(key)));
  return before.keys.every((key) => now.has(JSON.stringify(key)));
}
