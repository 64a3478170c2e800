/** Whom a mail may go out to now: one answer from what the mail service, the reputation and the outbox say. */
import type { Sending } from '../core/request-code.ts';
import type { Standing } from './reputation.ts';

const RETRY_SECONDS = 10;

export type CapacitySources = Readonly<{
  /** Of the reputation, as watchReputation in api/ sees it; undefined until it looked once. */
  standing: () => Standing | undefined;
  /** Of the circuit to the mail service; a half-open one counts where no mail waits to be its probe. */
  isAvailable: () => boolean;
  /** Of the outbox, as watchBacklog in api/ sees it: one more mail would not go out while its code lives. */
  isFull: () => boolean;
  /** By the clock that the reputation goes by. */
  now: () => number;
}>;

/** What this user's request is decided with. */
export type Capacity = (userId: string) => Sending;

export const createCapacity =
  ({ standing, isAvailable, isFull, now }: CapacitySources): Capacity =>
  (userId) => {
    if (!isAvailable() || isFull()) return { to: 'nobody', code: 'mail_unavailable', retryAfterSeconds: RETRY_SECONDS };
    const { users, everybody } = standing() ?? {};
    const user = users?.get(userId);
    // A look that fails leaves what the last one saw: a hold is over when its time is.
    const at = now();
    if (user && user.until > at)
      return { to: 'nobody', code: 'user_paused', retryAfterSeconds: secondsTo(user.until, at) };
    if (everybody && everybody.until > at)
      return { to: 'proven', code: 'sending_paused', retryAfterSeconds: secondsTo(everybody.until, at) };
    return { to: 'everyone' };
  };

const secondsTo = (until: number, now: number): number => Math.max(1, Math.ceil((until - now) / 1000));
