/** Faults of what is read and not decided, continued. */
import type { Mutant } from '../mutant.ts';

export const queryMutants2: readonly Mutant[] = [
  {
    fault: 'bounces for now count as bounces',
    breaks: ['I12', 'T10'],
    file: 'services/store/feedback.ts',
    from: " and data -> 'permanent' = 'true'))",
    to: '))',
    test: 'test/store/figures.test.ts',
    named: 'the reputation is of 24 hours',
  },
  {
    fault: 'what was asked for counts as sent',
    breaks: ['I12', 'T10'],
    file: 'services/store/feedback.ts',
    from: "filter (where type = 'sent'))::float8 as sent",
    to: "filter (where type in ('sent', 'bounced')))::float8 as sent",
    test: 'test/store/figures.test.ts',
    named: 'the reputation is of 24 hours',
  },
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
