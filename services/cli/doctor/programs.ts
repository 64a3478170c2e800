/** Checks of the running programs: the api answers, the scheduler does its work. */
import { type JobRun, newestRuns } from '../../store/job-runs.ts';
import { readOverdueSeconds } from '../../store/server-facts.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, skipped, wrong } from './finding.ts';

const ANSWER_MILLISECONDS_MAX = 4000;

/** Whether the api answers and says that it is well (the guide's first step in an emergency). */
export async function checkApi(
  { apiUrl }: Pick<DoctorContext, 'apiUrl'>,
  milliseconds = ANSWER_MILLISECONDS_MAX,
): Promise<Finding> {
  if (apiUrl === undefined) return skipped('Not asked: it need not run yet.');
  const url = new URL('/health', apiUrl).href;
  const answer = await fetch(url, { signal: AbortSignal.timeout(milliseconds) }).catch(() => undefined);
  if (!answer) {
    return wrong(
      `Nothing answers at ${url}.`,
      'Start the api, or say where it is with --api-url; before its first start, --no-api.',
    );
  }
  const text = await answer.text().catch(() => '');
  if (answer.status === 200 && text.includes('OK')) return ok(`The api answers at ${url}.`);
  return wrong(`${url} answers ${answer.status}.`, 'Check the database first, then the log of the api.');
}

const OVERDUE_SECONDS_MAX = 300;

/** Whether the scheduler works: by what it leaves undone, codes whose time is over and that nobody closed, and by its jobs' newest runs. */
export async function checkScheduler({ schema }: DoctorContext): Promise<Finding> {
  const sql = await schema();
  const overdue = judgeOverdue(await readOverdueSeconds(sql));
  return overdue.status === 'ok' ? judgeJobs(await newestRuns(sql), overdue) : overdue;
}

/** Of each job the newest run comes first. */
export function judgeJobs(runs: readonly Pick<JobRun, 'job' | 'error'>[], otherwise: Finding): Finding {
  const newest = [...Map.groupBy(runs, ({ job }) => job).values()].flatMap(([run]) => run ?? []);
  const [first, ...others] = newest.filter(({ error }) => error !== null);
  if (!first) return otherwise;
  const more = others.length === 0 ? '' : ` So do ${others.map(({ job }) => job).join(', ')}.`;
  const why = first.error?.replace(/\.$/, '');
  return wrong(`The job ${first.job} fails: ${why}.${more}`, 'Run "sealpost jobs history --failed".');
}

export function judgeOverdue(seconds: number): Finding {
  if (seconds <= OVERDUE_SECONDS_MAX) return ok('Codes are closed when they expire.');
  return wrong(
    `A code is still open ${Math.round(seconds / 60)} minutes after it expired.`,
    'Start the scheduler, or look into its log.',
  );
}
