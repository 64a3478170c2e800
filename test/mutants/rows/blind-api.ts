/** More faults of the api: the keys of an issuer that is away, bodies to the byte, a drain that never ends. */
import type { Mutant } from '../mutant.ts';
import { mutantsOf } from '../file-rows.ts';

export const blindApiMutants: readonly Mutant[] = [
  ...mutantsOf('services/api/auth.ts', 'test/api/issuer-tokens.test.ts', [
    [
      'an issuer that answers with a failure makes its tokens bad ones',
      ['C08', 'I32'],
      ' || error.code === errors.JOSEError.code;',
      ';',
      'as the issuer answers with a failure',
    ],
    [
      'an issuer that is silent makes its tokens bad ones',
      ['C08', 'I32'],
      'error instanceof errors.JWKSTimeout || ',
      '',
      'as the issuer does not answer',
    ],
  ]),
  {
    fault: 'a token that is over is judged by the secret before this one too',
    breaks: ['I32'],
    file: 'services/api/auth.ts',
    from: 'error instanceof errors.JWSSignatureVerificationFailed && index < secrets.length - 1',
    to: 'index < secrets.length - 1',
    test: 'test/api/token-check.test.ts',
    named: 'the secret before this one is tried',
  },
  {
    fault: 'a body of 4096 bytes is too large',
    breaks: ['T29'],
    file: 'services/api/body.ts',
    from: 'if (Number(stated ?? 0) > BODY_BYTES_MAX)',
    to: 'if (Number(stated ?? 0) >= BODY_BYTES_MAX)',
    test: 'test/api/body.test.ts',
    named: 'a stated length of 4096 bytes',
  },
  {
    fault: 'an answer that does not come holds a stop up for ever',
    breaks: ['F20'],
    file: 'services/api/drain.ts',
    from: 'passed > millisecondsMax || (',
    to: '(',
    test: 'test/api/health.test.ts',
    named: 'cuts off an answer that does not come',
  },
];
