/** What an address allows: one mail in 60 seconds, 5 an hour, 20 a day, and a budget of wrong guesses with growing pauses. */
import { type Address, DAY, HOUR, SECOND } from './facts.ts';

const HOURLY = 5;
const DAILY = 20;
const COOLDOWN = 60 * SECOND;
export const LIFE = 600 * SECOND;

export type Limit = { error: string; until: number };

/** The moment from which so many mails in so long a time leave room for one more. */
function roomFrom(asked: readonly number[], most: number, span: number): number {
  const oldestThatCounts = asked.at(-most);
  return oldestThatCounts === undefined ? 0 : oldestThatCounts + span;
}

/** The limit that holds longest now. */
export function limitOfMails(address: Address, now: number): Limit | undefined {
  const limits: Limit[] = [
    { error: 'resend_cooldown', until: (address.asked.at(-1) ?? -COOLDOWN) + COOLDOWN },
    { error: 'hourly_limit', until: roomFrom(address.asked, HOURLY, HOUR) },
    { error: 'daily_limit', until: roomFrom(address.asked, DAILY, DAY) },
  ];
  return limits.filter(({ until }) => until > now).toSorted((a, b) => b.until - a.until)[0];
}

/** Until when no guess is judged: from the fifth wrong one on 30 seconds, doubling to an hour; after the twentieth for good. */
export function lockedUntil(address: Address): number {
  if (address.wrong < 5) return 0;
  if (address.wrong >= 20) return Infinity;
  return address.lastWrongAt + Math.min(30 * SECOND * 2 ** (address.wrong - 5), HOUR);
}

/** Seconds of Retry-After: whole ones, at least 1. */
export const secondsUntil = (until: number, now: number): number => Math.max(1, Math.ceil((until - now) / SECOND));
