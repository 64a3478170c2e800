/** Faults of the statement that records. */
import type { Mutant } from '../mutant.ts';

export const appendMutants: readonly Mutant[] = [
  {
    fault: 'an append without the version check',
    breaks: ['I02', 'T2'],
    file: 'services/store/append.ts',
    from: '        and streams.version = given.expected\n',
    to: '',
    test: 'test/store/handle.test.ts',
    named: 'wrong guesses of four processes: three are judged',
  },
  {
    fault: 'the events of a batch get the wrong order',
    breaks: ['I01'],
    file: 'services/store/append.ts',
    from: '      order by e.n\n',
    to: '      order by e.n desc\n',
    test: 'test/store/handle.test.ts',
    named: 'wrong guesses of four processes: three are judged',
  },
];
