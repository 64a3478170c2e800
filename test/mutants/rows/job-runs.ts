/** Faults of what was missed, of the record of runs and of the command that shows it. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const jobRunMutants: readonly Mutant[] = [
  ...mutantsOf('services/scheduler/term.ts', 'test/scheduler/runs.test.ts', [
    ['what was missed stays missed', ['I43'], 'if (last.slot < due) return due;', '', 'ran three nights ago'],
    [
      'what was interrupted is left so',
      ['I43'],
      'return interrupted && !again ?',
      'return interrupted && again ?',
      'was interrupted last night',
    ],
    [
      'what is interrupted each time is begun for ever',
      ['I43'],
      'return interrupted && !again ?',
      'return interrupted ?',
      'was interrupted twice',
    ],
    [
      'a job that never ran is begun at once',
      ['I43'],
      'if (!last) return firstAtOnce ? due : undefined;',
      'if (!last) return due;',
      'never ran',
    ],
    [
      'a success before this process is forgotten',
      ['I43'],
      '    showLast(metrics, job.name, runs);\n',
      '',
      'tells of the success before',
    ],
  ]),
  ...mutantsOf('services/scheduler/run-job.ts', 'test/scheduler/runs.test.ts', [
    [
      'the end of a run is not recorded',
      ['I43'],
      '() => endRun(sql, id, end)',
      '() => Promise.resolve()',
      'has what each did',
    ],
    ['what a run said last is not recorded', ['I43'], '    await notes.last();\n', '', 'has what each did'],
    [
      'a job that works again is still told as failing',
      ['I43'],
      'if (failing.delete(name))',
      'if (failing.has(name))',
      'takes a failure back',
    ],
    ['a job that fails is healthy', ['I43'], '      failing.add(name);\n', '', 'has what each did'],
    [
      'when a job last succeeded is not told',
      ['I43'],
      'metrics.jobFailing.set({ job_name: name }, 1);',
      '',
      'has what each did',
    ],
  ]),
  ...mutantsOf('services/runtime/safe-error.ts', 'test/scheduler/runs.test.ts', [
    [
      'a record has the words of whatever failed',
      ['I15', 'T20'],
      "if (!(error instanceof Error)) return 'unknown';\n  if (error instanceof PlainError) return error.message;",
      'if (error instanceof Error) return error.message;',
      'in words that hold no address',
    ],
  ]),
  ...mutantsOf('services/store/job-runs.ts', 'test/scheduler/runs.test.ts', [
    [
      'an interrupted run stays under way for ever',
      ['I43'],
      'where job = ${job} and started_at is not null and ended_at is null\n    )\n    insert',
      'where false\n    )\n    insert',
      'was interrupted last night',
    ],
  ]),
  ...mutantsOf('services/store/job-runs.ts', 'test/store/job-runs.test.ts', [
    [
      'what is asked for runs beside the same job',
      ['I43'],
      'and started_at is null and job in (',
      'and started_at is null and job not in (',
      'of the jobs that are idle',
    ],
    [
      'what is asked for runs twice',
      ['I43'],
      'where id = ${id} and started_at is null returning id',
      'where id = ${id} returning id',
      'of the jobs that are idle',
    ],
    [
      'a run under way is taken back',
      ['I43'],
      'where id = ${id} and started_at is null`;\n  return count',
      'where id = ${id}`;\n  return count',
      'of the jobs that are idle',
    ],
  ]),
  ...mutantsOf('services/store/job-runs.ts', 'test/store/job-runs.test.ts', [
    [
      'the record of runs grows for ever',
      ['F27'],
      'where nth > ${RUNS_KEPT}',
      'where nth > 100000',
      'keeps a thousand',
    ],
    [
      'failures are washed out by what succeeds',
      ['F27'],
      'partition by job, error is null order',
      'partition by job order',
      'keeps a thousand',
    ],
    [
      'a run under way is forgotten',
      ['I43'],
      '          where ended_at is not null\n        ) as counted',
      '        ) as counted',
      'keeps a thousand',
    ],
  ]),
  ...mutantsOf('services/cli/jobs.ts', 'test/cli/jobs.test.ts', [
    [
      'a run is asked for where nobody works',
      ['I43'],
      '  if (!(await isLeaseHeld(sql))) throw new Error(NO_SCHEDULER);\n  const [newest]',
      '  const [newest]',
      'says so, and asks for nothing',
    ],
    [
      'a failed run ends well',
      ['I43'],
      'if (ended.error !== null) process.exitCode = 1;',
      '',
      'a job runs now and tells',
    ],
  ]),
  ...mutantsOf('services/scheduler/start.ts', 'test/scheduler/leadership.test.ts', [
    [
      'who stands by is unhealthy for what it did before',
      ['I43'],
      'for (const { name } of table) failing.delete(name);',
      '',
      'is healthy again',
    ],
  ]),
  ...mutantsOf('services/cli/doctor/programs.ts', 'test/cli/doctor-judges.test.ts', [
    [
      'the doctor remembers a failure that is over',
      ['I35'],
      '.flatMap(([run]) => run ?? [])',
      '.flatMap((all) => all)',
      'one that works again is not',
    ],
  ]),
  ...mutantsOf('services/backup/dump.ts', 'test/backup/dump.test.ts', [
    [
      'a backup takes the name of one that is there',
      ['I44'],
      'return existsSync(join(folder, name)) ?',
      'return existsSync(`${name}.never`) ?',
      'of two in one second',
    ],
  ]),
  ...mutantsOf('services/scheduler/start.ts', 'test/scheduler/runs.test.ts', [
    [
      'a mail service that is away makes the scheduler unwell',
      ['I43'],
      '.filter((name) => !outside.has(name))',
      '',
      'has what each did',
    ],
  ]),
];
