/** A token bucket: how many mails may go out now, and when the next one may. Time is an argument, in milliseconds. */

export type Pace = {
  /** Takes a token if there is one. */
  take(now: number): boolean;
  /** Milliseconds until there is one. */
  waitMilliseconds(now: number): number;
  setRate(perSecond: number): void;
  rate(): number;
};

/** Holds at most a tenth of a second's worth (at least one), so that a burst stays under a limit counted by the second. */
export function createPace(perSecond: number): Pace {
  let rate = perSecond;
  let tokens = 1;
  let filledAt = 0;

  return {
    take: (now) => {
      fill(now);
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
    waitMilliseconds: (now) => {
      fill(now);
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / rate) * 1000);
    },
    setRate: (value) => {
      rate = value;
    },
    rate: () => rate,
  };

  function fill(now: number): void {
    tokens = Math.min(Math.max(1, rate / 10), tokens + ((now - filledAt) / 1000) * rate);
    filledAt = now;
  }
}
