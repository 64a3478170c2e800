/**
 * The mails that this process holds the claims of, and which of them go out at a moment: a machine that is stepped with a
 * time and does nothing itself. Mails that were refused for now stand in a line of their own, behind all others.
 */
import { type Mail, mailName } from '../core/mail.ts';
import type { Breaker } from './breaker.ts';
import type { SharedPace } from './shared-pace.ts';

/** `until`: what is not begun by then goes back. `ends`: no byte goes out any more, for the claim is over or the code dead. */
export type Held = Mail & { readonly until: number; readonly ends: number };

export type Step = Readonly<{ send: readonly Held[]; giveBack: readonly Held[] }>;

export type SendQueue = Readonly<{
  /** Holds a mail for as long as its claim and its code allow, both counted from `since`. */
  hold(mail: Mail, since: number): void;
  /** Takes out what is to be sent now, `room` mails at most, and what goes back; the rest waits for a permit or for room. */
  step(now: number, room: number): Step;
  /** Takes everything out. */
  empty(): readonly Held[];
  length(): number;
  /** Of those that were never refused. */
  freshLength(): number;
  /** As many as go out in half the time that a mail may be held, at least one. */
  lengthMax(): number;
}>;

const QUEUE_MAX = 1000;
/** Attempts under way at once. */
export const IN_FLIGHT_MAX = 64;
export type SendQueueOptions = Readonly<{
  /** How long a claim holds, and how much of that may pass before an attempt begins. */
  claimMilliseconds: number;
  holdMilliseconds: number;
  inFlightMax?: number;
  /** While it is open nothing goes out, and nothing waits here for it. */
  breaker: Pick<Breaker, 'state' | 'take'>;
  pace: Pick<SharedPace, 'take' | 'forget' | 'rate'>;
}>;

export function createSendQueue(options: SendQueueOptions): SendQueue {
  const { claimMilliseconds, holdMilliseconds, breaker, pace, inFlightMax = IN_FLIGHT_MAX } = options;
  // So much is kept free of mails that were refused before: a server may let them wait for long.
  const freshRoom = inFlightMax / 2;
  const fresh: Held[] = [];
  const again: Held[] = [];
  const length = (): number => fresh.length + again.length;
  const empty = (): readonly Held[] => [...fresh.splice(0), ...again.splice(0)];
  return {
    hold: (mail, since) => {
      // Claimed once more, its earlier claim is over.
      for (const line of [fresh, again]) {
        const earlier = line.findIndex((held) => mailName(held) === mailName(mail));
        if (earlier >= 0) line.splice(earlier, 1);
      }
      const [until, ends] = [holdMilliseconds, claimMilliseconds].map(
        (milliseconds) => since + Math.min(milliseconds, mail.livesMilliseconds),
      ) as [number, number];
      (mail.deferrals === 0 ? fresh : again).push({ ...mail, until, ends });
    },
    step,
    empty,
    length,
    freshLength: () => fresh.length,
    lengthMax: () => Math.min(QUEUE_MAX, Math.max(1, Math.floor((pace.rate() * holdMilliseconds) / 2000))),
  };

  function step(now: number, room: number): Step {
    const send: Held[] = [];
    const giveBack: Held[] = [];
    for (;;) {
      const line = fresh.length > 0 ? fresh : again;
      const [next] = line;
      if (!next || send.length >= room - (line === again ? freshRoom : 0)) break;
      // While the service takes nothing, no mail waits here: whoever finds it open again takes them from the outbox.
      if (breaker.state(now) === 'open') giveBack.push(...empty());
      else if (next.until < now) giveBack.push(...line.splice(0, 1));
      else if (!pace.take(Math.min(length(), inFlightMax))) break;
      else if (breaker.take(now)) send.push(...line.splice(0, 1));
    }
    // While others go before them, these too are held no longer than they may be.
    while (again[0] && again[0].until < now) giveBack.push(...again.splice(0, 1));
    if (length() === 0) pace.forget();
    return { send, giveBack };
  }
}
