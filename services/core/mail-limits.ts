/**
 * How many mails one address gets, whoever asks (ASVS 5.0 2.4.1), and how many of them one user may ask for: each has a share
 * of an hour and of a day, and the last mail of each is kept for a user who has not asked in it, so that no stranger uses
 * them up. The cooldown between two mails is the address's own.
 */
import type { Instant } from './events.ts';
import { type Policy, retryAfterSeconds } from './policy.ts';
import type { Rejection } from './rejections.ts';
import type { AddressState } from './state.ts';
import { within } from './windows.ts';

export type Limited = Extract<Rejection, Readonly<{ retryAfterSeconds: number }>>;

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

type Cap = Readonly<{ code: 'hourly_limit' | 'daily_limit'; max: number; share: number; seconds: number }>;

/** What keeps this user from one more mail to the address now. */
export function mailLimits(state: AddressState, userId: string, policy: Policy, now: Instant): readonly Limited[] {
  const all = timesOf(state.codes);
  const own = timesOf(state.codes.filter((code) => code.userId === userId));
  const until = (code: Cap['code'] | 'resend_cooldown', at: Instant): readonly Limited[] =>
    at > now ? [{ code, retryAfterSeconds: retryAfterSeconds(at, now) }] : [];
  const capped = ({ code, max, share, seconds }: Cap) => {
    const [everybody, users] = [within(all, seconds, now), within(own, seconds, now)];
    return until(code, freeAt(everybody, users, { max, share, milliseconds: seconds * 1000 }));
  };
  const [latest] = within(all, policy.cooldownSeconds, now);
  const { requestsPerDayMax, requestsPerDayShare, requestsPerHourMax, requestsPerHourShare } = policy;
  return [
    ...capped({ code: 'daily_limit', max: requestsPerDayMax, share: requestsPerDayShare, seconds: DAY_SECONDS }),
    ...capped({ code: 'hourly_limit', max: requestsPerHourMax, share: requestsPerHourShare, seconds: HOUR_SECONDS }),
    ...until('resend_cooldown', latest === undefined ? 0 : latest + policy.cooldownSeconds * 1000),
  ];
}

const timesOf = (codes: AddressState['codes']): readonly Instant[] =>
  codes.flatMap(({ mailings }) => mailings.map(({ at }) => at));

/** When the window has room for one more of this user; the times are the latest first. */
function freeAt(
  all: readonly Instant[],
  own: readonly Instant[],
  { max, share, milliseconds }: Readonly<{ max: number; share: number; milliseconds: number }>,
): Instant {
  const leaves = (at: Instant | undefined): Instant => (at === undefined ? 0 : at + milliseconds);
  const cap = leaves(all[max - 1]);
  // A share of all there is is none: whoever asks may have each of them.
  if (share >= max) return cap;
  const kept = Math.min(leaves(all[max - 2]), leaves(own[0]));
  return Math.max(cap, leaves(own[share - 1]), kept);
}
