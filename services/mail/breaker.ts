/**
 * A circuit breaker: stops asking a service that takes no mail at all, or that cannot be reached, and lets one mail through
 * now and then as a probe. Time is an argument, in milliseconds.
 */
import type { SendResult } from './transport.ts';

export type Breaker = Readonly<{
  /** Closed: mails pass. Open: none does. Half-open: one may, as a probe. */
  state(now: number): 'closed' | 'open' | 'half-open';
  /** Asks to make a request; of a half-open circuit only one passes until its result or the next probe. */
  take(now: number): boolean;
  /** What came of a request that began at `startedAt`; one from before the circuit opened closes nothing. */
  saw(result: SendResult, startedAt: number, now: number): void;
}>;

const PROBE_MILLISECONDS = 10_000;
/** One connection may fail; so many in a row are a service that is away. */
const UNREACHED_MAX = 5;

export function createBreaker(): Breaker {
  let opened: { at: number; probeAt: number } | undefined;
  let unreached = 0;
  const state: Breaker['state'] = (now) =>
    opened === undefined ? 'closed' : now < opened.probeAt ? 'open' : 'half-open';

  return {
    state,
    take: (now) => {
      if (state(now) === 'open') return false;
      if (opened) opened = { ...opened, probeAt: now + PROBE_MILLISECONDS };
      return true;
    },
    saw: (result, startedAt, now) => {
      unreached = result.kind === 'unreached' ? unreached + 1 : 0;
      if (result.kind === 'unavailable' || unreached >= UNREACHED_MAX) {
        opened = { at: opened?.at ?? now, probeAt: now + PROBE_MILLISECONDS };
      } else if (opened && startedAt >= opened.at && result.kind !== 'unsure' && result.kind !== 'unreached') {
        opened = undefined;
      }
    },
  };
}
