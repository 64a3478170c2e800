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
  /** What came of a request for the mail, which began at `startedAt`; one from before the circuit opened closes nothing. */
  saw(result: SendResult, startedAt: number, now: number, mail: string): void;
}>;

const PROBE_MILLISECONDS = 10_000;
/** One connection may fail; so many in a row are a service that is away. */
const UNREACHED_MAX = 5;
/** One mail may be refused in words that nobody knows; so many, and none taken between them, are the account's trouble. */
const DISPUTED_MAX = 3;

export function createBreaker(): Breaker {
  let opened: { at: number; probeAt: number } | undefined;
  let unreached = 0;
  const disputed = new Set<string>();
  const state: Breaker['state'] = (now) =>
    opened === undefined ? 'closed' : now < opened.probeAt ? 'open' : 'half-open';

  return {
    state,
    take: (now) => {
      if (state(now) === 'open') return false;
      if (opened) opened = { ...opened, probeAt: now + PROBE_MILLISECONDS };
      return true;
    },
    saw: (result, startedAt, now, mail) => {
      if (result.kind === 'late') return;
      unreached = result.kind === 'unreached' ? unreached + 1 : 0;
      if (result.kind === 'disputed') disputed.add(mail);
      if (result.kind === 'accepted') disputed.clear();
      if (result.kind === 'unavailable' || unreached >= UNREACHED_MAX || disputed.size >= DISPUTED_MAX) {
        opened = { at: opened?.at ?? now, probeAt: now + PROBE_MILLISECONDS };
        disputed.clear();
      } else if (opened && startedAt >= opened.at && isWord(result)) {
        opened = undefined;
      }
    },
  };
}

/** Whether the service, by this answer, takes mails: a refusal of one of them is such an answer too. */
const isWord = ({ kind }: SendResult): boolean =>
  kind === 'accepted' || kind === 'rejected' || kind === 'deferred' || kind === 'throttled';
