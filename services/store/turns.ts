/** Work in turns: so many at once, in the order in which it came, and few waiting; who has left takes no turn. */

/** Told to whoever finds as many waiting as may. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

/** `gone` says that who asked has left. */
export type TakeTurn = <T>(work: () => Promise<T>, gone?: AbortSignal) => Promise<T>;

/** Rejects with Busy at once where as many wait already, and with the signal's reason where it comes before the turn. */
export function createTurns({ atOnce, waitingMax }: Readonly<{ atOnce: number; waitingMax: number }>): TakeTurn {
  let free = atOnce;
  const waiting = new Set<() => void>();

  return async (work, gone) => {
    gone?.throwIfAborted();
    if (free > 0) free--;
    else await wait(gone);
    try {
      return await work();
    } finally {
      passOn();
    }
  };

  function wait(gone: AbortSignal | undefined): Promise<void> {
    if (waiting.size >= waitingMax) throw new Busy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.add(resolve);
    gone?.addEventListener('abort', () => waiting.delete(resolve) && reject(gone.reason), { once: true });
    return promise;
  }

  /** The place passes on without becoming free in between. */
  function passOn(): void {
    const [next] = waiting;
    if (!next) return void free++;
    waiting.delete(next);
    next();
  }
}
