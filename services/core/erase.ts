/** A person is forgotten: what is open ends, and the stream says so; the store then takes the personal fields out of it. */
import { replace } from './close-code.ts';
import { type Context, suppressionOf } from './context.ts';
import { type Decision, recorded, unchanged } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import type { AddressEvent } from './events.ts';
import type { AddressState } from './state.ts';

export type EraseAddress = Readonly<{ type: 'erase'; address: EmailAddress; by: string }>;

/** Whether it stands for an erased address: shaped like one, and of a domain that no mail can reach (RFC 2606). */
export const isPseudonym = (address: EmailAddress): boolean => address.endsWith('@erased.invalid');

export function erase(state: AddressState, { by }: EraseAddress, context: Context): Decision {
  if (state.erasedAt !== undefined || state.lastEventAt === 0) return unchanged('nothing-to-do');
  const ended = state.codes.flatMap((code): readonly AddressEvent[] => replace(code, 'erasure', context.now, 'erased'));
  return recorded([...ended, { type: 'erased', data: { by, ...whatStays(state, context) } }]);
}

/** Whether the address is closed to mails, by its hash; also that it no longer is, where it was at an earlier erasure. */
function whatStays(state: AddressState, context: Context) {
  const closed = suppressionOf(state, context);
  const { addressHash = '' } = context;
  if (closed) return { addressHash, reason: closed.reason };
  return context.closed ? { addressHash } : {};
}
