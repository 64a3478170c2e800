/** What an admin, or the host application, says of an address. Each is an event that names who: what, before and after. */
import { type Context, suppressionOf } from './context.ts';
import { type Decision, recorded, rejected, unchanged } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import type { SuppressionReason } from './events.ts';
import { recentGuesses } from './guessing.ts';
import { type AddressState, findLink } from './state.ts';

type Administered = Readonly<{ address: EmailAddress; by: string }>;

export type AssertVerification = Administered &
  Readonly<{
    type: 'assert-verification';
    userId: string;
    purpose: string;
    verified: boolean;
    method: 'admin' | 'registration';
  }>;

export type Unlock = Administered & Readonly<{ type: 'unlock' }>;

/** `reason` is that of another log, where the address is closed there; an admin's word otherwise. */
export type Suppress = Administered & Readonly<{ type: 'suppress'; reason?: SuppressionReason }>;

export type LiftSuppression = Administered & Readonly<{ type: 'lift-suppression' }>;

export function assertVerification(
  state: AddressState,
  command: AssertVerification,
  { freshEmailId }: Context,
): Decision {
  const { userId, purpose, verified: after, method, by } = command;
  const link = findLink(state, userId, purpose);
  const before = link?.proof.kind === 'verified';
  if (link && before === after) return unchanged('nothing-to-do');
  if (method === 'registration' && isTakenBack(state, userId)) return rejected({ code: 'verification_taken_back' });
  const emailId = link?.emailId ?? freshEmailId;
  return recorded([{ type: 'asserted', data: { emailId, userId, purpose, method, by, before, after } }]);
}

/** For whichever purpose: what is verified for one is for all. */
const isTakenBack = ({ links }: AddressState, userId: string): boolean =>
  links.some(({ proof, ...link }) => link.userId === userId && proof.kind === 'none' && proof.takenBack === true);

export function unlock(state: AddressState, { by }: Unlock, { now }: Context): Decision {
  const before = recentGuesses(state.wrongGuesses, now).length;
  return recorded(before === 0 ? [] : [{ type: 'unlocked', data: { by, before } }]);
}

export function suppress(state: AddressState, { by, reason = 'admin' }: Suppress): Decision {
  return recorded(state.suppression ? [] : [{ type: 'suppressed', data: { reason, by } }]);
}

export function liftSuppression(state: AddressState, { by }: LiftSuppression, context: Context): Decision {
  const closed = suppressionOf(state, context);
  return recorded(closed ? [{ type: 'unsuppressed', data: { by, before: closed.reason } }] : []);
}
