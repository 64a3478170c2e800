/** Faults of `sealpost db`: a value that is shown, a database whose owner may not count, advice that is none. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const dbMutants: readonly Mutant[] = [
  ...mutantsOf('services/cli/db.ts', 'test/cli/db.test.ts', [
    ['a slow statement shows its values', ['T20'], "line.split(/'|\\$(?!\\d)/)", "line.split('\\n')", 'it shows'],
    ['a slow statement shows numbers', ['T20'], '.replaceAll(/(?<![$\\w])\\d{4,}/g,', ".replaceAll('\\n',", 'it shows'],
    [
      'a statement that sets a password is shown',
      ['T20', 'T25'],
      'if (!HAS_PARAMETERS.test(line))',
      "if (line === '')",
      'it shows "alter …"',
    ],
  ]),
  ...mutantsOf('services/cli/db-advice.ts', 'test/cli/db.test.ts', [
    [
      'dead rows that a transaction keeps are to be vacuumed',
      ['F28'],
      'lastVacuum !== null && now - lastVacuum.getTime() < DAY_MILLISECONDS',
      'lastVacuum !== null && now < lastVacuum.getTime()',
      'it advises',
    ],
  ]),
  ...mutantsOf('migrations/023_create_statement_statistics.sql', 'test/cli/db.test.ts', [
    [
      'who is no superuser cannot migrate',
      ['I25', 'T26'],
      'insufficient_privilege or ',
      '',
      'goes on where the server does not count',
    ],
  ]),
  ...mutantsOf('services/store/migrate.ts', 'test/cli/db.test.ts', [
    [
      'a restored database has no statistics for ever',
      ['I25'],
      'new Set([23])',
      'new Set([99])',
      'says in a sentence what is lacking',
    ],
  ]),
  ...mutantsOf('services/backup/dump.ts', 'test/backup/dump.test.ts', [
    [
      'a backup asks for an extension that another server lacks',
      ['I44'],
      'knows ? [...ARGUMENTS, argument] : ARGUMENTS',
      'ARGUMENTS',
      'has the database and the time in its name',
    ],
    [
      'an older pg_dump makes no backup',
      ['I44'],
      'knows ? [...ARGUMENTS, argument] : ARGUMENTS',
      '[...ARGUMENTS, argument]',
      'knows no exclusion',
    ],
  ]),
];
