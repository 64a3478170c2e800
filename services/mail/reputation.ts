/**
 * Whether so many mails came back that sending must pause: Amazon pauses an account at about 10 % bounces or 0.5 %
 * complaints, and lets it go again only after a talk. Pure.
 */

export type ReputationLimits = Readonly<{ bouncePercentMax: number; complaintPercentMax: number }>;

export type Counts = Readonly<{ sent: number; bounced: number; complained: number }>;

/** With fewer mails a percentage says nothing. */
const SENT_MIN = 200;
const COMPLAINTS_MIN = 3;

export type Standing = Readonly<{ bounceRatio: number; complaintRatio: number; mayMail: boolean }>;

/** A limit of 0 never pauses. */
export function standingOf({ sent, bounced, complained }: Counts, limits: ReputationLimits): Standing {
  const bounceRatio = sent === 0 ? 0 : bounced / sent;
  const complaintRatio = sent === 0 ? 0 : complained / sent;
  const { bouncePercentMax, complaintPercentMax } = limits;
  const bounces = bouncePercentMax > 0 && bounceRatio * 100 >= bouncePercentMax;
  const complaints =
    complaintPercentMax > 0 && complained >= COMPLAINTS_MIN && complaintRatio * 100 >= complaintPercentMax;
  return { bounceRatio, complaintRatio, mayMail: sent < SENT_MIN || !(bounces || complaints) };
}
