/** `sealpost jobs`: the scheduler's jobs, their runs, and a run now. The working scheduler runs them, never this process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { Cron } from 'croner';
import type { Environment } from '../runtime/settings.ts';
import type { Sql } from '../store/database.ts';
import {
  askForRun,
  type JobRun,
  type KnownJob,
  newestRuns,
  readHistory,
  readJobs,
  readRun,
  withdrawRun,
} from '../store/job-runs.ts';
import { isLeaseHeld } from '../store/lease.ts';
import { withReader } from './admin-url.ts';
import { inColumns } from './columns.ts';

const NO_SCHEDULER = 'No scheduler works now: start it, then try again. "sealpost doctor" says what it lacks.';
const POLLED_EVERY_MILLISECONDS = 300;
/** The scheduler looks every two seconds. */
const TAKEN_WITHIN_MILLISECONDS = 20_000;
const HISTORY_MAX = 2000;

export function addJobs(program: Command, environment: Environment): void {
  const withDatabase = withReader(environment);
  const jobs = program.command('jobs').description("the scheduler's jobs and their runs");

  jobs
    .command('list')
    .description('every job: when it runs, how its last run went, when it runs next (UTC)')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) =>
      withDatabase(async (sql) => {
        const listed = await list(sql);
        console.log(json ? JSON.stringify(listed, null, 2) : asTable(listed));
        if (!(await isLeaseHeld(sql))) throw new Error(NO_SCHEDULER);
      }),
    );

  jobs
    .command('run <name>')
    .description('have the scheduler run a job now, and wait until it has')
    .action((name: string) => withDatabase((sql) => runNow(sql, name)));

  jobs
    .command('history [name]')
    .description('past runs, newest first; of one job or of all')
    .option('--failed', 'only those that failed')
    .option('--limit <number>', `how many, ${HISTORY_MAX} at most`, limitOf, 20)
    .option('--json', 'a JSON object a line')
    .action((name: string | undefined, { failed = false, limit, json }: HistoryOptions) =>
      withDatabase(async (sql) => {
        if (name !== undefined) await knownJob(sql, name);
        const runs = await readHistory(sql, { job: name, failed, limit });
        if (json) for (const one of runs) console.log(JSON.stringify(one));
        else console.log(runs.length === 0 ? 'No runs.' : historyTable(runs));
      }),
    );
}

type HistoryOptions = Readonly<{ failed?: boolean; limit: number; json?: boolean }>;

type Listed = KnownJob & Readonly<{ last: JobRun | undefined; lastSuccess: Date | null; next: Date | null }>;

async function list(sql: Sql): Promise<readonly Listed[]> {
  const [known, runs] = await Promise.all([readJobs(sql), newestRuns(sql)]);
  return known.map((job) => {
    const ofJob = runs.filter((one) => one.job === job.name);
    const success = ofJob.find(({ ended_at, error }) => ended_at !== null && error === null);
    const next = new Cron(job.pattern, { timezone: 'UTC', paused: true }).nextRun();
    return { ...job, last: ofJob[0], lastSuccess: success?.ended_at ?? null, next };
  });
}

function asTable(jobs: readonly Listed[]): string {
  const rows = jobs.map(({ name, pattern, last, lastSuccess, next }) => [
    name,
    pattern,
    moment(last?.started_at),
    last ? outcome(last) : 'never ran',
    last?.error ? `last success ${moment(lastSuccess)}` : `next ${moment(next)}`,
  ]);
  return inColumns([['job', 'runs at', 'last run', 'outcome', ''], ...rows]);
}

const historyTable = (runs: readonly JobRun[]): string =>
  inColumns([
    ['job', 'started', 'outcome', ''],
    ...runs.map((one) => [one.job, moment(one.started_at ?? one.slot), outcome(one), one.note ?? '']),
  ]);

/** UTC, to the second. */
const moment = (at: Date | null | undefined): string => at?.toISOString().slice(0, 19).replace('T', ' ') ?? 'never';

function outcome(run: JobRun): string {
  if (run.started_at === null) return 'asked for';
  if (run.ended_at === null) return `running${run.note === null ? '' : `: ${run.note}`}`;
  const seconds = ((run.ended_at.getTime() - run.started_at.getTime()) / 1000).toFixed(1);
  return run.error === null
    ? `did ${run.count ?? 0} in ${seconds} s`
    : `failed after ${seconds} s: ${run.error.replace(/\.$/, '')}`;
}

async function knownJob(sql: Sql, name: string): Promise<KnownJob> {
  const known = await readJobs(sql);
  const job = known.find((one) => one.name === name);
  if (job) return job;
  if (known.length === 0) throw new Error(NO_SCHEDULER);
  throw new Error(`There is no job ${name}; there are ${known.map((one) => one.name).join(', ')}.`);
}

/** Has the working scheduler run a job and waits until it has; a failed run sets the exit code. */
export async function runNow(sql: Sql, name: string): Promise<void> {
  const { deadline_seconds: deadline } = await knownJob(sql, name);
  if (!(await isLeaseHeld(sql))) throw new Error(NO_SCHEDULER);
  const [newest] = await readHistory(sql, { job: name, failed: false, limit: 1 });
  const running = newest?.started_at && newest.ended_at === null;
  if (running) console.error(`${name} is running already; this run follows it.`);
  const id = await askForRun(sql, name);
  const takenBy = performance.now() + TAKEN_WITHIN_MILLISECONDS + (running ? deadline * 1000 : 0);
  const ended = await follow(sql, id, takenBy, takenBy + deadline * 1000);
  if (!ended) throw new Error(`The scheduler did not take it up, and it was taken back: see its log.`);
  console.log(`${name}: ${outcome(ended)}${ended.note === null ? '' : ` (${ended.note})`}.`);
  if (ended.error !== null) process.exitCode = 1;
}

/** Tells what the run says of itself until it has ended; undefined where nobody began it in time. */
async function follow(sql: Sql, id: number, takenBy: number, endedBy: number): Promise<JobRun | undefined> {
  for (let said: string | null = null; ;) {
    const now = await readRun(sql, id);
    if (now && now.note !== said) console.error(now.note);
    said = now?.note ?? said;
    if (now?.ended_at) return now;
    if (!now || performance.now() > endedBy)
      throw new Error('The run is still recorded as under way: see "sealpost jobs history".');
    if (now.started_at === null && performance.now() > takenBy && (await withdrawRun(sql, id))) return undefined;
    await sleep(POLLED_EVERY_MILLISECONDS);
  }
}

function limitOf(given: string): number {
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1 || number > HISTORY_MAX) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${HISTORY_MAX}.`);
  }
  return number;
}
