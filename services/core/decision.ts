/** Short forms for the three decisions. */
import type { Decision } from './decide.ts';
import type { AddressEvent } from './events.ts';
import type { Rejection } from './rejections.ts';

export const rejected = (rejection: Rejection): Decision => ({ kind: 'rejected', rejection });

export const unchanged = (because: Extract<Decision, { kind: 'unchanged' }>['because']): Decision => ({
  kind: 'unchanged',
  because,
});

export function recorded(events: readonly AddressEvent[]): Decision {
  const [first, ...rest] = events;
  return first === undefined ? unchanged('nothing-to-do') : { kind: 'recorded', events: [first, ...rest] };
}
