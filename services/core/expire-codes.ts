/** Time has passed: closes what lapsed. Expiry itself never waits for this; verify-code.ts asks the clock. */
import { expire, isLapsed } from './close-code.ts';
import { type Decision, recorded } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import type { Instant } from './events.ts';
import type { AddressState } from './state.ts';

export type ExpireCodes = Readonly<{ type: 'expire-codes'; address: EmailAddress }>;

export function expireCodes(state: AddressState, now: Instant): Decision {
  return recorded(state.codes.filter((code) => isLapsed(code, now)).flatMap(expire));
}
