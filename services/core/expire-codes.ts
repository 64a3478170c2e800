/**
 * Time has passed, or a restore has counted the epoch up: closes the codes that nobody can use any more. That they cannot
 * never waits for this; verify-code.ts asks the clock and the epoch.
 */
import { expire, isLapsed } from './close-code.ts';
import type { Context } from './context.ts';
import { type Decision, recorded } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import type { AddressState, Code } from './state.ts';

export type ExpireCodes = Readonly<{ type: 'expire-codes'; address: EmailAddress }>;

export function expireCodes(state: AddressState, { now, codeBook }: Context): Decision {
  const isDead = (code: Code): boolean => code.status.kind === 'pending' && code.epoch !== codeBook.epoch;
  return recorded(state.codes.filter((code) => isLapsed(code, now) || isDead(code)).flatMap(expire));
}
