/** How many mails may go out now: permits of one bucket that all processes share, asked for as many as wait here. */
import type { Transport } from './transport.ts';

/** Asks the shared bucket, which holds a tenth of a second's worth, at least one. */
export type AskForPermits = (
  wanted: number,
  perSecond: number,
) => Promise<Readonly<{ granted: number; waitMilliseconds: number }>>;

export type SharedPace = Readonly<{
  /** Takes a permit if there is one; if not, asks for as many as `waiting` and calls `ready` when to try again. */
  take(waiting: number): boolean;
  /** Nothing waits any more: permits are of the moment and are not kept. */
  forget(): void;
  /** Mails a second; 0 until it is known, and then nothing passes. */
  setRate(perSecond: number): void;
  rate(): number;
  stop(): void;
}>;

const AGAIN_MILLISECONDS = 500;
/** Of AWS's MaxSendRate, so that other senders of the account and clock differences have room. */
const RATE_SHARE = 0.8;
const RATE_MIN = 0.1;
/** Where the service does not say: a sandbox's rate. */
const RATE_UNKNOWN = 1;

export function createSharedPace(ask: AskForPermits, ready: () => void): SharedPace {
  let rate = 0;
  let permits = 0;
  let asking = false;
  let wakeAt: NodeJS.Timeout | undefined;
  let stopped = false;

  return {
    take: (waiting) => {
      if (permits > 0) {
        permits--;
        return true;
      }
      void request(waiting);
      return false;
    },
    forget: () => {
      permits = 0;
    },
    setRate: (perSecond) => {
      rate = perSecond;
    },
    rate: () => rate,
    stop: () => {
      stopped = true;
      clearTimeout(wakeAt);
    },
  };

  async function request(wanted: number): Promise<void> {
    if (asking || rate === 0) return;
    asking = true;
    clearTimeout(wakeAt);
    const { granted, waitMilliseconds } = await ask(wanted, rate).catch(() => ({
      granted: 0,
      waitMilliseconds: AGAIN_MILLISECONDS,
    }));
    asking = false;
    permits += granted;
    if (stopped) return;
    if (granted > 0) ready();
    else wakeAt = setTimeout(ready, Math.max(1, waitMilliseconds));
  }
}

/** Asks the service for its rate and keeps to a share of it; where it does not say, to the rate known so far. Rejects then. */
export async function learnRate(
  transport: Pick<Transport, 'sendRate'>,
  pace: Pick<SharedPace, 'rate' | 'setRate'>,
): Promise<void> {
  try {
    pace.setRate(Math.max(RATE_MIN, (await transport.sendRate()) * RATE_SHARE));
  } catch (error) {
    if (pace.rate() === 0) pace.setRate(RATE_UNKNOWN);
    throw error;
  }
}
