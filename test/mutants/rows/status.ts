/** Faults of the status: a fault that is told as well, a part that holds up the rest, a figure that few may see. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const statusMutants: readonly Mutant[] = [
  ...mutantsOf('services/cli/status.ts', 'test/cli/status.test.ts', [
    [
      'a status that is wrong ends well',
      ['F27'],
      'if (firstWrong(results)) process.exitCode = 1;',
      'if (results.length === 0) process.exitCode = 1;',
      'names what is wrong first',
    ],
  ]),
  ...mutantsOf('services/cli/status/part.ts', 'test/cli/status.test.ts', [
    [
      'a part of the status waits for as long as it takes',
      ['F06', 'F27'],
      'PART_MILLISECONDS_MAX = 3000',
      'PART_MILLISECONDS_MAX = 9000',
      'never answer it ends',
    ],
  ]),
  ...mutantsOf('services/cli/status/programs.ts', 'test/cli/status.test.ts', [
    [
      'an api that never answers is not told as wrong',
      ['F24'],
      'checkApi(context, ASKED_MILLISECONDS_MAX)',
      'checkApi(context)',
      'never answer it ends',
    ],
    [
      'the status does not say when the last backup was made',
      ['I44'],
      "[finding.what, ...told].join(' ')",
      'finding.what',
      'says that all is well',
    ],
  ]),
  ...mutantsOf('services/cli/status/programs.ts', 'test/cli/status-judges.test.ts', [
    [
      'a scheduler that leads and does nothing is well',
      ['F19'],
      "overdue.status === 'ok' ? ok(",
      "overdue.status !== 'warning' ? ok(",
      'leaves codes open is wrong',
    ],
  ]),
  ...mutantsOf('services/cli/status/database.ts', 'test/cli/status-judges.test.ts', [
    [
      'a transaction that was left open is not told',
      ['F28'],
      'oldest !== null && oldest > TRANSACTION_SECONDS_WARNING',
      'oldest !== null && oldest < 0',
      'is warning',
    ],
    [
      'a slot whose log is gone is well',
      ['F27'],
      "walStatus === 'lost' || walStatus === 'unreserved'",
      "walStatus === 'gone'",
      'are wrong',
    ],
  ]),
  ...mutantsOf('services/cli/doctor/backups.ts', 'test/cli/status-judges.test.ts', [
    [
      'backups of three days are good enough',
      ['F17'],
      'WRONG_HOURS = 50',
      'WRONG_HOURS = 74',
      'are judged by those with a manifest',
    ],
    [
      'a backup without a manifest is a new one',
      ['I44', 'F17'],
      'const good = dumps.find(isGood);',
      'const good = dumps.find((one) => isGood(one) || one.bytes > 0);',
      'are judged by those with a manifest',
    ],
  ]),
  ...mutantsOf('services/runtime/ask-edge.ts', 'test/cli/doctor-edge.test.ts', [
    [
      'a certificate that clients refuse is well',
      ['F23'],
      'refused: authorized ? null',
      'refused: authorizationError !== undefined ? null',
      'a certificate that nobody vouches for',
    ],
  ]),
  ...mutantsOf('services/cli/doctor/edge.ts', 'test/cli/doctor-edge.test.ts', [
    [
      'a certificate is good until its last day',
      ['F23'],
      'const WARNING_DAYS = 14;',
      'const WARNING_DAYS = 1;',
      'is warning',
    ],
    [
      'an edge that answers 503 is well',
      ['F23'],
      'if (status !== 200)',
      'if (status === 200 && days < 0)',
      '"status":503',
    ],
    [
      'nobody asks from outside',
      ['F23'],
      'if (!isServed(environment))',
      'if (host)',
      'is nothing where API_DOMAIN is localhost',
    ],
  ]),
];
