/** The status of the programs: api, scheduler and its jobs, and mails that wait. */
import { type JobRun, newestRuns, readJobs } from '../../store/job-runs.ts';
import { type Leader, readLeader } from '../../store/lease.ts';
import { outboxSize } from '../../store/outbox.ts';
import { readOverdueSeconds } from '../../store/server-facts.ts';
import type { DoctorContext } from '../doctor/context.ts';
import { judgeOutbox } from '../doctor/database.ts';
import { type Finding, ok, wrong } from '../doctor/finding.ts';
import { checkSes, judgeQuota } from '../doctor/mail-service.ts';
import { checkApi, judgeJobs, judgeOverdue } from '../doctor/programs.ts';
import { inTime } from '../in-words.ts';
import { ASKED_MILLISECONDS_MAX } from './part.ts';

export const lookAtApi = (context: DoctorContext): Promise<Finding> => checkApi(context, ASKED_MILLISECONDS_MAX);

/** Whether one leads, which renews its lease in the database every two seconds, and does its work. */
export async function lookAtScheduler({ schema }: DoctorContext): Promise<Finding> {
  const sql = await schema();
  const [leader, overdue] = await Promise.all([readLeader(sql), readOverdueSeconds(sql)]);
  return { ...judgeLeader(leader, judgeOverdue(overdue)), facts: { ...leader, overdueSeconds: overdue } };
}

export function judgeLeader({ held, term, endedSeconds }: Leader, overdue: Finding): Finding {
  if (held) return overdue.status === 'ok' ? ok(`One leads, in term ${term}. ${overdue.what}`) : overdue;
  const since = term === 0 ? 'none has ever led' : endedSeconds === null ? 'the last one stopped' : '';
  const why = since || `the last one has been silent for ${inTime(endedSeconds ?? 0)}`;
  return wrong(`No scheduler leads: ${why}.`, 'Start the scheduler, or look into its log.');
}

/** Those that an operator asks for first. */
const TOLD = ['backup', 'check-backups', 'base-backup', 'rehearse-restore'];

/** Whether a job's last run failed, and when backups were last made, read and rehearsed. */
export async function lookAtJobs({ schema }: DoctorContext): Promise<Finding> {
  const sql = await schema();
  const [known, runs] = await Promise.all([readJobs(sql), newestRuns(sql)]);
  const names = known.map(({ name }) => name);
  const ofKnown = runs.filter(({ job }) => names.includes(job));
  const told = TOLD.filter((name) => names.includes(name)).map((name) =>
    lastRun(
      name,
      ofKnown.find(({ job }) => job === name),
      Date.now(),
    ),
  );
  const finding = judgeJobs(ofKnown, ok(`None of ${names.length} jobs failed in its last run.`));
  const newest = [...Map.groupBy(ofKnown, ({ job }) => job).values()].flatMap(([run]) => run ?? []);
  return {
    ...finding,
    what: [finding.what, ...told].join(' '),
    facts: {
      failing: newest.filter(({ error }) => error !== null).map(({ job, error }) => ({ job, error })),
      last: Object.fromEntries(
        TOLD.map((name) => [name, newest.find(({ job }) => job === name)?.started_at?.toISOString() ?? null]),
      ),
    },
  };
}

export function lastRun(name: string, run: JobRun | undefined, now: number): string {
  if (!run?.started_at) return `${name} never ran.`;
  const age = inTime((now - run.started_at.getTime()) / 1000);
  const how = run.error !== null ? 'failed' : run.ended_at === null ? 'is under way' : 'succeeded';
  return `${name} ran ${age} ago and ${how}.`;
}

/** How many mails wait, and for how long. */
export async function lookAtOutbox({ schema }: DoctorContext): Promise<Finding> {
  const size = await outboxSize(await schema());
  return { ...judgeOutbox(size), facts: size };
}

/** How much of the day's quota is used. */
export async function lookAtQuota(context: DoctorContext): Promise<Finding> {
  const answers = await checkSes(context);
  if (answers.status !== 'ok') return answers;
  const quota = await context.quota();
  return { ...judgeQuota(quota), facts: quota };
}
