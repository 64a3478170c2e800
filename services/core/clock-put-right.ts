/** A state whose times were taken from a clock that was ahead, once an event shows what time it is. */
import type { Instant } from './events.ts';
import type { AddressState } from './state.ts';

const DAY_MILLISECONDS = 86_400_000;

/**
 * What lies further ahead than any window is long was dated by a wrong clock, and happened by now at the latest. What lies nearer
 * counts as it is: it may be now's clock that is wrong.
 */
export function clockPutRight(state: AddressState, now: Instant): AddressState {
  const dated = (at: Instant): Instant => (at - now > DAY_MILLISECONDS ? now : at);
  const past = <T extends Readonly<{ at: Instant }>>(one: T): T => ({ ...one, at: dated(one.at) });
  const { feedback } = state;
  const softBounces = feedback?.softBounces.map(dated) ?? [];
  return {
    ...state,
    codes: state.codes.map((code) => ({ ...code, mailings: code.mailings.map(past) })),
    wrongGuesses: state.wrongGuesses.map(past),
    ...(feedback && { feedback: { ...feedback, softBounces } }),
  };
}
