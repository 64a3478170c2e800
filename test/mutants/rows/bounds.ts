/** Faults of what bounds the work and tells of its failures: statements, loops, jobs, deletions. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const boundMutants: readonly Mutant[] = [
  ...mutantsOf('services/store/database.ts', 'test/faults/half-open.test.ts', [
    [
      'a connection that somebody on the way has forgotten is given statements for ever',
      ['I39', 'F06', 'I08'],
      'if (replace(held)) options.onForgotten?.();',
      'void options.onForgotten;',
      'the api answers everybody in time',
    ],
    [
      'a statement without an answer holds its caller up for ever',
      ['F06', 'I08'],
      'return answerWithin(sendPatiently(send, until, gone), milliseconds);',
      'return sendPatiently(send, until, gone);',
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
  ...mutantsOf('services/store/database.ts', 'test/store/refused-logins.test.ts', [
    [
      'while a password is changed, what asks for one more connection fails',
      ['F05', 'I71'],
      'if (!isRefusedLogin(error)) throw error;',
      'throw error;',
      'many statements at once are answered',
    ],
    [
      'a login that was refused closes the connections that work',
      ['F05', 'I71'],
      'if (held.refused > 0) held.refused--;\n    else replace(held);',
      'replace(held);',
      'many statements at once are answered',
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
  ...mutantsOf('services/runtime/safe-error.ts', 'test/api/loops.test.ts', [
    [
      'the words of the database are lost',
      ['F05'],
      "source.name === 'PostgresError' && SPEAKABLE",
      "source.name === 'Postgres' && SPEAKABLE",
      'a right that is taken away is told',
    ],
  ]),
  ...mutantsOf('services/mail/outbox.ts', 'test/mail/mailer-store.test.ts', [
    [
      'an outcome that cannot be recorded is kept quiet',
      ['F05'],
      'withReport(record, () => outbox.record(command))',
      'outbox.record(command)',
      'what the service took is recorded every half second',
    ],
  ]),
  ...mutantsOf('services/store/retention.ts', 'test/store/retention.test.ts', [
    [
      'a clean-up deletes all that there is in one statement',
      ['I41', 'F24', 'I30'],
      '        order by expires_at\n        limit ${rows}\n      ))\n    `,\n  );\n}\n\n/** Rows of addresses',
      '        order by expires_at\n      ))\n    `,\n  );\n}\n\n/** Rows of addresses',
      'goes in batches until',
    ],
  ]),
  ...mutantsOf('services/store/in-batches.ts', 'test/store/retention.test.ts', [
    [
      'a clean-up that is told to stop goes on to its end',
      ['F20'],
      'count < BATCH_ROWS || signal.aborted',
      'count < BATCH_ROWS',
      'ends after a batch when it is told to',
    ],
  ]),
  ...mutantsOf('services/store/in-batches.ts', 'test/store/retention.test.ts', [
    [
      'a clean-up takes one batch and leaves the rest for next week',
      ['I30'],
      'if (count < BATCH_ROWS || signal.aborted) return deleted;',
      'return deleted;',
      'goes in batches until',
    ],
  ]),
  ...mutantsOf('services/store/feedback.ts', 'test/store/plans.test.ts', []),
  ...mutantsOf('services/store/queries.ts', 'test/store/plans.test.ts', [
    [
      'whoever looks for overdue codes reads every address',
      ['F24'],
      'where expires_at <= (select event_clock())',
      'where coalesce(expires_at, now()) <= (select event_clock())',
      'lapsedAddresses',
    ],
  ]),
  ...mutantsOf('services/scheduler/term.ts', 'test/scheduler/deadline.test.ts', [
    ['a stop is not told to the jobs', ['F20'], '    abort();\n', '', 'has failed at its deadline'],
  ]),
  ...mutantsOf('services/scheduler/run-job.ts', 'test/scheduler/deadline.test.ts', [
    ['a job that hangs is not told to stop', ['F05'], '    over.abort();\n', '', 'has failed at its deadline'],
    [
      'a job that hangs never runs again',
      ['F05'],
      '    late.reject(new DeadlinePassed(deadlineSeconds));\n',
      '',
      'has failed at its deadline',
    ],
  ]),
  ...mutantsOf('services/mail/outcomes.ts', 'test/mail/mailer-store.test.ts', [
    [
      'an answer that may be recorded already is recorded again as if it were new',
      ['I14', 'F07'],
      '{ ...command, mayBeRecorded }',
      'command',
      'what the service took is recorded every half second',
    ],
  ]),
  ...mutantsOf('services/core/record-delivery.ts', 'test/core/decisions.test.ts', [
    [
      'what was recorded is recorded again where its answer was lost',
      ['I14', 'F07'],
      'if (mayBeRecorded && !isWaiting(state, command))',
      'if (mayBeRecorded && isUnknown(state))',
      'took a mail: a fact',
    ],
  ]),
  ...mutantsOf('services/core/evolve.ts', 'test/core/policy.test.ts', [
    [
      'a state remembers fewer codes than a cap may count',
      ['I05'],
      'const CODES_KEPT_MAX = 64;',
      'const CODES_KEPT_MAX = 49;',
      'of a day, 50, holds',
    ],
  ]),
];
