/** Figures that take a count of everything: exact for as long as that is cheap, and beyond that counted once a minute at most. */
import type { Figures } from './admin-queries.ts';

export type Counted = Readonly<{
  /** Rejects as the count does. */
  figures(): Promise<Figures>;
  /** What was counted last, however long ago. */
  latest(): Figures | undefined;
}>;

/** More addresses than this are not counted for everybody who asks. */
export const COUNTED_EACH_TIME_MAX = 100_000;
const REMEMBERED_MILLISECONDS = 60_000;

/** One count at a time: who comes while one is under way gets the next, with all others, so that what was written before is in it. */
export function createFigures(count: () => Promise<Figures>, now: () => number = () => performance.now()): Counted {
  let last: Readonly<{ figures: Figures; at: number }> | undefined;
  let running: Promise<Figures> | undefined;
  let following: Promise<Figures> | undefined;
  return { figures, latest: () => last?.figures };

  function figures(): Promise<Figures> {
    const isLarge = last !== undefined && last.figures.stats.total_emails > COUNTED_EACH_TIME_MAX;
    if (last && isLarge && now() - last.at < REMEMBERED_MILLISECONDS) return Promise.resolve(last.figures);
    if (!running) return begin();
    if (isLarge) return running;
    following ??= running
      .catch(() => {})
      .then(() => {
        following = undefined;
        return running ?? begin();
      });
    return following;
  }

  function begin(): Promise<Figures> {
    const own = counted().finally(() => {
      if (running === own) running = undefined;
    });
    running = own;
    return own;
  }

  async function counted(): Promise<Figures> {
    const at = now();
    const found = await count();
    last = { figures: found, at };
    return found;
  }
}
