/** Counts mails against the two limits of an SES account: per second and per 24 hours, both in recipients. */
import { SesError } from './answers.ts';

/** How many were counted in the span up to now. Memory is bounded: at most span / bucket entries. */
export class SlidingCount {
  #spanMilliseconds: number;
  #bucketMilliseconds: number;
  #buckets: { start: number; count: number }[] = [];
  #total = 0;

  constructor(spanMilliseconds: number, bucketMilliseconds: number) {
    this.#spanMilliseconds = spanMilliseconds;
    this.#bucketMilliseconds = bucketMilliseconds;
  }

  add(now: number, count: number): void {
    const start = now - (now % this.#bucketMilliseconds);
    const last = this.#buckets.at(-1);
    if (last?.start === start) last.count += count;
    else this.#buckets.push({ start, count });
    this.#total += count;
  }

  total(now: number): number {
    let gone = 0;
    for (const bucket of this.#buckets) {
      if (now - bucket.start < this.#spanMilliseconds) break;
      this.#total -= bucket.count;
      gone += 1;
    }
    if (gone > 0) this.#buckets.splice(0, gone);
    return this.#total;
  }
}

export type Quota = Readonly<{
  /** Counts a mail, or throws SesError 400 Throttling and counts nothing. */
  take(now: number, recipients: number): void;
  setMaxSendRate(perSecond: number): void;
  numbers(now: number): { max24HourSend: number; maxSendRate: number; sentLast24Hours: number };
}>;

/** 400 Throttling: one code for two conditions, told apart by the message alone, as at AWS. */
export const rateExceeded = (): SesError => new SesError(400, 'Throttling', 'Maximum sending rate exceeded.');
export const dayExceeded = (): SesError => new SesError(400, 'Throttling', 'Daily message quota exceeded.');

/**
 * The account's limits; a mail counts once per recipient. A true sliding window: no second, wherever it begins, sees
 * more than `maxSendRate`. Source: "Managing your Amazon SES sending limits", "Errors related to sending quotas".
 */
export function createQuota(limits: { maxSendRate: number; max24HourSend: number }): Quota {
  const second = new SlidingCount(1000, 1);
  const day = new SlidingCount(24 * 60 * 60 * 1000, 1000);
  let { maxSendRate } = limits;
  return {
    take(now, recipients) {
      if (day.total(now) + recipients > limits.max24HourSend) throw dayExceeded();
      if (second.total(now) + recipients > maxSendRate) throw rateExceeded();
      day.add(now, recipients);
      second.add(now, recipients);
    },
    setMaxSendRate(perSecond) {
      maxSendRate = perSecond;
    },
    numbers: (now) => ({ max24HourSend: limits.max24HourSend, maxSendRate, sentLast24Hours: day.total(now) }),
  };
}
