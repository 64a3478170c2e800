/** Faults of the limits beyond an address: windows, buckets and the reservations, continued. */
import type { Mutant } from '../mutant.ts';

export const limitMutants3: readonly Mutant[] = [
  {
    fault: 'a fresh bucket grants more than its burst',
    breaks: ['I09'],
    file: 'migrations/029_distrust_windows_of_the_future.sql',
    from: 'from asked, least(n, max, burst) as g',
    to: 'from asked, least(n, max) as g',
    test: 'test/store/windows.test.ts',
    named: 'gives its burst, then one with each step',
  },
  {
    fault: 'who waited for the limit is told to wait for longer than a window lasts',
    breaks: ['I06', 'C07'],
    file: 'migrations/029_distrust_windows_of_the_future.sql',
    from: 'when count >= max then extract(epoch from started_at + span - greatest(now, started_at))',
    to: 'when count >= max then extract(epoch from started_at + span - now)',
    test: 'test/store/windows.test.ts',
    named: 'a window that began a moment after',
  },
];
