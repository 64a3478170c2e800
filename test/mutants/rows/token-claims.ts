/** Faults of whose a token is: subjects of any form, roles wherever a provider puts them, secrets that are too short. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

const CLAIMS = 'services/api/identity/claims.ts';

export const tokenClaimMutants: readonly Mutant[] = [
  ...mutantsOf(CLAIMS, 'test/api/token-claims.test.ts', [
    ['null is a user', ['C39'], ' && value !== null', '', 'two null'],
    [
      'a role that is denied is had',
      ['I27'],
      'given === false || given === null',
      'given === null',
      'names that are denied',
    ],
    [
      'what every object has is a claim',
      ['I27'],
      'if (!Object.hasOwn(value, name)) continue;',
      'if (!(name in value)) continue;',
      'of nobody’s own',
    ],
    [
      'a name with dots is not found',
      ['C39'],
      'let end = path.length; end > 0;',
      "let end = path.includes('.') ? path.lastIndexOf('.') : path.length; end > 0;",
      'Auth0’s URL',
    ],
    [
      'users of two issuers are one',
      ['I32', 'I68'],
      'userIdOf(read.subject, issuer)',
      'userIdOf(read.subject)',
      'one of two issuers is two',
    ],
  ]),
  ...mutantsOf('services/runtime/subject.ts', 'test/api/token-claims.test.ts', [
    [
      'two large numbers are one user',
      ['I32', 'I68'],
      'Number.isSafeInteger(value)',
      'Number.isInteger(value)',
      '2^53',
    ],
    ['two halves of characters are one user', ['I32', 'I68'], 'value.isWellFormed()', 'true', 'half a pair'],
  ]),
  ...mutantsOf('services/api/identity/shared-secret.ts', 'test/api/token-check.test.ts', [
    [
      'HS512 passes by a short secret',
      ['I32', 'T21'],
      '.filter(({ symmetricKeySize = 0 }) => symmetricKeySize >= hmac.bytesMin)',
      '',
      'of HS512 passes by a secret',
    ],
  ]),
  ...mutantsOf('services/api/identity/token-check.ts', 'test/api/token-memory.test.ts', [
    [
      'long tokens are remembered without bound',
      ['T29'],
      ' && length <= characters',
      '',
      'is bounded in characters too',
    ],
  ]),
  ...mutantsOf('services/core/administer.ts', 'test/api/registration.test.ts', [
    [
      'the host application undoes what an admin took back',
      ['I27', 'I70'],
      "if (method === 'registration' && isTakenBack(state, userId))",
      'if (false)',
      'does not undo what an admin took back',
    ],
  ]),
  ...mutantsOf('services/api/routes/admin/assert-verification.ts', 'test/api/registration.test.ts', [
    [
      'the host application speaks as an admin',
      ['I27', 'C21'],
      "if (method === 'admin' && !hasRole(caller, adminRoles))",
      'if (false)',
      'of its own role, as an admin',
    ],
  ]),
  ...mutantsOf(CLAIMS, 'test/api/registration.test.ts', [
    [
      'an issuer that does not vouch for an address is believed',
      ['I02'],
      "|| (isVerified !== true && isVerified !== 'true')",
      '',
      'that an address is verified: false',
    ],
  ]),
  ...mutantsOf('services/config/identity.ts', 'test/docs/identity-providers.test.ts', [
    ['an issuer’s URL finds no keys', ['I69', 'I32'], '{ issuerUrl: JWT_ISSUER }', 'undefined', 'Keycloak'],
  ]),
  ...mutantsOf('services/api/messages/speak.ts', 'test/api/messages.test.ts', [
    [
      'people are told to come back too early',
      ['I72'],
      'Math.ceil(seconds / MINUTE)',
      'Math.floor(seconds / MINUTE)',
      '121 seconds',
    ],
    [
      'whoever asks again is answered in another language',
      ['I72', 'I07'],
      "c.get('language') ?? c.get",
      'c.get',
      'is the same bytes',
    ],
  ]),
];
