/** Faults of what runs outside the stack: a check that overlooks or changes something, a log that leaves out an error. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const stackCheckMutants: readonly Mutant[] = [
  ...mutantsOf('services/stack/check.sh', 'test/stack-files/check.test.ts', [
    [
      'the check of the settings makes networks and volumes',
      ['T23'],
      'docker run --rm -i --network none',
      'docker compose run --rm -i --network none',
      'reads the settings as the programs do',
    ],
    [
      'the check shows a secret of .env',
      ['T25'],
      " -e 's/\\(quoted value\\).*/\\1/'",
      '',
      'a value that has no end is told',
    ],
    [
      'a check that found something ends well',
      ['I22'],
      '  exit 1\nfi\nprintf',
      '  exit 0\nfi\nprintf',
      'several are told',
    ],
    [
      'files that others cannot read are overlooked',
      ['T23'],
      '! -perm -004',
      '! -perm -400',
      'a clone that others cannot read',
    ],
    [
      'only the first fault is told',
      ['I22'],
      'wrong="$wrong${newline}wrong',
      'wrong="${newline}wrong',
      'several are told',
    ],
  ]),
  ...mutantsOf('services/stack/ports.sh', 'test/stack-files/check.test.ts', [
    ['a port of another stack is held by this one', ['I22'], '"$project "*)', '*)', 'of another stack is told'],
  ]),
  ...mutantsOf('services/stack/subnets.awk', 'test/stack-files/check.test.ts', [
    [
      'only the same network overlaps',
      ['T16'],
      'a[2] < b[2] ? a[2] + 0 : b[2] + 0',
      '32',
      'the network of another project',
    ],
  ]),
  ...mutantsOf('services/stack/names.awk', 'test/stack-files/check.test.ts', [
    [
      'a line within a value is a name',
      ['T25'],
      'quote = substr(value, 1, 1)',
      'quote = ""',
      'a value of several lines',
    ],
  ]),
  ...mutantsOf('services/stack/logs.sh', 'test/stack-files/logs.test.ts', [
    ['the log is in order of the containers', ['I22'], 'LC_ALL=C sort -s -k 3,3', 'cat', 'the newest line last'],
    [
      'an engine that is away has an empty log',
      ['I22'],
      'docker compose ps --quiet >/dev/null ||',
      'true ||',
      'is no empty log',
    ],
  ]),
  ...mutantsOf('services/stack/logs.awk', 'test/stack-files/logs.test.ts', [
    ['a crash is no error', ['I22'], '/^(api|scheduler|', '/^(scheduler|', 'has warnings and errors'],
    ['a warning is no error', ['I22'], '([4-9][0-9]', '([5-9][0-9]', 'has warnings and errors'],
  ]),
];
