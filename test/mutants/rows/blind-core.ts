/** Faults put in without looking at the tests: the rules'. */
import type { Mutant } from '../mutant.ts';
import { mutantsOf } from '../file-rows.ts';

export const blindCoreMutants: readonly Mutant[] = [
  ...mutantsOf('services/core/verify-code.ts', 'test/core/guesses.test.ts', [
    [
      'a code may be guessed as often as is set now',
      ['I02', 'T1'],
      'if (code.attempts >= code.attemptsMax)',
      'if (code.attempts >= policy.attemptsMax)',
      'goes by the guesses its code was issued with',
    ],
  ]),
  ...mutantsOf('services/core/evolve.ts', 'test/core/evolve-mailings.test.ts', [
    [
      'a mail sent again leaves the caps with the first',
      ['I05', 'C37', 'T9'],
      '(code.mailings.at(-1)?.at ?? 0) > since',
      '(code.mailings.at(0)?.at ?? 0) > since',
      'those whose last mail was within a day',
    ],
  ]),
  ...mutantsOf('services/core/record-feedback.ts', 'test/core/record-feedback.test.ts', [
    [
      'a bounce of seven days ago still counts',
      ['I12', 'T10'],
      'at > now - SOFT_BOUNCES_MILLISECONDS',
      'at >= now - SOFT_BOUNCES_MILLISECONDS',
      'the third 604800 s after the first',
    ],
  ]),
];
