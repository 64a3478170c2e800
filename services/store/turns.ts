/** Work in turns: so many at once, in the order in which it came, and few waiting; who has left takes no turn. */
import { StoreUnavailable } from './database.ts';

export type TakeTurn = <T>(gone: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Rejects with StoreUnavailable at once where as many wait already, and with the signal's reason where it comes before the turn. */
export function createTurns({ atOnce, waitingMax }: Readonly<{ atOnce: number; waitingMax: number }>): TakeTurn {
  let free = atOnce;
  const waiting = new Set<() => void>();

  return async (gone, work) => {
    gone.throwIfAborted();
    if (free > 0) free--;
    else await wait(gone);
    try {
      return await work();
    } finally {
      passOn();
    }
  };

  function wait(gone: AbortSignal): Promise<void> {
    if (waiting.size >= waitingMax) throw new StoreUnavailable('Too many reads are waiting.');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.add(resolve);
    gone.addEventListener('abort', () => waiting.delete(resolve) && reject(gone.reason), { once: true });
    return promise;
  }

  function passOn(): void {
    const [next] = waiting;
    if (!next) return void free++;
    waiting.delete(next);
    next();
  }
}
