/** Whether a mail may go out now: one answer from what the mail service, its reputation and the outbox say. */

/**
 * `paused`: too many mails of the last day came back. `unavailable`: the mail service takes nothing, or cannot be reached.
 * `full`: so many mails wait that one more would not go out while its code lives.
 */
export type Capacity = 'open' | 'full' | 'paused' | 'unavailable';

export type CapacitySources = Readonly<{
  /** Of the reputation, as watchReputation in api/ sees it. */
  mayMail: () => boolean;
  /** Of the circuit to the mail service; a half-open one counts where no mail waits to be its probe. */
  isAvailable: () => boolean;
  /** Of the outbox, as watchBacklog in api/ sees it. */
  isFull: () => boolean;
}>;

export const createCapacity =
  ({ mayMail, isAvailable, isFull }: CapacitySources) =>
  (): Capacity => {
    if (!mayMail()) return 'paused';
    if (!isAvailable()) return 'unavailable';
    return isFull() ? 'full' : 'open';
  };
