/** Stopping on SIGTERM and SIGINT: the steps in order, once, bounded, then the process ends. */
import type { Log } from './log.ts';
import { watchHeap } from './watch-heap.ts';

const STOP_MILLISECONDS_MAX = 20_000;

/** Runs the steps at the first signal; a second signal, or too long a stop, ends the process with exit code 1. */
export function stopOnSignals(log: Log, steps: readonly (() => Promise<void>)[]): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return end('stop_forced');
    stopping = true;
    log.info('stopping', { reason: signal });
    setTimeout(() => void end('stop_timed_out'), STOP_MILLISECONDS_MAX).unref();
    for (const step of steps) {
      await step().catch((error: unknown) => log.error('stop_step_failed', {}, error));
    }
    log.info('stopped');
    await log.flush();
    process.exit(0);
  };
  const end = async (event: string): Promise<never> => {
    log.error(event);
    await log.flush();
    process.exit(1);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Starts, and stops on a signal; one that comes while it starts stops it as soon as it has started. Rejects where it does not start. */
export async function runUntilStopped(log: Log, start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  const starting = start();
  stopOnSignals(log, [async () => (await starting).stop()]);
  await starting;
  watchHeap(log);
}
