/** Looks every half minute whether too many mails of the last day came back, and holds the sending while they did. */
import { type ReputationLimits, standingOf } from '../mail/reputation.ts';
import type { Log } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { repeat, type ReportOn } from '../runtime/repeat.ts';
import type { Sql } from '../store/database.ts';
import { readReputation } from '../store/feedback.ts';

const LOOK_MILLISECONDS = 30_000;

export type ReputationWatch = Readonly<{ mayMail: () => boolean; stop(): Promise<void> }>;

export function watchReputation(
  sql: Sql,
  limits: ReputationLimits,
  { log, metrics, reportOn }: Readonly<{ log: Log; metrics: Metrics; reportOn: ReportOn }>,
  lookMilliseconds = LOOK_MILLISECONDS,
): ReputationWatch {
  const stopping = new AbortController();
  let mayMail = true;
  const report = reportOn('watch-reputation');
  const watching = repeat({ signal: stopping.signal, milliseconds: lookMilliseconds, report, work: look });
  return {
    mayMail: () => mayMail,
    stop: () => {
      stopping.abort();
      return watching;
    },
  };

  async function look(): Promise<void> {
    const counts = await readReputation(sql);
    const standing = standingOf(counts, limits);
    metrics.bounceRatio.set(standing.bounceRatio);
    metrics.complaintRatio.set(standing.complaintRatio);
    if (standing.mayMail !== mayMail) {
      log.warn(standing.mayMail ? 'sending_resumed' : 'sending_paused', {
        reason: 'bounces or complaints of 24 hours',
      });
    }
    mayMail = standing.mayMail;
  }
}
