/** Faults of the rotation of secrets that a stack has made, and of the ledger's own keys. */
import { mutantsOf } from '../file-rows.ts';

export const stackRotateMutants = [
  ...mutantsOf('services/cli/made-secrets.ts', 'test/cli/secrets-file.test.ts', [
    [
      'the secret that signed until now is forgotten',
      ['I50', 'T24'],
      "  if (next !== before) writeMade(folder, 'JWT_SECRET_PREVIOUS', before);\n",
      '',
      'JWT_SECRET has a next one',
    ],
    [
      'a rotation that is ended later forgets the secret before',
      ['I50', 'T24'],
      '  if (next !== before) writeMade',
      '  writeMade',
      'after the next one was put in its place',
    ],
    [
      'the next secret is accepted by nobody before it signs',
      ['I50', 'T24', 'I24'],
      'return nextOf(folder) ?? textOf(',
      'return textOf(',
      'JWT_SECRET has a next one',
    ],
    [
      'who begins a rotation again gets another next secret',
      ['I50', 'T24'],
      'if (textOf(placeOf(folder, NEXT_JWT_SECRET)) === undefined) ',
      '',
      'JWT_SECRET has a next one',
    ],
    [
      'a made secret is accepted beside the operator’s',
      ['I50', 'T24'],
      '  if (environment.JWT_SECRET) return undefined;\n',
      '',
      'JWT_SECRET of .env is the operator',
    ],
    [
      'a rotated ledger forgets the keys before',
      ['I50', 'T34'],
      '${inLedgerForm([ledgerKey()])},${there}',
      '${inLedgerForm([ledgerKey()])}',
      'ERASURE_KEYS gets another key',
    ],
    [
      'the password of .env is rotated in vain',
      ['I50', 'T24'],
      'if (set)',
      'if (set && !needs)',
      '--rotate makes another app/DB_PASSWORD',
    ],
  ]),
  ...mutantsOf('services/config/keys.ts', 'test/cli/erasures.test.ts', [
    [
      'a ledger with keys of its own is not read with those of the codes',
      ['I50', 'T34'],
      'return newest ? [newest, ...older, ...others] : [first, ...more];',
      'return newest ? [newest, ...older] : [first, ...more];',
      'the keys of that time are printed',
    ],
    [
      'the ledger’s own keys are not used',
      ['I50', 'T34'],
      'return newest ? [newest, ...older, ...others] : [first, ...more];',
      'return newest && others.length > 9 ? [newest, ...older] : [first, ...more];',
      'a ledger with keys of its own',
    ],
  ]),
  ...mutantsOf('services/cli/stack-settings.ts', 'test/cli/stack-settings.test.ts', [
    [
      'half a pair of AWS keys passes',
      ['T24'],
      'Boolean(AWS_ACCESS_KEY_ID) === Boolean(AWS_SECRET_ACCESS_KEY)',
      '!AWS_ACCESS_KEY_ID || Boolean(AWS_SECRET_ACCESS_KEY)',
      'the other half',
    ],
    [
      'codes for others stay in the mailbox in silence',
      ['T24'],
      '  if (!isServed(environment) || AWS_ACCESS_KEY_ID',
      '  if (isServed(environment) || AWS_ACCESS_KEY_ID',
      'a domain without keys',
    ],
    [
      'the mailbox’s sender is everybody’s',
      ['T24'],
      '...(mailbox && !isServed(environment) ?',
      '...(mailbox ?',
      'the same without a sender',
    ],
  ]),
  ...mutantsOf('services/config/misspelt.ts', 'test/config/misspelt.test.ts', [
    [
      'two letters in the other order are two mistakes',
      ['T24'],
      'const swap = isSwapped ?',
      'const swap = isSwapped && i < 0 ?',
      'two in the other order',
    ],
    [
      'every name of a few letters is misspelt',
      ['T24'],
      'const max = name.length < LONG ? 1 : 2;',
      'const max = 2;',
      'further away: "GRAFANA_HOST"',
    ],
  ]),
  ...mutantsOf('services/stack/refresh.sh', 'test/stack-files/refresh.test.ts', [
    [
      'another major version of PostgreSQL is started on the files of this one',
      ['F18', 'I24'],
      '[ "$((has / 10000))" = "$wants" ] ||',
      '[ "$((has / 10000))" != "$has" ] ||',
      'refresh --yes refuses a database of another major version',
    ],
    [
      'images that are newer are not told',
      ['I24'],
      '[ "$runs" = "$(docker image',
      '[ -n "$runs" ] || [ "$runs" = "$(docker image',
      'where caddy:2 is newer',
    ],
    ['it refreshes unasked', ['I24'], '  agreed "$1" \'Refresh?\'\n', '', 'where caddy:2 is newer'],
    [
      'a build that failed is put in place',
      ['I24', 'I50'],
      "--pull secrets scheduler || fail 'Our",
      "--pull secrets scheduler || say 'Our",
      'where "build --quiet" fails',
    ],
  ]),
];
