/** More faults of the mail: colours over each other, an operator's file to the byte, what is signed, and what reads from the left. */
import type { Mutant } from '../mutant.ts';
import { mutantsOf } from '../file-rows.ts';

export const blindMailMutants: readonly Mutant[] = [
  ...mutantsOf('services/mail/templates.ts', 'test/mail/message-overrides-refused.test.ts', [
    [
      'the colours of a layer are judged without those beneath',
      ['I17', 'I18'],
      'contrastProblems(theme)) problems.add',
      'contrastProblems(painted(defaultLook, colours))) problems.add',
      'a contrast too low over another layer',
    ],
  ]),
  ...mutantsOf('services/mail/overrides.ts', 'test/mail/message-overrides-refused.test.ts', [
    [
      'a language tag may be in any letters',
      ['I18'],
      'return Intl.getCanonicalLocales(tag)[0] === tag;',
      'return Intl.getCanonicalLocales(tag).length === 1;',
      'a tag in small letters',
    ],
    [
      'a file of exactly the most bytes is too large',
      ['I18'],
      'if (size > bytesMax) throw',
      'if (size >= bytesMax) throw',
      'is not a file or a logo of exactly the most bytes',
    ],
  ]),
  {
    fault: 'an empty subject is not signed',
    breaks: ['I10'],
    file: 'services/mail/sns.ts',
    from: '.filter(([, value]) => value !== undefined && value !== null)',
    to: '.filter(([, value]) => value)',
    test: 'test/mail/sns-rules.test.ts',
    named: 'one with an empty subject',
  },
  {
    fault: 'the line for browsers reads from the right',
    breaks: ['I17'],
    file: 'services/mail/message-html.ts',
    from: 'html`<span dir="ltr">${autofill}</span>`',
    to: 'html`${autofill}`',
    test: 'test/mail/message.test.ts',
    named: 'is once more in the last line, for browsers',
  },
  {
    fault: 'the address to open may not be as long as AWS makes it',
    breaks: ['I10'],
    file: 'services/mail/sns.ts',
    from: 'SubscribeURL: z.string().max(2000).optional(),',
    to: 'SubscribeURL: z.string().max(200).optional(),',
    test: 'test/mail/sns-rules.test.ts',
    named: 'one whose address to open is as long',
  },
  {
    fault: 'the quota of a day is known by the word quota alone',
    breaks: ['I09'],
    file: 'services/mail/ses-refusals.ts',
    from: 'RequestLimitExceeded|LimitExceeded)/, says: /daily/i',
    to: 'RequestLimitExceeded|LimitExceeded)/, says: /quota/i',
    test: 'test/mail/classify.test.ts',
    named: 'Daily sending limit reached.',
  },
];
