/** Draws some addresses and compares their rows with their events; the difference is a gauge that must stay at 0. */
import { compareSample } from '../../store/sample.ts';
import type { JobServices } from '../job.ts';

const DRAWS = 100;

/** Returns how many rows differ. */
export async function compareDrawnRows({ sql, metrics }: Pick<JobServices, 'sql' | 'metrics'>): Promise<number> {
  const { rowsDiffering } = await compareSample(sql, DRAWS);
  metrics.rowsDiffering.set(rowsDiffering);
  return rowsDiffering;
}
