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
      'livesMilliseconds: Date.parse(event.data.expiresAt) - event.at',
      'livesMilliseconds: Date.parse(event.data.expiresAt)',
      'with room it is this process',
    ],
  ]),
  ...mutantsOf('services/api/routes/auth/refresh.ts', 'test/api/accounts.test.ts', [
    [
      'a reuse is answered before its family is ended, and nobody hears when it was not',
      ['I28', 'C29'],
      'await endFamily(sql, tokenHash);\n      throw',
      'void endFamily(sql, tokenHash).catch(() => {});\n      throw',
      'a reuse is answered only once',
    ],
  ]),
  ...mutantsOf('services/api/start.ts', 'test/api/stopping.test.ts', [
    [
      'an api that stops calls itself ready',
      ['F20'],
      '    draining = true;\n    await connections',
      '    await connections',
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
  ...mutantsOf('services/store/database.ts', 'test/faults/half-open.test.ts', [
    [
      'a connection that somebody on the way has forgotten is given statements for ever',
      ['F06', 'I08'],
      'const lost = setTimeout(() => replace(pool), lostMilliseconds).unref();',
      'const lost = setTimeout(() => {}, lostMilliseconds).unref();',
      'the api answers everybody in time',
    ],
    [
      'a statement without an answer holds its caller up for ever',
      ['F06', 'I08'],
      'return answered(sent, milliseconds);',
      'return sent;',
      'the api answers everybody in time',
    ],
    [
      'a request waits for its statement as long as a command may',
      ['F06'],
      'return Object.assign(ask, { within,',
      'return Object.assign(ask, { within: () => Object.assign(ask, { within }) as never,',
      'the api answers everybody in time',
    ],
  ]),
  ...mutantsOf('services/runtime/repeat.ts', 'test/runtime/repeat.test.ts', [
    [
      'a loop that fails says so every round',
      ['F05'],
      "if (failures === 0) log.error('loop_failing'",
      "log.error('loop_failing'",
      'is when it begins to fail',
    ],
    [
      'a loop that works again says nothing',
      ['F05'],
      "if (failures > 0) log.info('loop_recovered'",
      "if (failures < 0) log.info('loop_recovered'",
      'is when it begins to fail',
    ],
    [
      'a loop that fails is not told twice in the life of a process',
      ['F05'],
      '        failures = 0;\n',
      '',
      'is when it begins to fail',
    ],
    [
      'failures are not counted',
      ['F25'],
      '        metrics.loopFailures.inc({ loop });\n',
      '',
      'is when it begins to fail',
    ],
    [
      'the last success is when the process started',
      ['F25'],
      'metrics.loopLastSuccess.set({ loop }, Date.now() / 1000)',
      'metrics.loopLastSuccess.set({ loop }, 1)',
      'is when it begins to fail',
    ],
    [
      'a failure that was told is over',
      ['F05'],
      '    throw error;\n',
      '    return undefined as never;\n',
      'leaves the value a value',
    ],
  ]),
  ...mutantsOf('services/runtime/log.ts', 'test/api/loops.test.ts', [
    [
      'the words of the database are lost',
      ['F05'],
      "errorText: source.name === 'PostgresError' && SPEAKABLE",
      "errorText: source.name === 'Postgres' && SPEAKABLE",
      'a right that is taken away is told',
    ],
  ]),
  ...mutantsOf('services/mail/outbox.ts', 'test/mail/mailer-store.test.ts', [
    [
      'an outcome that cannot be recorded is kept quiet',
      ['F05'],
      'reported(record, () => outbox.record(command))',
      'outbox.record(command)',
      'what the service took is recorded every half second',
    ],
  ]),
];
