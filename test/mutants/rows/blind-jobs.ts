/** Faults put in without looking at the tests: the jobs' and the commands'. */
import type { Mutant } from '../mutant.ts';
import { mutantsOf } from '../file-rows.ts';

export const blindJobsMutants: readonly Mutant[] = [
  ...mutantsOf('services/scheduler/start.ts', 'test/scheduler/process.test.ts', [
    [
      'what a job records is not counted',
      ['F19'],
      'count(() => stepsOf(events, state)),',
      'void count,',
      'runs on whatever one of them does',
    ],
  ]),
  ...mutantsOf('services/scheduler/run-job.ts', 'test/scheduler/process.test.ts', [
    [
      'how long a job took is counted in milliseconds',
      ['F19'],
      '(performance.now() - started) / 1000);',
      'performance.now() - started);',
      'runs on whatever one of them does',
    ],
  ]),
  ...mutantsOf('services/scheduler/jobs/compare-sample.ts', 'test/scheduler/jobs.test.ts', [
    ['one address is drawn a minute', ['I30', 'T27'], 'DRAWS = 100', 'DRAWS = 1', 'draws a hundred events'],
  ]),
  ...mutantsOf('services/cli/import/import.ts', 'test/cli/import-pages.test.ts', [
    [
      'a row that was refused is said to be there',
      ['I31'],
      "else if (handled.kind === 'rejected') report.skipped(`Refused: ${handled.rejection.code}.`, id);\n",
      '',
      'a row that is refused is left out by name',
    ],
  ]),
  ...mutantsOf('services/cli/import/command.ts', 'test/cli/import-command.test.ts', [
    [
      'the rows left out stand in one line',
      ['I31'],
      '.map((line) => `${line}\\n`)\n              ',
      '',
      'whom the ledger of erasures lists',
    ],
  ]),
  ...mutantsOf('services/cli/accounts.ts', 'test/cli/accounts.test.ts', [
    [
      'a password loses the blanks around it',
      ['C28'],
      ".replace(/\\r?\\n$/, '')",
      '.trim()',
      'reads the password from standard input, a line,',
    ],
  ]),
  ...mutantsOf('services/store/database.ts', 'test/cli/accounts.test.ts', [
    [
      'a command keeps its sessions',
      ['T26'],
      '    await pool.end({ timeout: 5 });\n',
      '    void pool;\n',
      'no command leaves a session behind',
    ],
  ]),
];
