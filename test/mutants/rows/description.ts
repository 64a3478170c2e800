/** Faults of the description: what is said is not what is done. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

const requests = 'test/api/described-requests.test.ts';

export const descriptionMutants: readonly Mutant[] = [
  ...mutantsOf('services/api/paging.ts', requests, [
    [
      'a number of a page is read as programs write numbers',
      ['I26'],
      'regex(/^\\d+$/, words)',
      'min(1, words)',
      'of listEmails is refused by the name',
    ],
  ]),
  ...mutantsOf('services/api/fields.ts', 'test/api/description.test.ts', [
    [
      'a moment is described as any text',
      ['I26'],
      '  .regex(MOMENT,',
      '  .refine((text) => MOMENT.test(text),',
      'is test/api/openapi.json',
    ],
  ]),
  ...mutantsOf('services/api/routes/admin/assert-verification.ts', requests, [
    [
      'an id that is true is the first email',
      ['C24', 'I26'],
      '.union([z.number(),',
      '.union([z.number(), z.boolean(),',
      'of setVerification is refused by the name',
    ],
  ]),
  ...mutantsOf('services/api/http/problem.ts', 'test/api/openapi.test.ts', [
    [
      'a refusal has a member that nobody was told of as it is',
      ['C32', 'I26'],
      '    requestId,\n    ...extra',
      "    requestId: 'none',\n    ...extra",
      'holds for 1,500 random requests',
    ],
  ]),
  ...mutantsOf('services/api/description/example.ts', 'test/api/description.test.ts', [
    [
      'what may be null is shown as an empty text',
      ['I26'],
      "  if (types.has('null')) return null;\n",
      '',
      'is test/api/openapi.json',
    ],
  ]),
  ...mutantsOf('services/api/description/complete.ts', 'test/api/description.test.ts', [
    [
      'who needs no token is not told so',
      ['I26'],
      'operation.security = security;',
      'if (security.length > 0) operation.security = security;',
      'is test/api/openapi.json',
    ],
  ]),
  ...mutantsOf('services/api/description/refused.ts', 'test/api/description.test.ts', [
    [
      'what an address is refused for is described of no operation',
      ['I26'],
      "'resend_cooldown', ",
      '',
      'is test/api/openapi.json',
    ],
  ]),
  ...mutantsOf('services/api/pages/reference-call.ts', 'test/api/reference.test.ts', [
    [
      'a person is erased without a question',
      ['I26'],
      'asks ? html` data-asks="${asks}"`',
      'asks && !asks ? html` data-asks="${asks}"`',
      'asks before what cannot be undone',
    ],
  ]),
];
