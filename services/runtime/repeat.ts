/** Work that goes on as long as the process: what fails of it is told once when it begins to and once when it works again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Says what became of each round of one loop. */
export type LoopReport = Readonly<{ succeeded(): void; failed(error: unknown): void }>;

/** The report of the loop with this name. The names are few and fixed: they are a label of metrics. */
export type ReportOn = (loop: string) => LoopReport;

const AFTER_FAILURE_MILLISECONDS = 1000;
const RETRY_MILLISECONDS = 500;

/** Log lines `loop_failing` and `loop_recovered` at each change, and in the metrics every failure and the last success. */
export function createReports(log: Log, metrics: Metrics): ReportOn {
  return (loop) => {
    let failures = 0;
    return {
      succeeded: () => {
        if (failures > 0) log.info('loop_recovered', { loop, count: failures });
        failures = 0;
        metrics.loopLastSuccess.set({ loop }, Date.now() / 1000);
      },
      failed: (error) => {
        if (failures === 0) log.error('loop_failing', { loop }, error);
        failures++;
        metrics.loopFailures.inc({ loop });
      },
    };
  };
}

/** Does the work and reports on it; its failure stays one. */
export async function withReport<T>(report: LoopReport, work: () => Promise<T>): Promise<T> {
  try {
    const value = await work();
    report.succeeded();
    return value;
  } catch (error) {
    report.failed(error);
    throw error;
  }
}

export type Repeated = Readonly<{
  signal: AbortSignal;
  milliseconds: number;
  report: LoopReport;
  work: () => Promise<void>;
}>;

/** At once, then again and again; a failure waits for the next time, a second at most. Resolves once stopped. */
export async function repeat({ signal, milliseconds, report, work }: Repeated): Promise<void> {
  while (!signal.aborted) {
    const failed = await withReport(report, work).then(
      () => false,
      () => true,
    );
    const pause = failed ? Math.min(milliseconds, AFTER_FAILURE_MILLISECONDS) : milliseconds;
    await sleep(pause, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** Tries until it succeeds, the time by performance.now() is over, or it is told to stop. */
export async function retry(signal: AbortSignal, deadline: number, work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch {
      if (performance.now() > deadline || signal.aborted) return;
      await sleep(RETRY_MILLISECONDS);
    }
  }
}
