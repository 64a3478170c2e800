/** Forgets refresh tokens that are over and rate windows of days past. */
import { forgetOldTokens } from '../../store/accounts.ts';
import { forgetOldWindows } from '../../store/allowances.ts';
import type { JobServices } from '../jobs.ts';

export async function forgetOldRows({ sql }: Pick<JobServices, 'sql'>): Promise<number> {
  return (await forgetOldTokens(sql)) + (await forgetOldWindows(sql));
}
