/** `sealpost jobs` beside a scheduler: the list, a run now with its words, the history, and what is said where there is none. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addJobs } from '../../services/cli/jobs.ts';
import { PlainError } from '../../services/runtime/safe-error.ts';
import type { Job } from '../../services/scheduler/job.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runCommand } from '../support/command.ts';
import { jobOf, runScheduler, schedulerEnvironment } from '../support/scheduler.ts';

const NEVER = '0 0 29 2 *';
const NO_SCHEDULER = 'No scheduler works now: start it, then try again. "sealpost doctor" says what it lacks.\n';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => db.empty());

const sealpost = (...args: string[]) => runCommand(addJobs, args, schedulerEnvironment(db));

async function withScheduler(table: readonly (readonly [name: string, runOnce: Job['runOnce']])[]) {
  const scheduler = await runScheduler(
    db,
    table.map(([name, runOnce]) => jobOf(name, runOnce, NEVER)),
  );
  await expect.poll(() => db.owner`select from jobs`).toHaveLength(table.length);
  return scheduler.stop;
}

describe('with a scheduler', () => {
  test('a job runs now and tells how far it is; list and history know of it', async () => {
    await withScheduler([
      [
        'backup',
        async ({ say }) => {
          say('dumping');
          await db.owner`select pg_sleep(1.1)`;
          say('dumped 3 MiB');
          return 1;
        },
      ],
      ['breaks', () => Promise.reject(new PlainError('The disk is full.'))],
    ]);
    const done = await sealpost('jobs', 'run', 'backup');
    expect(done.stdout).toMatch(/^backup: did 1 in \d\.\d s \(dumped 3 MiB\)\.\n$/);
    expect([done.code, done.stderr]).toEqual([0, 'dumping\ndumped 3 MiB\n']);
    const failed = await sealpost('jobs', 'run', 'breaks');
    expect([failed.code, failed.stdout]).toEqual([
      1,
      expect.stringMatching(/^breaks: failed after \d\.\d s: The disk is full\.\n$/),
    ]);

    const list = await sealpost('jobs', 'list');
    expect(list.code).toBe(0);
    const lines = list.stdout.split('\n');
    expect(lines[0]).toMatch(/^job +runs at +last run +outcome$/);
    expect(lines[1]).toMatch(
      /^backup +0 0 29 2 \* +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +did 1 in \d\.\d s +next 2028-02-29 00:00:00$/,
    );
    expect(lines[2]).toMatch(/^breaks .* failed after \d\.\d s: The disk is full +last success never$/);

    const history = await sealpost('jobs', 'history');
    expect(history.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['job', 'breaks', 'backup', '']);
    expect((await sealpost('jobs', 'history', '--failed')).stdout).not.toContain('backup');
    const json = await sealpost('jobs', 'history', 'backup', '--json', '--limit', '1');
    expect(JSON.parse(json.stdout)).toMatchObject({ job: 'backup', asked: true, count: 1, error: null });
    const listed = JSON.parse((await sealpost('jobs', 'list', '--json')).stdout) as {
      name: string;
      lastSuccess: string | null;
    }[];
    expect(listed.map(({ name, lastSuccess }) => [name, lastSuccess === null])).toEqual([
      ['backup', false],
      ['breaks', true],
    ]);
  });

  test('a run that is asked for while the job runs follows it', async () => {
    const held = Promise.withResolvers<number>();
    let runs = 0;
    await withScheduler([['slow', () => (++runs === 1 ? held.promise : Promise.resolve(2))]]);
    const first = sealpost('jobs', 'run', 'slow');
    await expect.poll(() => runs, { timeout: 5000 }).toBe(1);
    await db.owner`insert into job_runs (job, slot, asked) values ('slow', now(), true)`;
    await db.owner`select pg_sleep(2.5)`;
    expect(runs).toBe(1);
    held.resolve(1);
    expect((await first).stdout).toMatch(/^slow: did 1 /);
    await expect.poll(() => runs, { timeout: 5000 }).toBe(2);
    await expect.poll(() => db.owner`select from job_runs where ended_at is null`).toHaveLength(0);
    const rows = await db.owner`select count, error from job_runs order by id`;
    expect(rows).toEqual(
      [
        { count: 1, error: null },
        { count: 2, error: null },
      ].map((row) => ({ ...row, count: String(row.count) })),
    );
  });

  test('names the jobs there are where there is no such job, and what a limit may be', async () => {
    await withScheduler([
      ['one', async () => 0],
      ['two', async () => 0],
    ]);
    const none = 'There is no job three; there are one, two.\n';
    expect(await sealpost('jobs', 'run', 'three')).toEqual({ code: 1, stdout: '', stderr: none });
    expect((await sealpost('jobs', 'history', 'three')).stderr).toBe(none);
    expect((await sealpost('jobs', 'history')).stdout).toBe('No runs.\n');
    for (const limit of ['0', '2001', '1.5', 'x']) {
      expect((await sealpost('jobs', 'history', '--limit', limit)).stderr).toContain(
        'must be a whole number from 1 to 2000',
      );
    }
    expect(await db.owner`select from job_runs`).toEqual([]);
  });
});

describe('without one', () => {
  test('says so, and asks for nothing', async () => {
    expect(await sealpost('jobs', 'run', 'backup')).toEqual({ code: 1, stdout: '', stderr: NO_SCHEDULER });
    const stop = await withScheduler([['backup', async () => 0]]);
    await stop();
    expect(await sealpost('jobs', 'run', 'backup')).toEqual({ code: 1, stdout: '', stderr: NO_SCHEDULER });
    const list = await sealpost('jobs', 'list');
    expect([list.code, list.stderr]).toEqual([1, NO_SCHEDULER]);
    expect(list.stdout).toContain('never ran');
    expect(await db.owner`select from job_runs`).toEqual([]);
  });
});
