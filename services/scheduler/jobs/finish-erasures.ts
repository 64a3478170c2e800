/** Finishes erasures whose process died between recording the erasure and taking the personal fields out. */
import { takeOutPersonalFields, unfinishedErasures } from '../../store/erasure.ts';
import type { JobServices } from '../job.ts';

const ADDRESSES_AT_ONCE = 100;

export async function finishErasures({ sql, signal }: Pick<JobServices, 'sql' | 'signal'>): Promise<number> {
  const addresses = await unfinishedErasures(sql, ADDRESSES_AT_ONCE);
  let done = 0;
  for (const address of addresses) {
    if (signal.aborted) break;
    await takeOutPersonalFields(sql, address);
    done++;
  }
  return done;
}
