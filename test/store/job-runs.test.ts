/** How much of the record of runs is kept, and what is read of it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  askForRun,
  beginAskedRun,
  beginRun,
  endRun,
  forgetJobRuns,
  newestRuns,
  noteRun,
  oldestAskedRun,
  readHistory,
  readJobs,
  readRun,
  replaceJobs,
  withdrawRun,
} from '../../services/store/job-runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { unstopped } from '../support/handlers.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => db.empty());

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

test('keeps a thousand runs of a job that succeeded and a thousand that failed, and every one under way', async () => {
  await db.owner`
    insert into job_runs (job, slot, started_at, ended_at, error)
    select job, timestamptz '2026-01-01Z' + n * interval '1 s' + half * interval '0.5 s', now(), now(), case half when 1 then 'no' end
    from unnest(array['a', 'b']) as job, generate_series(1, 1003) as n, generate_series(0, 1) as half
  `;
  await db.owner`insert into job_runs (job, slot, started_at) values ('a', '2020-01-01Z', now())`;
  await db.owner`update job_runs set id = id - 100000 where ended_at is null`.catch(() => {});
  await db.owner`delete from job_runs where job = 'b' and slot < timestamptz '2026-01-01Z' + interval '990 s'`;
  expect(await forgetJobRuns(db.sql, unstopped)).toBe(6);
  const left = await db.owner`
    select job, error, count(*)::int as n, min(slot) as first from job_runs where ended_at is not null group by 1, 2 order by 1, 2 nulls first`;
  expect(left.map(({ job, error, n }) => [job, error, n])).toEqual([
    ['a', null, 1000],
    ['a', 'no', 1000],
    ['b', null, 14],
    ['b', 'no', 14],
  ]);
  expect(left[0]?.first).toEqual(at(4));
  expect(await db.owner`select job from job_runs where ended_at is null`).toEqual([{ job: 'a' }]);
  expect(await forgetJobRuns(db.sql, unstopped)).toBe(0);
});

test('a slot is run once; the next run closes what was left under way', async () => {
  const first = Number(await beginRun(db.sql, 'a', at(1)));
  expect(await beginRun(db.sql, 'b', at(1))).toBeGreaterThan(first);
  await noteRun(db.sql, first, 'half way');
  expect(await beginRun(db.sql, 'a', at(2))).toBeGreaterThan(first);
  expect(await readRun(db.sql, first)).toMatchObject({
    note: 'half way',
    count: null,
    error: 'interrupted: the scheduler went away',
  });
  // What comes too late changes nothing.
  await endRun(db.sql, first, { count: 9, error: null });
  await noteRun(db.sql, first, 'late');
  expect(await readRun(db.sql, first)).toMatchObject({ note: 'half way', count: null });
  expect(await beginRun(db.sql, 'a', at(1))).toBeUndefined();
  const [b] = await readHistory(db.sql, { job: 'b', failed: false, limit: 1 });
  expect(b).toMatchObject({ job: 'b', ended_at: null });
});

test('what is asked for is taken oldest first, of the jobs that are idle, once', async () => {
  const [one, two, three] = [await askForRun(db.sql, 'a'), await askForRun(db.sql, 'b'), await askForRun(db.sql, 'a')];
  expect(await oldestAskedRun(db.sql, ['b'])).toEqual({ id: two, job: 'b' });
  expect(await oldestAskedRun(db.sql, [])).toBeUndefined();
  expect(await oldestAskedRun(db.sql, ['a', 'b'])).toEqual({ id: one, job: 'a' });
  expect(await beginAskedRun(db.sql, one, 'a')).toBe(one);
  expect(await beginAskedRun(db.sql, one, 'a')).toBeUndefined();
  expect(await withdrawRun(db.sql, one)).toBe(false);
  expect(await withdrawRun(db.sql, three)).toBe(true);
  expect(await oldestAskedRun(db.sql, ['a'])).toBeUndefined();
  expect(await readRun(db.sql, three)).toBeUndefined();
});

test('of each job the newest run and the newest success, and nothing of a job that is gone', async () => {
  await replaceJobs(db.sql, [
    { name: 'a', pattern: '* * * * *', deadline_seconds: 1 },
    { name: 'gone', pattern: '* * * * *', deadline_seconds: 1 },
  ]);
  await replaceJobs(db.sql, [
    { name: 'a', pattern: '0 2 * * *', deadline_seconds: 2 },
    { name: 'b', pattern: '0 3 * * *', deadline_seconds: 3 },
  ]);
  expect(await readJobs(db.sql)).toEqual([
    { name: 'a', pattern: '0 2 * * *', deadline_seconds: 2 },
    { name: 'b', pattern: '0 3 * * *', deadline_seconds: 3 },
  ]);
  for (const [job, second, error] of [
    ['a', 1, null],
    ['a', 2, null],
    ['a', 3, 'no'],
    ['b', 1, null],
    ['gone', 1, null],
  ] as const) {
    await endRun(db.sql, Number(await beginRun(db.sql, job, at(second))), { count: second, error });
  }
  await askForRun(db.sql, 'b');
  const runs = await newestRuns(db.sql);
  expect(runs.map(({ job, slot, error }) => [job, slot, error])).toEqual([
    ['a', at(3), 'no'],
    ['a', at(2), null],
    ['b', at(1), null],
  ]);
});
