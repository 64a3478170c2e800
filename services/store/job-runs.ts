/** The record of scheduled jobs: which there are, each run of one, and runs that somebody asks for. */
import type { Sql } from './database.ts';
import { inBatches } from './in-batches.ts';

/** A job as the working scheduler has it: its cron pattern (UTC), and how long a run may take. */
export type KnownJob = Readonly<{ name: string; pattern: string; deadline_seconds: number }>;

export type JobRun = Readonly<{
  id: number;
  job: string;
  /** When it was due, or when somebody asked for it. */
  slot: Date;
  asked: boolean;
  /** Null while nobody has taken up what was asked for. */
  started_at: Date | null;
  ended_at: Date | null;
  /** How many things it did. */
  count: number | null;
  /** What it said last. */
  note: string | null;
  /** Why it failed; null where it did not. */
  error: string | null;
}>;

/** What stands in the record of a run whose scheduler went away amid it. */
export const INTERRUPTED = 'interrupted: the scheduler went away';

/** Puts this table of jobs in the place of the one before. */
export async function replaceJobs(sql: Sql, jobs: readonly KnownJob[]): Promise<void> {
  await sql`
    with wanted as (
      select * from jsonb_to_recordset(${sql.json(jobs)}) as j (name text, pattern text, deadline_seconds integer)
    ), gone as (
      delete from jobs where name not in (select name from wanted)
    )
    insert into jobs select name, pattern, deadline_seconds from wanted
    on conflict (name) do update set pattern = excluded.pattern, deadline_seconds = excluded.deadline_seconds
  `;
}

export const readJobs = (sql: Sql): Promise<KnownJob[]> =>
  sql<KnownJob[]>`select name, pattern, deadline_seconds from jobs order by name`;

/**
 * Records that a run begins and resolves to its id; undefined where the job ran for this slot already. Only the holder of
 * the lease begins runs, so one that has not ended by now never will, and is closed.
 */
export async function beginRun(sql: Sql, job: string, slot: Date): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    with interrupted as (
      update job_runs
      set ended_at = clock_timestamp(), error = ${INTERRUPTED}
      where job = ${job} and started_at is not null and ended_at is null
    )
    insert into job_runs (job, slot, started_at)
    values (${job}, ${slot.toISOString()}, clock_timestamp())
    on conflict (job, slot) do nothing
    returning id
  `;
  return row?.id;
}

/** The oldest run that was asked for, of one of these jobs. */
export async function oldestAskedRun(
  sql: Sql,
  jobs: readonly string[],
): Promise<Readonly<{ id: number; job: string }> | undefined> {
  const [row] = await sql<{ id: number; job: string }[]>`
    select id, job
    from job_runs
    where ended_at is null and started_at is null and job in (select jsonb_array_elements_text(${sql.json(jobs)}))
    order by id
    limit 1
  `;
  return row;
}

/** The same as beginRun for one that was asked for; undefined where it was taken back. */
export async function beginAskedRun(sql: Sql, id: number, job: string): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    with interrupted as (
      update job_runs
      set ended_at = clock_timestamp(), error = ${INTERRUPTED}
      where job = ${job} and started_at is not null and ended_at is null
    )
    update job_runs set started_at = clock_timestamp() where id = ${id} and started_at is null returning id
  `;
  return row?.id;
}

export type RunEnd = Readonly<{ count: number | null; error: string | null }>;

export async function endRun(sql: Sql, id: number, { count, error }: RunEnd): Promise<void> {
  await sql`
    update job_runs set ended_at = clock_timestamp(), count = ${count}, error = ${error}
    where id = ${id} and ended_at is null
  `;
}

/** What a run under way says of itself. */
export async function noteRun(sql: Sql, id: number, note: string): Promise<void> {
  await sql`update job_runs set note = ${note} where id = ${id} and ended_at is null`;
}

/** Asks the working scheduler to run a job now; resolves to the run's id. */
export async function askForRun(sql: Sql, job: string): Promise<number> {
  const [row] = await sql<[{ id: number }]>`
    insert into job_runs (job, slot, asked) values (${job}, clock_timestamp(), true) returning id
  `;
  return row.id;
}

/** Takes back what was asked for; false where it has begun. */
export async function withdrawRun(sql: Sql, id: number): Promise<boolean> {
  const { count } = await sql`delete from job_runs where id = ${id} and started_at is null`;
  return count > 0;
}

export async function readRun(sql: Sql, id: number): Promise<JobRun | undefined> {
  const [row] = await sql<JobRun[]>`select * from job_runs where id = ${id}`;
  return row;
}

/** Of each job its newest run, and the newest that succeeded where that is another one. */
export const newestRuns = (sql: Sql): Promise<JobRun[]> =>
  sql<JobRun[]>`
    select distinct run.*
    from (
      select name as job from jobs
      union
      select job from job_runs where ended_at is null
    ) as named
    cross join lateral (
      (select * from job_runs where job = named.job and started_at is not null order by id desc limit 1)
      union all
      (select * from job_runs where job = named.job and ended_at is not null and error is null order by id desc limit 1)
    ) as run
    order by job, id desc
  `;

/** Runs, newest first; of one job or of all. */
export async function readHistory(
  sql: Sql,
  { job, failed, limit }: Readonly<{ job: string | undefined; failed: boolean; limit: number }>,
): Promise<JobRun[]> {
  return sql<JobRun[]>`
    select *
    from job_runs
    where (${job ?? null}::text is null or job = ${job ?? null}) and (not ${failed} or error is not null)
    order by id desc
    limit ${limit}
  `;
}

/** Of each job's runs that succeeded, and of those that failed, so many are kept. */
const RUNS_KEPT = 1000;

export function forgetJobRuns(sql: Sql, signal: AbortSignal): Promise<number> {
  return inBatches(
    signal,
    (rows) => sql`
      delete from job_runs
      where ctid = any (array(
        select ctid
        from (
          select ctid, row_number() over (partition by job, error is null order by id desc) as nth
          from job_runs
          where ended_at is not null
        ) as counted
        where nth > ${RUNS_KEPT}
        limit ${rows}
      ))
    `,
  );
}
