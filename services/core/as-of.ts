/** What was so at a moment: the log up to then, folded, and the event that had made it so. Pure. */
import type { Instant, Recorded } from './events.ts';
import { evolve } from './evolve.ts';
import { type AddressState, emptyAddress, verifiedLink } from './state.ts';

export type Past = Readonly<{
  state: AddressState;
  /** The event that made the user's address verified, or took it back; undefined where none ever did until then. */
  because: Recorded | undefined;
}>;

/** `events` are all of the address, in order. */
export function asOf(events: readonly Recorded[], at: Instant, userId: string): Past {
  let state: AddressState = emptyAddress;
  let because: Recorded | undefined;
  for (const event of events.filter((one) => happenedAt(one) <= at)) {
    const before = verifiedLink(state, userId)?.proof.at;
    state = evolve(state, event);
    if (verifiedLink(state, userId)?.proof.at !== before) because = event;
  }
  return { state, because };
}

/** What was taken over from another system was so before it came. */
function happenedAt({ type, data, at }: Recorded): Instant {
  return type === 'imported' && data.what === 'address' ? Date.parse(data.verifiedAt ?? data.createdAt) : at;
}
