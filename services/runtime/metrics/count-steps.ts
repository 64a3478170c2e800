/** Counts what was recorded, as core/steps.ts tells it. */
import type { Metrics } from '../metrics.ts';

type Step = Readonly<{ type: string; purpose: string; outcome: string; afterMilliseconds?: number }>;

/** Purposes that are not set any more count together, so that the series stay few. */
const OTHER = 'other';

/** Each known step of each purpose is a series from the start: what never happened is 0, and its first time an increase. */
export function createStepCounter(
  metrics: Metrics,
  purposes: ReadonlySet<string>,
  known: readonly (readonly [type: string, ...outcomes: string[]])[],
): (steps: readonly Step[]) => void {
  for (const purpose of purposes)
    for (const [type, ...outcomes] of known)
      for (const outcome of outcomes) metrics.events.inc({ type, purpose, outcome }, 0);

  return (steps) => {
    for (const { type, purpose, outcome, afterMilliseconds } of steps) {
      metrics.events.inc({ type, purpose: purpose === '' || purposes.has(purpose) ? purpose : OTHER, outcome });
      if (afterMilliseconds === undefined) continue;
      if (type === 'sent') metrics.sentAfterSeconds.observe(afterMilliseconds / 1000);
      if (type === 'verified') metrics.verifiedAfterSeconds.observe(afterMilliseconds / 1000);
    }
  };
}
