/** Faults of the scheduled jobs: what runs when, what each takes, and how the scheduler stops. */
import type { Mutant } from '../mutant.ts';

export const jobMoreMutants: readonly Mutant[] = [
  {
    fault: 'rate windows are forgotten while they run',
    breaks: ['I06'],
    file: 'services/store/retention.ts',
    from: "rateWindows: '1 day'",
    to: "rateWindows: '23 hours'",
    test: 'test/scheduler/jobs.test.ts',
    named: 'refresh tokens whose time is over',
  },
  {
    fault: 'refresh tokens that are over are never forgotten',
    breaks: ['I28'],
    file: 'services/scheduler/jobs.ts',
    from: '(await forgetRefreshTokens(sql, signal)) +',
    to: '0 +',
    test: 'test/scheduler/jobs.test.ts',
    named: 'refresh tokens whose time is over',
  },
  {
    fault: 'only one interrupted erasure is finished',
    breaks: ['I29'],
    file: 'services/scheduler/jobs/finish-erasures.ts',
    from: '  for (const address of addresses) {',
    to: '  for (const address of addresses.slice(0, 1)) {',
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
