/** A mail that was asked for: everything it needs stands in the event that asked. */
import type { EmailAddress } from './email-address.ts';
import type { Recorded, Requested } from './events.ts';

/** Whoever claims a mail has so long to send it before others may. */
export const CLAIM_SECONDS = 15;

export type Mail = Readonly<{
  address: EmailAddress;
  event: Recorded<Requested>;
  /** Counts the claims of this mail; only the holder of the latest may give it back. */
  claim: number;
  /** How often it was tried and refused for now: the fewer, the sooner it is its turn. */
  deferrals: number;
  /** How long the code still lived, by the database's clock, when this process came to hold the mail. */
  livesMilliseconds: number;
}>;

/** Tells one mailing of one code from every other. */
export const mailName = ({ event }: Mail): string => `${event.data.otpId} ${event.data.mailing}`;
