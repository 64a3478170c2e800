/** One run of a job: within its deadline, recorded, measured, and told in the log once when it begins to fail and once when it works again. */
import type { Log } from '../runtime/log.ts';
import { retry } from '../runtime/repeat.ts';
import { errorInWords, PlainError } from '../runtime/safe-error.ts';
import { endRun, noteRun, type RunEnd } from '../store/job-runs.ts';
import type { Job, JobServices } from './job.ts';

export class DeadlinePassed extends PlainError {
  override readonly name = 'DeadlinePassed';

  constructor(seconds: number) {
    super(`It had not ended after ${seconds} s.`);
  }
}

export type RunJob = (id: number, job: Job) => Promise<void>;

type Options = Readonly<{
  log: Log;
  /** Of the term: aborted when it ends. */
  signal: AbortSignal;
  services: Pick<JobServices, 'sql' | 'slowSql' | 'handler' | 'metrics'>;
  /** Jobs whose newest run failed. */
  failing: Set<string>;
}>;

const NOTED_EVERY_MILLISECONDS = 1000;
/** An end that cannot be recorded for so long is left to the next run's beginning, which closes the record. */
const RECORDED_WITHIN_MILLISECONDS = 30_000;

export function createRunJob({ log, signal: term, services, failing }: Options): RunJob {
  const { sql, metrics } = services;
  return async (id, job) => {
    const started = performance.now();
    const notes = createNotes((note) => noteRun(sql, id, note));
    const end = await outcomeOf(job, notes.say);
    const outcome = end.error === null ? 'done' : 'failed';
    metrics.jobSeconds.observe({ job_name: job.name, outcome }, (performance.now() - started) / 1000);
    await notes.last();
    await retry(term, performance.now() + RECORDED_WITHIN_MILLISECONDS, () => endRun(sql, id, end));
  };

  async function outcomeOf(job: Job, say: (note: string) => void): Promise<RunEnd> {
    const { name } = job;
    try {
      const count = await withinDeadline(job, term, (signal) => job.runOnce({ ...services, signal, say }));
      if (count > 0) log.info('job_done', { job: name, count });
      if (failing.delete(name)) log.info('job_recovered', { job: name });
      metrics.jobFailing.set({ job_name: name }, 0);
      metrics.jobLastSuccess.set({ job_name: name }, Date.now() / 1000);
      return { count, error: null };
    } catch (error) {
      if (!failing.has(name)) log.error('job_failed', { job: name }, error);
      failing.add(name);
      metrics.jobFailing.set({ job_name: name }, 1);
      return { count: null, error: errorInWords(error) };
    }
  }
}

// Nothing that a job waits for is without a bound of its own, so what is left behind at a deadline ends soon after it.
async function withinDeadline(
  { deadlineSeconds }: Job,
  term: AbortSignal,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  // One controller, and not AbortSignal.any: that forgets an abort whose source was collected before it was looked at (nodejs/node#65995).
  const over = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    over.abort();
    late.reject(new DeadlinePassed(deadlineSeconds));
  }, deadlineSeconds * 1000);
  const ended = (): void => over.abort();
  term.addEventListener('abort', ended);
  if (term.aborted) ended();
  try {
    return await Promise.race([work(over.signal), late.promise]);
  } finally {
    clearTimeout(timer);
    term.removeEventListener('abort', ended);
  }
}

/** Writes the newest note down, one at a time and not more often than once a second; a note that cannot be written is dropped. */
function createNotes(write: (note: string) => Promise<void>) {
  let waiting: string | undefined;
  let writing: Promise<void> = Promise.resolve();
  let writtenAt = -Infinity;
  const flush = (): Promise<void> => {
    const note = waiting;
    if (note === undefined) return writing;
    waiting = undefined;
    writtenAt = performance.now();
    writing = writing.then(() => write(note)).catch(() => {});
    return writing;
  };
  return {
    say: (note: string): void => {
      waiting = note;
      if (performance.now() - writtenAt >= NOTED_EVERY_MILLISECONDS) void flush();
    },
    last: flush,
  };
}
