/** Faults that nobody would hear of: a mail service that is away, a mail that cannot be made, keys that cannot be fetched, a stop by force. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const silenceMutants: readonly Mutant[] = [
  ...mutantsOf('services/mail/mailer.ts', 'test/mail/mailer-answers.test.ts', [
    [
      'a mail service that takes nothing is told to nobody',
      ['I38', 'F04'],
      'if (isClosed === wasClosed) return;',
      'if (isClosed === wasClosed || !isClosed) return;',
      'is told once when it stops to take mails',
    ],
    [
      'every mail that is refused says that the service is away',
      ['I38', 'F04'],
      'if (isClosed === wasClosed) return;',
      'if (isClosed && wasClosed) return;',
      'is told once when it stops to take mails',
    ],
    [
      'a claim may be shorter than an attempt',
      ['I14'],
      'if (holdMilliseconds <= 0) throw',
      'if (holdMilliseconds < -99_000) throw',
      'a transport whose attempt may outlast a claim',
    ],
  ]),
  ...mutantsOf('services/mail/mailer.ts', 'test/mail/mailer-store.test.ts', [
    [
      'a mail that cannot be composed fails in silence',
      ['I38', 'I14'],
      '      composing.failed(error);\n',
      '      void error;\n',
      'a mail that cannot be composed is told',
    ],
  ]),
  ...mutantsOf('services/api/app.ts', 'test/api/notifications.test.ts', [
    [
      'why keys cannot be fetched is in no log',
      ['I32'],
      'if (error.cause) services',
      'if (error.cause === 0) services',
      'a certificate that cannot be fetched is a 503',
    ],
  ]),
  ...mutantsOf('services/runtime/stop.ts', 'test/runtime/stop.test.ts', [
    ['a stop by force leaves no line', ['F20'], '    log.error(event);\n', '    void event;\n', 'a second signal'],
  ]),
  ...mutantsOf('services/runtime/metrics-server.ts', 'test/runtime/start-and-stop.test.ts', [
    [
      'a scrape that fails is an empty success',
      ['F25'],
      'response.writeHead(500)',
      'response.writeHead(200)',
      'a scrape that fails is a 500',
    ],
  ]),
  ...mutantsOf('services/api/http/outside.ts', 'test/api/malformed-request.test.ts', [
    [
      'what is no HTTP is in no log',
      ['T29'],
      "  log.info('request', { requestId, status, refusal: code });\n",
      '',
      'is answered whole',
    ],
  ]),
];
