/** A circuit breaker: stops asking a service that takes no mail at all, and lets one mail through now and then as a probe. */
import type { SendResult } from './transport.ts';

export type Breaker = Readonly<{
  /** Whether a request could be made now: the circuit is closed, or open for so long that a probe is due. */
  passes(now: number): boolean;
  /** Asks to make a request; of an open circuit only one passes until its result or the next probe. */
  take(now: number): boolean;
  saw(result: SendResult, now: number): void;
}>;

const PROBE_MILLISECONDS = 10_000;

export function createBreaker(): Breaker {
  let openUntil: number | undefined;
  const passes = (now: number): boolean => openUntil === undefined || now >= openUntil;

  return {
    passes,
    take: (now) => {
      if (!passes(now)) return false;
      if (openUntil !== undefined) openUntil = now + PROBE_MILLISECONDS;
      return true;
    },
    saw: (result, now) => {
      if (result.kind === 'unavailable') openUntil = now + PROBE_MILLISECONDS;
      else if (result.kind !== 'unknown') openUntil = undefined;
    },
  };
}
