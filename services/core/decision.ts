/** What a command leads to: events, nothing because it is so already, or a rejection; with a short form for each. */
import type { AddressEvent } from './events.ts';
import type { Rejection } from './rejections.ts';

export type Decision =
  | Readonly<{ kind: 'recorded'; events: readonly [AddressEvent, ...AddressEvent[]] }>
  /** Already so: a success that needs no event. */
  | Readonly<{ kind: 'unchanged'; because: 'already-verified' | 'just-verified' | 'nothing-to-do' }>
  | Readonly<{ kind: 'rejected'; rejection: Rejection }>;

export const rejected = (rejection: Rejection): Decision => ({ kind: 'rejected', rejection });

export const unchanged = (because: Extract<Decision, { kind: 'unchanged' }>['because']): Decision => ({
  kind: 'unchanged',
  because,
});

export function recorded(events: readonly AddressEvent[]): Decision {
  const [first, ...rest] = events;
  return first === undefined ? unchanged('nothing-to-do') : { kind: 'recorded', events: [first, ...rest] };
}
