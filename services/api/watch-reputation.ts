/** Looks every half minute how many people's mails of the last day came back, and who is to get none while they did. */
import type { ReputationOptions } from '../config/feedback.ts';
import { type Standing, standingOf } from '../mail/reputation.ts';
import type { Log } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { repeat, type ReportOn } from '../runtime/repeat.ts';
import type { Sql } from '../store/database.ts';
import { countSent, readReputation } from '../store/reputation.ts';
import { readClockDifference } from '../store/server-facts.ts';

const LOOK_MILLISECONDS = 30_000;

export type ReputationWatch = Readonly<{
  /** Undefined until the first look. */
  standing: () => Standing | undefined;
  /** What the database's clock says by now, by the last look and the time since. */
  now: () => number;
  /** Resolves after the first look; where that fails, the report has said so. */
  looked: Promise<void>;
  /** Looks now; after one that is under way. */
  look(): Promise<void>;
  /** Counts a mail that went out. */
  sent(): void;
  stop(): Promise<void>;
}>;

export function watchReputation(
  sql: Sql,
  { limits, people }: ReputationOptions,
  { log, metrics, reportOn }: Readonly<{ log: Log; metrics: Metrics; reportOn: ReportOn }>,
  lookMilliseconds = LOOK_MILLISECONDS,
): ReputationWatch {
  const stopping = new AbortController();
  let seen: Readonly<{ standing: Standing; at: number }> | undefined;
  let uncounted = 0;
  let looking: Promise<void> = Promise.resolve();
  const report = reportOn('watch-reputation');
  const watching = repeat({ signal: stopping.signal, milliseconds: lookMilliseconds, report, work: look });
  // The watch has begun with it.
  const looked = looking.catch(() => {});
  return {
    standing: () => seen?.standing,
    now: () => (seen ? seen.standing.now + performance.now() - seen.at : 0),
    looked,
    look,
    sent: () => void uncounted++,
    stop: async () => {
      stopping.abort();
      await watching;
      await count().catch(() => {});
    },
  };

  function look(): Promise<void> {
    return (looking = looking.catch(() => {}).then(lookOnce));
  }

  async function count(): Promise<void> {
    const mails = uncounted;
    if (mails === 0) return;
    await countSent(sql, mails);
    uncounted -= mails;
  }

  async function lookOnce(): Promise<void> {
    await count();
    const before = seen?.standing;
    const standing = standingOf(await readReputation(sql, people), limits);
    seen = { standing, at: performance.now() };
    metrics.bounceRatio.set(standing.bounceRatio);
    metrics.complaintRatio.set(standing.complaintRatio);
    for (const reason of ['bounced', 'complained'])
      metrics.sendingPaused.set({ reason }, standing.everybody?.kind === reason ? 1 : 0);
    metrics.usersPaused.set(standing.users.size);
    tellChanges(log, before, standing);
    metrics.clockDifference.set((await readClockDifference(sql)) / 1000);
  }
}

function tellChanges(log: Log, before: Standing | undefined, now: Standing): void {
  const [was, is] = [before?.everybody?.kind, now.everybody?.kind];
  if (is !== undefined && was === undefined) log.warn('sending_paused', { reason: is });
  if (is === undefined && was !== undefined) log.warn('sending_resumed', { reason: was });
  const [paused, resumed] = [heldOnlyIn(now, before), heldOnlyIn(before, now)];
  if (paused > 0) log.warn('users_paused', { count: paused });
  if (resumed > 0) log.warn('users_resumed', { count: resumed });
}

/** How many users are held back in the one and not in the other. */
function heldOnlyIn(one: Standing | undefined, other: Standing | undefined): number {
  return [...(one?.users.keys() ?? [])].filter((userId) => !other?.users.has(userId)).length;
}
