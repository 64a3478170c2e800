/** Faults of what is read and not decided, continued. */
import type { Mutant } from '../mutant.ts';

export const queryMutants2: readonly Mutant[] = [
  {
    fault: 'codes that will be over count as overdue',
    breaks: ['I35'],
    file: 'services/store/server-facts.ts',
    from: '    from streams\n    where expires_at <= (select event_clock())',
    to: '    from streams\n    where expires_at is not null',
    test: 'test/store/queries.test.ts',
    named: 'addresses whose code’s time is over',
  },
  {
    fault: 'a role that may empty the log is no warning',
    breaks: ['I35', 'T26', 'T27'],
    file: 'services/store/server-facts.ts',
    from: "(values ('update'), ('delete'), ('truncate'))",
    to: "(values ('update'), ('delete'))",
    test: 'test/store/queries.test.ts',
    named: 'rights that are lacking and rights that are too many',
  },
  {
    fault: 'the clock is told the wrong way round',
    breaks: ['I35', 'F11'],
    file: 'services/store/server-facts.ts',
    from: 'return row.now - (asked + Date.now()) / 2;',
    to: 'return (asked + Date.now()) / 2 - row.now;',
    test: 'test/store/queries.test.ts',
    named: 'the clock is told as the database’s',
  },
];
