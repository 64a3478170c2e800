/** Faults of the jobs that make and read backups. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const backupJobMutants: readonly Mutant[] = [
  ...mutantsOf('services/scheduler/jobs/backup.ts', 'test/scheduler/backup.test.ts', [
    [
      'old backups go before there is a new one',
      ['I44'],
      '  const made = await makeDump(',
      '  await forgetOldDumps(folder, keepDays);\n  const made = await makeDump(',
      'that fails deletes nothing',
    ],
    [
      'a backup of last week is new enough',
      ['I44'],
      'const NEWEST_HOURS_MAX = 25;',
      'const NEWEST_HOURS_MAX = 180;',
      'an hour late is late',
    ],
    [
      'a check that was stopped is content',
      ['I44'],
      'if (signal.aborted) throw',
      'if (signal.aborted) break; else if (n < 0) throw',
      'that is stopped says',
    ],
    [
      'no backup at all is no problem',
      ['I44'],
      'if (!newest) return [`There',
      'if (!newest) return []; if (folder === "") return [`There',
      'where there is none',
    ],
  ]),
  ...mutantsOf('services/cli/backup.ts', 'test/cli/backup.test.ts', [
    [
      'a damaged backup ends well',
      ['I44'],
      'if (problems.length > 0) process.exitCode = 1;',
      'if (problems.length > 9) process.exitCode = 1;',
      'names a damaged one',
    ],
  ]),
  ...mutantsOf('compose.yaml', 'test/stack-files/containers.test.ts', [
    [
      'the backups go with the container',
      ['I44'],
      '      - *backups\n      - *off-site\n      - ledger',
      '      - *off-site\n      - ledger',
      'has the folders and volumes',
    ],
    [
      'the WAL goes with the container',
      ['I47'],
      '[*secrets-backup, *backups, ',
      '[*secrets-backup, ',
      'has the folders and volumes',
    ],
  ]),
];
