/** Who of several schedulers works: the one that holds the lease, for a term; the others stand by and take it over within 20 s. */
import { randomUUID } from 'node:crypto';
import type { Log } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { type LoopReport, repeat } from '../runtime/repeat.ts';
import type { Sql } from '../store/database.ts';
import { holdLease, releaseLease } from '../store/lease.ts';

/** How long the others wait for one that is silent. */
export const LEASE_SECONDS = 15;
const RENEWED_EVERY_MILLISECONDS = 2000;

/** The work of one holder. */
export type Term = Readonly<{
  token: number;
  /** Called at each renewal. */
  renewed(): Promise<void>;
  /** Tells the work to end, and resolves once it has. */
  end(): Promise<void>;
}>;

type Options = Readonly<{
  sql: Sql;
  log: Log;
  metrics: Metrics;
  report: LoopReport;
  begin(token: number): Promise<Term>;
}>;

/** Begins at once; what it resolves to gives the lease back, after the work under way has ended. */
export function startLeadership({ sql, log, metrics, report, begin }: Options): () => Promise<void> {
  const holder = randomUUID();
  const stopping = new AbortController();
  const ending = new Set<Promise<void>>();
  let term: Term | undefined;
  let heldUntil = 0;
  metrics.leading.set(0);
  const loop = repeat({ signal: stopping.signal, milliseconds: RENEWED_EVERY_MILLISECONDS, report, work: renew });
  return stop;

  async function renew(): Promise<void> {
    const asked = performance.now();
    const token = await holdLease(sql, holder, LEASE_SECONDS).catch((error: unknown) => {
      // Nobody says that it is held still: what is no write, such as a mail, must end before another begins.
      if (performance.now() > heldUntil) endTerm();
      throw error;
    });
    heldUntil = asked + LEASE_SECONDS * 1000;
    if (term && token !== term.token) endTerm();
    if (token === undefined || stopping.signal.aborted) return;
    if (term) return term.renewed();
    term = await begin(token);
    metrics.leading.set(1);
    log.info('lease_taken', { count: token });
  }

  function endTerm(): void {
    if (!term) return;
    const ended = term.end().finally(() => ending.delete(ended));
    ending.add(ended);
    term = undefined;
    metrics.leading.set(0);
    log.warn('lease_lost');
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await loop;
    await Promise.all([term?.end(), ...ending]);
    // The lease ends by itself where the database is away.
    await releaseLease(sql, holder).catch(() => {});
  }
}
