/** Forgets the Idempotency-Keys that were kept for their 24 hours. */
import { forgetOldKeys } from '../../store/queries.ts';
import type { JobServices } from '../jobs.ts';

export const forgetIdempotencyKeys = ({ sql }: Pick<JobServices, 'sql'>): Promise<number> => forgetOldKeys(sql);
