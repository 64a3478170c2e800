/**
 * How long the claim of a mail must have been over before another process takes the mail. While the store was away, its
 * holder may have sent it and had nobody to tell: claims that ran out meanwhile are left to their holders for a while.
 */
import { CLAIM_SECONDS } from '../core/mail.ts';

export type Patience = Readonly<{
  /** The store answered, at this time by performance.now(). */
  heard(now: number): void;
  /** It did not. */
  missed(): void;
  /** 0 but while the store is away, and for HOLDERS_HAVE_MILLISECONDS after it is back; a start is such a return. */
  milliseconds(now: number): number;
}>;

/** Whoever holds an answer tries every half second, and first gives up a connection that is dead (`lostMilliseconds` in store/database.ts). */
export const HOLDERS_HAVE_MILLISECONDS = 10_000;
/** A store that is away is noticed at the next question only, and clocks differ. */
const MARGIN_MILLISECONDS = 1000;

export function createPatience(start: number): Patience {
  let heardAt = start;
  // Whoever starts may do so because the store is back.
  let lostAt: number | undefined = start - CLAIM_SECONDS * 1000;
  let backAt: number | undefined;
  return {
    heard: (now) => {
      heardAt = now;
      backAt ??= now;
      if (now - backAt >= HOLDERS_HAVE_MILLISECONDS) lostAt = undefined;
    },
    missed: () => {
      lostAt ??= heardAt;
      backAt = undefined;
    },
    milliseconds: (now) => (lostAt === undefined ? 0 : now - lostAt + MARGIN_MILLISECONDS),
  };
}
