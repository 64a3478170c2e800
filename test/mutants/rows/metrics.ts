/** Faults of what is counted and measured. */
import { mutantsOf } from '../file-rows.ts';

const runtime = 'services/runtime/metrics';

export const metricMutants = [
  ...mutantsOf('services/core/steps.ts', 'test/core/steps.test.ts', [
    [
      'the same code in another mail counts as a new one',
      ['F25'],
      "event.data.mailing === 1 ? 'new' : 'again'",
      "'new'",
      'requested again',
    ],
    [
      'a second mail is measured from the first',
      ['F25'],
      'code?.mailings[event.data.mailing - 1]?.at',
      'code?.mailings[0]?.at',
      'a second mail is measured from when it was asked for',
    ],
    [
      'a clock that was put right makes a time below 0',
      ['F25', 'T35'],
      'Math.max(0, event.at - since)',
      'event.at - since',
      'and no event takes less than none',
    ],
  ]),
  ...mutantsOf(`${runtime}/count-steps.ts`, 'test/runtime/count-steps.test.ts', [
    [
      'each purpose that somebody ever used is a series for ever',
      ['F25'],
      "purpose === '' || purposes.has(purpose) ? purpose : OTHER",
      'purpose',
      'a purpose that is not set counts as another',
    ],
    [
      'what has never happened is not there, and its first time no increase',
      ['F25'],
      'metrics.events.inc({ type, purpose, outcome }, 0);',
      'void outcome;',
      'each known step of each purpose is there',
    ],
    [
      'what cannot be counted is recorded a second time',
      ['F25', 'I08'],
      'report.failed(error);',
      'report.failed(error);\n      throw error;',
      'nobody who records hears of it',
    ],
  ]),
  ...mutantsOf(`${runtime}/define.ts`, 'test/runtime/metrics.test.ts', [
    [
      'a gauge that nobody has set is a 0',
      ['F25'],
      'if (!text.labels) made.remove();',
      '',
      'that no program has measured yet are absent',
    ],
  ]),
  ...mutantsOf('services/runtime/metrics.ts', 'test/runtime/metrics.test.ts', [
    [
      'every program tells what the others measure',
      ['F25'],
      'one.of.includes(program) ? [registry] : []',
      '[registry]',
      'of the receiver are its own',
    ],
  ]),
  ...mutantsOf('services/runtime/metrics.ts', 'test/scheduler/measure.test.ts', [
    [
      'a scheduler that stands by goes on to tell what it once measured',
      ['F25', 'F19'],
      'if (metricTable[name].labelNames.length === 0) metric.remove();',
      '',
      'who no longer works knows nothing',
    ],
  ]),
  ...mutantsOf('services/scheduler/term.ts', 'test/scheduler/leadership.test.ts', [
    [
      'what a scheduler measured outlives its lease',
      ['F25', 'F19'],
      '    forgetMeasures(metrics);\n',
      '',
      'what it has measured is forgotten',
    ],
  ]),
  ...mutantsOf('services/store/handle.ts', 'test/store/store-times.test.ts', [
    [
      'a batch with nothing to record took no time to append',
      ['F25'],
      'additions.length > 0 ? onStep : undefined',
      'onStep',
      'one that has nothing to record only that it was loaded',
    ],
  ]),
  ...mutantsOf('services/scheduler/jobs/measure.ts', 'test/scheduler/measure.test.ts', [
    ['half a backup is the newest', ['F25'], '.filter(isGood)', '', 'the newest backup is the newest whole one'],
  ]),
  ...mutantsOf('services/api/watch-reputation.ts', 'test/api/clock-difference.test.ts', [
    [
      'a clock that is ahead is told as behind',
      ['F25', 'T35'],
      '(await readClockDifference(sql)) / 1000',
      '-(await readClockDifference(sql)) / 1000',
      'a clock that is 100 seconds ahead',
    ],
  ]),
  ...mutantsOf('services/scheduler/jobs/measure.ts', 'test/scheduler/measure.test.ts', [
    [
      'a disk that is gone is as full as it was',
      ['F25'],
      'gauge.remove({ disk });',
      'void gauge;',
      'a disk that cannot be read any more',
    ],
  ]),
  ...mutantsOf('services/api/watch-backlog.ts', 'test/api/database-available.test.ts', [
    [
      'a database that is away is there',
      ['F25', 'F05'],
      'metrics.databaseAvailable.set(0);',
      '',
      'is told as soon as a look fails',
    ],
  ]),
];
