/** Looks every half minute how many people's mails of the last day came back, and who is to get none while they did. */
import { type Kind, type ReputationLimits, type Standing, standingOf, USER_REPORTS_MIN } from '../mail/reputation.ts';
import type { Log } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { repeat, type ReportOn } from '../runtime/repeat.ts';
import type { Sql } from '../store/database.ts';
import { createReputationReader, type People } from '../store/reputation.ts';

const LOOK_MILLISECONDS = 30_000;

export type ReputationWatch = Readonly<{
  /** Undefined until the first look. */
  standing: () => Standing | undefined;
  look(): Promise<void>;
  stop(): Promise<void>;
}>;

type Watched = Readonly<{ limits: ReputationLimits; people: People }>;

export function watchReputation(
  sql: Sql,
  { limits, people }: Watched,
  { log, metrics, reportOn }: Readonly<{ log: Log; metrics: Metrics; reportOn: ReportOn }>,
  lookMilliseconds = LOOK_MILLISECONDS,
): ReputationWatch {
  const stopping = new AbortController();
  const read = createReputationReader(people, USER_REPORTS_MIN);
  let standing: Standing | undefined;
  const report = reportOn('watch-reputation');
  const watching = repeat({ signal: stopping.signal, milliseconds: lookMilliseconds, report, work: look });
  return {
    standing: () => standing,
    look,
    stop: () => {
      stopping.abort();
      return watching;
    },
  };

  async function look(): Promise<void> {
    const before = standing;
    const now = standingOf(await read(sql), limits);
    standing = now;
    metrics.bounceRatio.set(now.bounceRatio);
    metrics.complaintRatio.set(now.complaintRatio);
    metrics.sendingPaused.set(now.everybody ? 1 : 0);
    metrics.usersPaused.set(now.users.size);
    tell(before?.everybody?.kind, now.everybody?.kind);
    const fresh = [...now.users.keys()].filter((userId) => !before?.users.has(userId)).length;
    if (fresh > 0) log.warn('users_paused', { count: fresh });
  }

  function tell(before: Kind | undefined, now: Kind | undefined): void {
    if (now !== undefined && before === undefined) log.warn('sending_paused', { reason: now });
    if (now === undefined && before !== undefined) log.warn('sending_resumed', { reason: before });
  }
}
