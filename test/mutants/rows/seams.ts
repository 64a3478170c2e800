/** Faults at the seams: between the answer and what it promises, between a stop and what still asks, between a server and its slowness. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const seamMutants: readonly Mutant[] = [
  ...mutantsOf('services/api/routes/send-otp.ts', 'test/api/mail-claims.test.ts', [
    [
      'a mail is held by a process that has no room to send it',
      ['I14', 'F01'],
      'const claimMail = mailer.hasRoom();',
      'const claimMail = true;',
      'without room it is not held',
    ],
    [
      'a mail that nobody holds is sent by this process too',
      ['I05'],
      'if (claimMail) offerMail(',
      'if (handled) offerMail(',
      'without room it is not held',
    ],
    [
      'a mail that this process sends is claimed by another meanwhile',
      ['I05', 'I14'],
      '        { key, claimMail },',
      '        { key },',
      'with room it is this process',
    ],
    [
      'a mail is thought to live ten minutes from whenever',
      ['I14'],
      'const livesMilliseconds = Date.parse(event.data.expiresAt) - event.at;',
      'const livesMilliseconds = Date.parse(event.data.expiresAt);',
      'with room it is this process',
    ],
  ]),
  ...mutantsOf('services/api/routes/auth/refresh.ts', 'test/api/accounts.test.ts', [
    [
      'a reuse is answered before its family is ended, and nobody hears when it was not',
      ['I28', 'C29'],
      "await endSession(sql, tokenHash, 'reuse', networkHash(clientIp(c), otpKeys));\n",
      "void endSession(sql, tokenHash, 'reuse', networkHash(clientIp(c), otpKeys)).catch(() => {});\n",
      'a reuse is answered only once',
    ],
  ]),
  ...mutantsOf('services/api/start.ts', 'test/api/stopping.test.ts', [
    [
      'an api that stops calls itself ready',
      ['F20'],
      '    draining = true;\n    await drain',
      '    await drain',
      'who asks on a connection from before',
    ],
  ]),
  ...mutantsOf('services/mail/smtp.ts', 'test/mail/smtp-rules.test.ts', [
    [
      'a server that drips its answer keeps an attempt for ever',
      ['I13', 'F02'],
      'const late = setTimeout(() => connection.close(), ATTEMPT_MILLISECONDS);',
      'const late = setTimeout(() => {}, ATTEMPT_MILLISECONDS);',
      'an answer that drips',
    ],
    [
      'a server that drips its answer keeps an attempt longer than the claim',
      ['I13', 'F02'],
      'connection.close(), ATTEMPT_MILLISECONDS);',
      'connection.close(), 2 * ATTEMPT_MILLISECONDS);',
      'an answer that drips',
    ],
  ]),
];
