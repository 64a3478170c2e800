/** A gate before work that is expensive: so much of it at once, so much waits, and what is beyond is refused at once. */

/** Told to whoever finds every place taken. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so much work through at once, and so much wait for it in order; rejects the rest with Busy, at once. */
export function createGate(atOnceMax: number, waitingMax: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax) throw new Busy();
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      // The place passes on without becoming free in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
