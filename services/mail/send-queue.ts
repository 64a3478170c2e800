/**
 * The mails that this process holds the claims of, and which of them go out at a moment: a machine that is stepped with a
 * time, by performance.now(), and does nothing itself.
 */
import type { Mail } from '../core/mail.ts';
import type { Breaker } from './breaker.ts';
import type { SharedPace } from './shared-pace.ts';

/** `until`: what is not sent by then goes back, so that no other process sends it meanwhile. */
export type Held = Mail & { readonly until: number };

export type Step = Readonly<{ send: readonly Held[]; giveBack: readonly Held[] }>;

export type SendQueue = Readonly<{
  /** Holds a mail from now on for as long as its claim and its code allow. */
  hold(mail: Mail, now: number): void;
  /** Takes out what is to be sent now, `room` mails at most, and what goes back; the rest waits for a permit or for room. */
  step(now: number, room: number): Step;
  /** Takes everything out. */
  empty(): readonly Held[];
  length(): number;
  /** As many as go out in half the time that a mail may be held, at least one. */
  lengthMax(): number;
}>;

const QUEUE_MAX = 1000;
/** Attempts under way at once. */
export const IN_FLIGHT_MAX = 64;

export type SendQueueOptions = Readonly<{
  holdMilliseconds: number;
  breaker: Pick<Breaker, 'take'>;
  /** Open: nothing goes out, and nothing waits here for it. */
  circuit: (now: number) => ReturnType<Breaker['state']>;
  pace: Pick<SharedPace, 'take' | 'forget' | 'rate'>;
}>;

export function createSendQueue({ holdMilliseconds, breaker, circuit, pace }: SendQueueOptions): SendQueue {
  const queue: Held[] = [];
  return {
    hold: (mail, now) => {
      queue.push({ ...mail, until: now + Math.min(holdMilliseconds, mail.livesMilliseconds) });
    },
    step,
    empty: () => queue.splice(0),
    length: () => queue.length,
    lengthMax: () => Math.min(QUEUE_MAX, Math.max(1, Math.floor((pace.rate() * holdMilliseconds) / 2000))),
  };

  function step(now: number, room: number): Step {
    const send: Held[] = [];
    const giveBack: Held[] = [];
    for (let [next] = queue; next && send.length < room; [next] = queue) {
      // While the service takes nothing, no mail waits here: whoever finds it open again takes them from the outbox.
      if (circuit(now) === 'open') giveBack.push(...queue.splice(0));
      else if (next.until < now) giveBack.push(...queue.splice(0, 1));
      else if (!pace.take(Math.min(queue.length, IN_FLIGHT_MAX))) break;
      else if (breaker.take(now)) send.push(...queue.splice(0, 1));
    }
    if (queue.length === 0) pace.forget();
    return { send, giveBack };
  }
}
