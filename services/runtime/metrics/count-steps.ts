/** Counts what was recorded, as core/steps.ts tells it. */
import type { Metrics } from '../metrics.ts';
import type { LoopReport } from '../repeat.ts';

type Step = Readonly<{ type: string; purpose: string; outcome: string; afterMilliseconds?: number }>;

export type StepCounterOptions = Readonly<{
  metrics: Metrics;
  purposes: ReadonlySet<string>;
  /** The steps of every purpose: what never happened is 0 from the start, and its first time an increase. */
  known: readonly (readonly [type: string, ...outcomes: string[]])[];
  report: LoopReport;
}>;

/** Purposes that are not set any more count together, so that the series stay few. */
const OTHER = 'other';

/** The function that counts never throws: what is recorded is recorded, whatever becomes of its count. */
export function createStepCounter({ metrics, purposes, known, report }: StepCounterOptions) {
  for (const purpose of purposes)
    for (const [type, ...outcomes] of known)
      for (const outcome of outcomes) metrics.events.inc({ type, purpose, outcome }, 0);

  return (steps: () => readonly Step[]): void => {
    try {
      for (const step of steps()) count(step);
    } catch (error) {
      report.failed(error);
    }
  };

  function count({ type, purpose, outcome, afterMilliseconds }: Step): void {
    metrics.events.inc({ type, purpose: purpose === '' || purposes.has(purpose) ? purpose : OTHER, outcome });
    if (afterMilliseconds === undefined) return;
    if (type === 'sent') metrics.sentAfterSeconds.observe(afterMilliseconds / 1000);
    if (type === 'verified') metrics.verifiedAfterSeconds.observe(afterMilliseconds / 1000);
  }
}
