/** Faults of `./sealpost apply`, and of settings that are refused before anything is made of them. */
import { mutantsOf } from '../file-rows.ts';

const ORDER = 'it looks first, then writes the secrets';

export const stackApplyMutants = [
  ...mutantsOf('sealpost', 'test/stack-files/back.test.ts', [
    [
      'it goes back without asking',
      ['I24'],
      '[ "$answer" = yes ] || fail',
      '[ "$answer" = yes ] || say',
      'asked and answered',
    ],
  ]),
  ...mutantsOf('sealpost', 'test/stack-files/apply.test.ts', [
    [
      'settings are applied unasked',
      ['I24'],
      '[ "$1" != --yes ] || return 0',
      '[ -n "$1" ] || return 0',
      'asked and answered',
    ],
  ]),
  ...mutantsOf('services/stack/rotate.sh', 'test/stack-files/rotate.test.ts', [
    [
      'the owner’s password is another one than the database’s',
      ['T25'],
      '  [ "$1" != POSTGRES_PASSWORD ] || tell_owner',
      '  [ "$1" = POSTGRES_PASSWORD ] || tell_owner',
      'POSTGRES_PASSWORD is told to the database',
    ],
    [
      'the statistics of statements have a password',
      ['T25'],
      "set pg_stat_statements.track = 'none';\n",
      '',
      'POSTGRES_PASSWORD is told to the database',
    ],
    [
      'the first api signs with what the others do not accept',
      ['I24', 'T24'],
      '    roll_apis\n',
      '',
      'all apis accept the next one',
    ],
    [
      'what was not rotated is taken up',
      ['I24'],
      '|| fail "$1 was not rotated',
      '|| say "$1 was not rotated',
      'where it cannot be made',
    ],
  ]),
  ...mutantsOf('services/stack/apply.sh', 'test/stack-files/apply.test.ts', [
    [
      'a setting that is refused is applied',
      ['I24'],
      "    fail 'These settings are not accepted",
      "    say 'These settings are not accepted",
      'These settings are not accepted',
    ],
    [
      'what the api refuses is applied',
      ['I24'],
      "|| fail 'The api does not accept",
      "|| say 'The api does not accept",
      'The api does not accept',
    ],
    [
      'an upgrade without a backup, by another name',
      ['I24', 'F18'],
      '    fail "Version $tag runs',
      '    say "Version $tag runs',
      'Version 2.0.0 runs',
    ],
    [
      'apis with a password that the role does not have yet',
      ['I24'],
      '  compose run --rm --no-deps -T migrate </dev/null\n  roll_apis\n',
      '  roll_apis\n  compose run --rm --no-deps -T migrate </dev/null\n',
      ORDER,
    ],
    [
      'the scheduler goes on with the old secrets',
      ['T25'],
      ' --force-recreate scheduler receiver',
      ' scheduler receiver',
      ORDER,
    ],
    ['what else is made anew is not told', ['I24'], 'ran[$1] != $2', 'ran[$1] == $1', 'what else would be made anew'],
  ]),
  ...mutantsOf('services/cli/secrets.ts', 'test/cli/secrets-file.test.ts', [
    [
      'wrong settings of .env become files',
      ['T24'],
      'if (problems.length > 0) throw',
      'if (problems.length > 99) throw',
      'wrong settings in the file are refused',
    ],
    [
      '--check writes',
      ['T24'],
      'const changed = changedSecrets(folder, given);',
      'const changed = changedSecrets(folder, given);\n        writeSecrets(folder, given);',
      '--check names the secrets',
    ],
  ]),
  ...mutantsOf('services/cli/stack-settings.ts', 'test/cli/secrets-file.test.ts', [
    [
      'a folder of the machine is looked for in the container',
      ['F18'],
      '    !ofTheStack.has(name) &&\n',
      '',
      'wrong settings in the file are refused',
    ],
  ]),
];
