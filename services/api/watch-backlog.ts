/** Looks every two seconds whether so many mails wait that one asked for now could not go out while its code lives. */
import type { Metrics } from '../runtime/metrics.ts';
import { repeat, type ReportOn } from '../runtime/repeat.ts';
import type { Sql } from '../store/database.ts';
import { outboxSize } from '../store/outbox.ts';

const LOOK_MILLISECONDS = 2000;
/** Of a code's life: what is left is for the person, and for what is asked for until the next look. */
const SHARE_OF_LIFE = 0.9;

export type BacklogWatch = Readonly<{ isFull: () => boolean; stop(): Promise<void> }>;

/** `ratePerSecond` is what all processes together send; 0 while it is not known, and then nothing is full. */
export function watchBacklog(
  sql: Sql,
  codeTtlSeconds: number,
  { ratePerSecond, metrics, reportOn }: Readonly<{ ratePerSecond: () => number; metrics: Metrics; reportOn: ReportOn }>,
  lookMilliseconds = LOOK_MILLISECONDS,
): BacklogWatch {
  const stopping = new AbortController();
  let isFull = false;
  const report = reportOn('watch-backlog');
  const watching = repeat({ signal: stopping.signal, milliseconds: lookMilliseconds, report, work: look });
  return {
    isFull: () => isFull,
    stop: () => {
      stopping.abort();
      return watching;
    },
  };

  async function look(): Promise<void> {
    const { mails, oldestSeconds } = await outboxSize(sql).catch((error: unknown) => {
      metrics.databaseAvailable.set(0);
      throw error;
    });
    metrics.databaseAvailable.set(1);
    metrics.mailsWaiting.set(mails);
    metrics.oldestMailSeconds.set(oldestSeconds);
    const rate = ratePerSecond();
    metrics.mailRate.set(rate);
    if (rate > 0) metrics.outboxWaitSeconds.set(mails / rate);
    isFull = mails > rate * codeTtlSeconds * SHARE_OF_LIFE && rate > 0;
  }
}
