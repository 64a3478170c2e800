/** Faults of what a database that is away, full or a standby would do to mails and to health. */
import { mutantsOf } from '../file-rows.ts';

export const nightMutants = [
  ...mutantsOf('services/mail/mailer.ts', 'test/mail/two-senders.test.ts', [
    [
      'a mail is sent again by the one who finds the store back first',
      ['I49', 'I14', 'F07'],
      'outbox.claim(limit, patience.milliseconds(performance.now()))',
      'outbox.claim(limit, 0 * patience.milliseconds(performance.now()))',
      'a mail that was sent while the store went away',
    ],
  ]),
  ...mutantsOf('services/mail/patience.ts', 'test/mail/two-senders.test.ts', [
    [
      'the holders of claims have no time after an outage',
      ['I49', 'I14', 'F07'],
      'HOLDERS_HAVE_MILLISECONDS = 10_000',
      'HOLDERS_HAVE_MILLISECONDS = 100',
      'what a dead process held waits for ten seconds',
    ],
    [
      'a second outage forgets the first one’s claims',
      ['I49', 'I14', 'F07'],
      '      lostAt ??= heardAt;\n',
      '      lostAt = heardAt;\n',
      'how long a claim must have been over',
    ],
    [
      'after an outage the dead processes’ mails wait for ever',
      ['F01'],
      ' lostAt = undefined;',
      ' void 0;',
      'what a dead process held waits for ten seconds',
    ],
  ]),
  ...mutantsOf('services/store/outbox.ts', 'test/store/outbox.test.ts', [
    [
      'what nobody ever held waits after an outage, too',
      ['I14'],
      '            claimed_until = created_at\n            or claimed_until',
      '            claimed_until',
      'whose claim has been over for so long',
    ],
    [
      'a claim that is over is over at once',
      ['I49', 'I14', 'F07'],
      '            claimed_until = created_at\n            or ',
      '            claimed_until <= event_clock()\n            or ',
      'whose claim has been over for so long',
    ],
  ]),
  ...mutantsOf('services/store/database.ts', 'test/faults/standby.test.ts', [
    ['a standby is a fault of ours', ['I49', 'I26', 'F05'], '|0A000|', '|', 'no endpoint answers 500'],
  ]),
  ...mutantsOf('services/store/queries.ts', 'test/faults/standby.test.ts', [
    [
      'a standby is healthy',
      ['I49', 'C31', 'F05'],
      'if (row.standby) throw',
      'if (row.standby && !sql) throw',
      'no endpoint answers 500',
    ],
  ]),
  ...mutantsOf('services/api/routes/health.ts', 'test/api/health.test.ts', [
    [
      'health is OK while nothing is recorded',
      ['I49', 'C31', 'F05'],
      'if (writesFail()) throw',
      'if (writesFail() && isDraining()) throw',
      'answers and records nothing',
    ],
  ]),
  ...mutantsOf('services/store/append.ts', 'test/api/disk-full.test.ts', [
    [
      'health does not know of a full disk',
      ['I49', 'C31', 'F05'],
      '    if (error instanceof StoreUnavailable) onStore?.(error);\n',
      '',
      'health is 503 while requests find it full',
    ],
    [
      'health stays bad when the disk has room again',
      ['C31'],
      '    onStore?.(undefined);\n',
      '',
      'health is 503 while requests find it full',
    ],
  ]),
];
