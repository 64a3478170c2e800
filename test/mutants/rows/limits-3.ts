/** Faults of the limits beyond an address: windows, buckets and the reservations, continued. */
import type { Mutant } from '../mutant.ts';

export const limitMutants3: readonly Mutant[] = [
  {
    fault: 'a fresh bucket grants more than its burst',
    breaks: ['I09'],
    file: 'migrations/019_create_window_is_over.sql',
    from: 'from asked, least(n, max, burst) as g',
    to: 'from asked, least(n, max) as g',
    test: 'test/store/windows.test.ts',
    named: 'gives its burst, then one with each step',
  },
];
