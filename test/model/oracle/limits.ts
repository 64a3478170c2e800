/** What an address allows: one mail in 60 seconds, 5 an hour, 20 a day, and a budget of wrong guesses with growing pauses. */
import { type Address, DAY, HOUR, SECOND, type Window } from './facts.ts';

const HOURLY = 5;
const DAILY = 20;
const BY_ONE_USER = 10;
const COOLDOWN = 60 * SECOND;
export const LIFE = 600 * SECOND;

export type Limit = { error: string; until: number };

/** The moment from which so many mails in so long a time leave room for one more. */
function roomFrom(asked: readonly number[], most: number, span: number): number {
  const oldestThatCounts = asked.at(-most);
  return oldestThatCounts === undefined ? 0 : oldestThatCounts + span;
}

/** Of the limits that hold now, the one to wait for: nobody who waits so long is refused by another. */
export function limitOfMails(address: Address, spent: Window | undefined, now: number): Limit | undefined {
  const locked = lockedUntil(address);
  const limits: Limit[] = [
    // A code that nobody could type before it dies is not mailed.
    { error: 'address_locked', until: locked > now + LIFE ? locked : 0 },
    { error: 'daily_limit', until: roomFrom(address.asked, DAILY, DAY) },
    { error: 'hourly_limit', until: roomFrom(address.asked, HOURLY, HOUR) },
    { error: 'resend_cooldown', until: roomFrom(address.asked, 1, COOLDOWN) },
    { error: 'user_limit', until: spent && spent.count >= BY_ONE_USER ? spent.began + HOUR : 0 },
  ].filter(({ until }) => until > now);
  return limits.toSorted((a, b) => secondsUntil(b.until, now) - secondsUntil(a.until, now))[0];
}

/** Until when no guess is judged: from the fifth wrong one on 30 seconds, doubling to an hour; after the twentieth for good. */
export function lockedUntil(address: Address): number {
  if (address.wrong < 5) return 0;
  if (address.wrong >= 20) return Infinity;
  return address.lastWrongAt + Math.min(30 * SECOND * 2 ** (address.wrong - 5), HOUR);
}

/** Seconds of Retry-After: whole ones, at least 1, and a day where only an operator can help. */
export const secondsUntil = (until: number, now: number): number =>
  Math.min(Math.max(1, Math.ceil((until - now) / SECOND)), DAY / SECOND);

/** A user's hour begins with the first mail and is over for all of them at once. */
export function spend(windows: Map<string, Window>, user: string, now: number): void {
  const open = windows.get(user);
  if (open && now < open.began + HOUR) open.count++;
  else windows.set(user, { began: now, count: 1 });
}
