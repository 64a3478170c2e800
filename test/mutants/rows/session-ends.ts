/** Faults of what ends a session or keeps a stranger out: credentials, tokens of accounts, limits of logins, hashes, issuers, the mailbox. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

const TOKENS = 'test/attack/tokens-of-accounts.test.ts';

export const sessionEndMutants: readonly Mutant[] = [
  ...mutantsOf('services/store/sessions.ts', 'test/store/sessions.test.ts', [
    [
      'a login does not ask whether the password that it compared still stands',
      ['I28', 'C29'],
      ' and password_hash = ${passwordHash}',
      '',
      'is begun only with the credentials that were compared',
    ],
  ]),
  ...mutantsOf('migrations/025_create_sessions.sql', 'test/store/sessions.test.ts', [
    [
      'a new password leaves the version of the credentials',
      ['I28', 'C29'],
      '  new.password_hash is distinct from old.password_hash\n  or new.role',
      '  new.role',
      'does not go on with a new password',
    ],
    [
      'a token is added to a session that has ended',
      ['I28', 'C30'],
      '    and sessions.ended_at is null\n',
      '',
      'of the version before has a row as soon as it has a token',
    ],
  ]),
  ...mutantsOf('services/api/identity/session-check.ts', TOKENS, [
    [
      'a session that was seen goes on for a minute',
      ['I28', 'C30'],
      'REMEMBERED_MILLISECONDS = 2500',
      'REMEMBERED_MILLISECONDS = 60_000',
      'asks once for all that comes at once',
    ],
    [
      'a token of one account is good with the session of another',
      ['I28', 'I32'],
      '(await accountOf(sessionId)) !== userId',
      '(await accountOf(sessionId)) === undefined',
      'that names the session of another account',
    ],
  ]),
  ...mutantsOf('services/api/identity/issuer-keys.ts', 'test/attack/issuer-keys.test.ts', [
    [
      'what a withdrawn key signed is remembered',
      ['I32'],
      'if (state.known && !includes(keySet, state.known.keySet)) state.withdrawn++;',
      '',
      'signs no more after five minutes',
    ],
    [
      'each token of an unknown key asks the issuer',
      ['I32', 'T29'],
      '    if (now() - state.triedAt < pause) return Promise.resolve();\n',
      '',
      'a thousand ask the issuer once',
    ],
  ]),
  ...mutantsOf('services/api/identity/shared-secret.ts', 'test/api/shared-secret.test.ts', [
    [
      'an extension that nobody understands is passed over',
      ['I32'],
      ' || header?.crit !== undefined',
      '',
      'whose head names another algorithm or an extension',
    ],
  ]),
  ...mutantsOf('services/api/routes/auth/login.ts', 'test/attack/login-limits.test.ts', [
    [
      'whoever guesses elsewhere keeps the owner out',
      ['T6'],
      'if (!account?.known) await',
      'await',
      'from ever new networks are fifty',
    ],
  ]),
  ...mutantsOf('services/api/routes/auth/login.ts', 'test/attack/password-hashing.test.ts', [
    [
      'any number of passwords is hashed at once',
      ['I61', 'T29'],
      'HASHES_WAITING_MAX = 8',
      'HASHES_WAITING_MAX = 800',
      'twenty at once',
    ],
  ]),
  ...mutantsOf('services/runtime/password.ts', 'test/attack/long-passwords.test.ts', [
    [
      'the digest of a long password is taken for it',
      ['C28', 'T24'],
      'looksDigested(password) ? digestOf(password) : password',
      'password',
      'is right for its long password still',
    ],
  ]),
  ...mutantsOf('services/ses-local/own-pages-only.ts', 'test/attack/mailbox-host.test.ts', [
    [
      'the mailbox answers to any name',
      ['T22'],
      'isIP(name) === 0 && !names.has(name)',
      "name === ''",
      '"evil.example.com" is not',
    ],
    [
      'a page of another origin empties the mailbox',
      ['T22'],
      "'GET' && c.req.method",
      "'DELETE' && c.req.method",
      'changes nothing',
    ],
  ]),
];
