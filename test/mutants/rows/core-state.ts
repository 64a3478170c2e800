/** Faults of the fold, of the two tables, of what an address is and what a typed code. */
import { mutantsOf } from '../file-rows.ts';

export const coreStateMutants = [
  ...mutantsOf('services/core/projections.ts', 'test/core/projections.test.ts', [
    [
      'a wrong guess leaves the attempts of its row at 0',
      ['I01'],
      'attempts: code.attempts,',
      'attempts: 0,',
      'counts in the row of the code, and in no other',
    ],
    [
      'a replaced code keeps its expires_at',
      ['I01', 'T4'],
      "status.kind === 'superseded' ? Math.min(status.at, code.expiresAt) : code.expiresAt",
      'code.expiresAt',
      'a replaced code reads as one whose time was over',
    ],
    [
      'a verified code says nothing of when',
      ['I01'],
      "verified_at: status.kind === 'verified' ? status.at : null,",
      'verified_at: null,',
      'both rows say so and when',
    ],
    [
      'the row of an address changes without a new time',
      ['I01'],
      'updated_at: link.changedAt,',
      'updated_at: link.createdAt,',
      'both rows say so and when',
    ],
  ]),
  ...mutantsOf('services/core/projections.ts', 'test/core/projections-told.test.ts', [
    [
      'the method of a proof is always the code',
      ['C20', 'C25'],
      "verification_method: proof.kind === 'verified' ? proof.method : 'otp',",
      "verification_method: 'otp',",
      'by admin: a new row is made verified',
    ],
    [
      'an imported code gets a digest that could be one',
      ['I31', 'T19'],
      "const NO_DIGEST = 'imported';",
      "const NO_DIGEST = '0000000000';",
      'as history, with no digest',
    ],
  ]),
  ...mutantsOf('services/core/evolve.ts', 'test/core/evolve.test.ts', [
    [
      'a new code refills the budget of wrong guesses',
      ['I04', 'T4'],
      '    codes: [...recentCodes(state.codes, event.at), code],\n',
      '    codes: [...recentCodes(state.codes, event.at), code],\n    wrongGuesses: { count: 0, lastAt: 0 },\n',
      'requested again keeps the budget',
    ],
    [
      'a user’s proof is everybody’s of that purpose',
      ['T8', 'T7'],
      'link.userId === userId && link.purpose === purpose',
      'link.purpose === purpose',
      'a code and a link of somebody else stay as they are',
    ],
    [
      'an event that is not known is passed over',
      ['I01', 'F18'],
      '  throw new Error(`Unknown event type ${(event as AddressEvent).type}: this program is older than its database.`);',
      '  return event;',
      'an event of a type that this program does not know',
    ],
  ]),
  ...mutantsOf('services/core/evolve-mailings.ts', 'test/core/evolve-mailings.test.ts', [
    [
      'what came first says where a mail is',
      ['C18', 'F02'],
      ' && telling[delivery] > telling[mailing.delivery]',
      '',
      'delivered before it was taken',
    ],
  ]),
  ...mutantsOf('services/core/evolve.ts', 'test/core/evolve-mailings.test.ts', [
    [
      'codes of yesterday are forgotten before the day’s cap has counted them',
      ['C37', 'T9'],
      'const since = at - DAY_MILLISECONDS;',
      'const since = at - DAY_MILLISECONDS / 2;',
      'of codes those mailed within a day',
    ],
  ]),
  ...mutantsOf('services/core/policy.ts', 'test/core/policy.test.ts', [
    ['Retry-After may be 0', ['C07', 'T32'], 'Math.max(1, ', 'Math.max(0, ', 'of 0 ms is 1 s'],
  ]),
  ...mutantsOf('services/core/email-address.ts', 'test/core/email-address.test.ts', [
    [
      'look-alike characters are folded and then pass',
      ['T13'],
      "  if (local.normalize('NFKC') !== local) return refuse(LOOKALIKE);\n",
      '',
      'a fullwidth letter is refused',
    ],
    [
      'an A-label of nothing is a domain',
      ['T13'],
      " && host.split('.').every(standsForALabel)",
      '',
      'an A-label of nothing is refused',
    ],
    [
      'mail goes where there is none',
      ['T13'],
      '  if (WITHOUT_MAIL.test(ascii))',
      "  if (ascii === '')",
      'a name of nobody is refused',
    ],
    [
      'plus tags are folded',
      ['T14'],
      'local.toLowerCase()',
      "local.toLowerCase().replace(/\\+.*/, '')",
      'never folded',
    ],
    ['capitals make another address', ['C38'], '${local.toLowerCase()}@', '${local}@', 'is a@example.com'],
    [
      'a comma makes two recipients',
      ['T12', 'C03'],
      "const DOT_ATOM = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:",
      'const DOT_ATOM = /^[a-z0-9!#$%&\'*+/=?^_`{|}~,<>" @-]+(?:',
      'angle brackets is refused',
    ],
    [
      'control characters pass into a header',
      ['T12', 'C03'],
      "if (CONTROL.test(text)) return refuse('must not contain control characters or line breaks');",
      '',
      'a line break and a header is refused',
    ],
  ]),
  ...mutantsOf('services/core/typed-code.ts', 'test/core/typed-code.test.ts', [
    [
      'digits of another script are no digits',
      ['C14'],
      '.replaceAll(/\\p{Nd}/gu, (one) => String(valueOf(one)))',
      '',
      'ten digits of every script',
    ],
    ['invisible marks stay in a code', ['C14'], '\\p{Default_Ignorable_Code_Point}\\p{Cf}', '', 'is "123456"'],
  ]),
];
