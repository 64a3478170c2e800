/**
 * What an address allows: one mail in 60 seconds, 5 an hour, 20 a day, of them 2 and 8 to one user while the last is for whoever
 * has not asked; and wrong guesses with growing pauses, 10 a day of one user, 20 of all, one of whoever has none, 100 at most.
 */
import { type Address, DAY, HOUR, SECOND, type Window } from './facts.ts';

const HOURLY = 5;
const DAILY = 20;
const BY_ONE_USER = 5;
const COOLDOWN = 60 * SECOND;
export const LIFE = 600 * SECOND;

export type Limit = { error: string; until: number };

/** The moment from which so many mails in so long a time leave room for one more. */
function roomFrom(asked: readonly number[], most: number, span: number): number {
  const oldestThatCounts = asked.at(-most);
  return oldestThatCounts === undefined ? 0 : oldestThatCounts + span;
}

/** Of the limits that hold now, the one to wait for: nobody who waits so long is refused by another. */
export function limitOfMails(
  address: Address,
  { user, spent, now }: { user: string; spent: Window | undefined; now: number },
): Limit | undefined {
  const locked = lockedUntil(address, user, now);
  const limits: Limit[] = [
    // A code that nobody could type before it dies is not mailed.
    { error: 'address_locked', until: locked > now + LIFE ? locked : 0 },
    { error: 'daily_limit', until: shareFrom(address, user, { most: DAILY, own: 8, span: DAY, now }) },
    { error: 'hourly_limit', until: shareFrom(address, user, { most: HOURLY, own: 2, span: HOUR, now }) },
    { error: 'resend_cooldown', until: roomFrom(timesOf(address), 1, COOLDOWN) },
    { error: 'user_limit', until: spent && spent.count >= BY_ONE_USER ? spent.began + HOUR : 0 },
  ].filter(({ until }) => until > now);
  return limits.toSorted((a, b) => secondsUntil(b.until, now) - secondsUntil(a.until, now))[0];
}

const timesOf = (address: Address, user?: string): number[] =>
  address.asked.filter((one) => user === undefined || one.user === user).map(({ at }) => at);

type Share = { most: number; own: number; span: number; now: number };

/** The first moment, of those at which a mail is over, at which the user may have one more. */
function shareFrom(address: Address, user: string, { most, own, span, now }: Share): number {
  const moments = [now, ...timesOf(address).map((at) => at + span)].filter((at) => at >= now).toSorted((a, b) => a - b);
  const mayAsk = (moment: number): boolean => {
    const [all, mine] = [timesOf(address), timesOf(address, user)].map(
      (times) => times.filter((at) => at + span > moment).length,
    ) as [number, number];
    return mine < own && all < (mine === 0 ? most : most - 1);
  };
  return moments.find(mayAsk) ?? Infinity;
}

/** The wrong guesses of the last day. */
export const recent = (address: Address, now: number) => address.wrong.filter(({ at }) => now - at < DAY);

/** The first moment at which a guess of the user is judged. */
export function lockedUntil(address: Address, user: string, now: number): number {
  const mine = recent(address, now).filter((one) => one.user === user);
  const lastOfMine = mine.at(-1)?.at ?? 0;
  const pause = mine.length < 5 ? 0 : lastOfMine + Math.min(30 * SECOND * 2 ** (mine.length - 5), HOUR);
  const moments = [now, ...recent(address, now).map(({ at }) => at + DAY)].toSorted((a, b) => a - b);
  const isJudged = (moment: number): boolean => {
    const left = recent(address, moment);
    const own = left.filter((one) => one.user === user).length;
    return own < 10 && left.length < (own === 0 ? 100 : 20);
  };
  return Math.max(pause, moments.find(isJudged) ?? Infinity);
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
