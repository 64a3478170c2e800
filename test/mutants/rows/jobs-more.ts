/** Faults of the scheduled jobs: what runs when, what each takes, and how the scheduler stops. */
import type { Mutant } from '../mutant.ts';

export const jobMoreMutants: readonly Mutant[] = [
  {
    fault: 'rate windows are forgotten while they run',
    breaks: ['I06'],
    file: 'services/store/allowances.ts',
    from: "event_clock() - interval '1 day'",
    to: "event_clock() - interval '23 hours'",
    test: 'test/scheduler/jobs.test.ts',
    named: 'refresh tokens whose time is over',
  },
  {
    fault: 'refresh tokens that are over are never forgotten',
    breaks: ['I28'],
    file: 'services/scheduler/jobs/forget-old-rows.ts',
    from: '(await forgetOldTokens(sql)) + ',
    to: '',
    test: 'test/scheduler/jobs.test.ts',
    named: 'refresh tokens whose time is over',
  },
  {
    fault: 'only one interrupted erasure is finished',
    breaks: ['I29'],
    file: 'services/scheduler/jobs/finish-erasures.ts',
    from: '  for (const address of addresses) await takeOutPersonalFields(sql, address);',
    to: '  for (const address of addresses.slice(0, 1)) await takeOutPersonalFields(sql, address);',
    test: 'test/scheduler/jobs.test.ts',
    named: 'finishes each erasure that a dead process left',
  },
  {
    fault: 'the gauge of differing rows is never set',
    breaks: ['I30'],
    file: 'services/scheduler/jobs/compare-sample.ts',
    from: '  metrics.rowsDiffering.set(rowsDiffering);\n',
    to: '',
    test: 'test/scheduler/jobs.test.ts',
    named: 'compare-sample counts the rows that differ',
  },
  {
    fault: 'the gauge of differing rows only grows',
    breaks: ['I30'],
    file: 'services/scheduler/jobs/compare-sample.ts',
    from: 'metrics.rowsDiffering.set(rowsDiffering)',
    to: 'metrics.rowsDiffering.inc(rowsDiffering)',
    test: 'test/scheduler/jobs.test.ts',
    named: 'compare-sample counts the rows that differ',
  },
  {
    fault: 'the scheduler takes sample secrets in production',
    breaks: ['T24'],
    file: 'services/scheduler/config.ts',
    from: '    ...refusePlaceholders(schedulerSettings)(found),\n',
    to: '',
    test: 'test/scheduler/settings.test.ts',
    named: 'sample secrets are refused in production',
  },
];
