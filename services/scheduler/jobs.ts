/** The table of scheduled jobs: what runs when (cron, UTC). Each job's work stands in its own file. */
import type { Metrics } from '../runtime/metrics.ts';
import type { Handler } from '../store/handle.ts';
import type { Sql } from '../store/database.ts';
import { cleanUpOldCodes, cleanUpOldEmails } from './jobs/clean-up.ts';
import { compareDrawnRows } from './jobs/compare-sample.ts';
import { finishErasures } from './jobs/finish-erasures.ts';
import { expireCodes } from './jobs/expire-codes.ts';
import { forgetOldRows } from './jobs/forget-old-rows.ts';
import { forgetIdempotencyKeys } from './jobs/forget-idempotency-keys.ts';

export type JobServices = Readonly<{ sql: Sql; handler: Handler; metrics: Metrics }>;

export type Job = Readonly<{
  name: string;
  /** A cron pattern; six fields have seconds first. */
  pattern: string;
  /** Does the work once and returns how many things it did. Safe to run beside another scheduler's. */
  runOnce(services: JobServices): Promise<number>;
}>;

export const jobs: readonly Job[] = [
  { name: 'expire-codes', pattern: '*/5 * * * * *', runOnce: expireCodes },
  { name: 'forget-idempotency-keys', pattern: '7 * * * *', runOnce: forgetIdempotencyKeys },
  { name: 'finish-erasures', pattern: '3 * * * * *', runOnce: finishErasures },
  { name: 'compare-sample', pattern: '33 * * * * *', runOnce: compareDrawnRows },
  { name: 'forget-old-rows', pattern: '17 * * * *', runOnce: forgetOldRows },
  { name: 'clean-up-codes', pattern: '0 3 * * 0', runOnce: cleanUpOldCodes },
  { name: 'clean-up-emails', pattern: '0 4 1 * *', runOnce: cleanUpOldEmails },
];
