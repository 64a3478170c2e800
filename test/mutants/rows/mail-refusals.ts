/** Faults of whose a refusal is, whose turn it is, what of the words is kept, and of a sender that stood still. */
import type { Mutant } from '../mutant.ts';
import { mutantsOf } from '../file-rows.ts';

export const mailRefusalsMutants: readonly Mutant[] = [
  ...mutantsOf('services/mail/smtp-refusals.ts', 'test/mail/smtp-replies.test.ts', [
    [
      'what is on no list is the recipient’s, and ends its mail',
      ['I14', 'I13'],
      "return code < 500 ? 'session' : 'unlisted';",
      "return code < 500 ? 'session' : 'recipient';",
      'who says no more than a number, at RCPT: "554 no"',
    ],
    [
      'relaying that is denied ends every mail for good',
      ['I13'],
      "to relay|rcpthosts/i,\n    fault: 'sender',",
      "to relay|rcpthosts/i,\n    fault: 'recipient',",
      'Exim, at RCPT: "550 relay not permitted"',
    ],
  ]),
  ...mutantsOf('services/mail/send-queue.ts', 'test/mail/send-queue.test.ts', [
    [
      'mails that were refused for now go before those that never were',
      ['I54', 'I14'],
      'const line = fresh.length > 0 ? fresh : again;',
      'const line = again.length > 0 ? again : fresh;',
      'go after all that never were',
    ],
    [
      'mails that a server lets wait take all the room',
      ['I14'],
      '(line === again ? freshRoom : 0)',
      '0',
      'leave half of the room',
    ],
  ]),
  ...mutantsOf('services/mail/words.ts', 'test/mail/words.test.ts', [
    [
      'the words name the recipient without the @',
      ['I56', 'I15'],
      '[domain, domainToUnicode(domain), local, ...parts]',
      '[domain]',
      'the name alone',
    ],
    ['the words hold the code', ['I15'], '(?:[\\s-]?\\p{Nd}){5,}', '(?:[\\s-]?\\p{Nd}){50,}', 'no a code'],
  ]),
  ...mutantsOf('services/mail/clock.ts', 'test/mail/clock.test.ts', [
    [
      'a claim does not run out while the machine sleeps',
      ['I14'],
      'return awake + slept;',
      'return awake;',
      'the machine slept',
    ],
  ]),
  ...mutantsOf('services/mail/mailer.ts', 'test/mail/mailer-standstill.test.ts', [
    [
      'a claim counts from when its answer came',
      ['I55', 'I14'],
      '))) hold(mail, since);',
      '))) hold(mail);',
      'a claim that was asked for 15000 ms ago',
    ],
  ]),
  {
    fault: 'a mail whose claim ran out at the connection is sent all the same',
    breaks: ['I14'],
    file: 'services/mail/smtp.ts',
    from: "if (asked === 'too late') return",
    to: "if (asked === 'no') return",
    test: 'test/mail/smtp.test.ts',
    named: 'is broken off before its first byte',
  },
];
