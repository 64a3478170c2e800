/** A state whose times were taken from a clock that was ahead, once an event shows what time it is. */
import type { Instant } from './events.ts';
import type { AddressState } from './state.ts';

/** What a wrong clock dated ahead happened by now at the latest. */
export function clockPutRight(state: AddressState, now: Instant): AddressState {
  const past = <T extends Readonly<{ at: Instant }>>(one: T): T => (one.at > now ? { ...one, at: now } : one);
  const { feedback } = state;
  const softBounces = feedback?.softBounces.map((at) => Math.min(at, now)) ?? [];
  return {
    ...state,
    codes: state.codes.map((code) => ({ ...code, mailings: code.mailings.map(past) })),
    wrongGuesses: state.wrongGuesses.map(past),
    ...(feedback && { feedback: { ...feedback, softBounces } }),
  };
}
