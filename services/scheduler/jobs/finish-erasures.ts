/** Finishes erasures whose process died between recording the erasure and taking the personal fields out. */
import { takeOutPersonalFields, unfinishedErasures } from '../../store/erasure.ts';
import type { JobServices } from '../jobs.ts';

const ADDRESSES_AT_ONCE = 100;

export async function finishErasures({ sql }: Pick<JobServices, 'sql'>): Promise<number> {
  const addresses = await unfinishedErasures(sql, ADDRESSES_AT_ONCE);
  for (const address of addresses) await takeOutPersonalFields(sql, address);
  return addresses.length;
}
