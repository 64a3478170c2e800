/** Faults of the rebuild, continued, and of the sample. */
import type { Mutant } from '../mutant.ts';

export const rebuildMutants2: readonly Mutant[] = [
  {
    fault: 'the last address of the log is left out',
    breaks: ['I01'],
    file: 'services/store/rebuild.ts',
    from: 'const whole = over ? stories : stories.slice(0, -1);',
    to: 'const whole = stories.slice(0, -1);',
    test: 'test/store/rebuild.test.ts',
    named: 'a changed code',
  },
  {
    fault: 'an address is told twice where its events are read in two parts',
    breaks: ['I01'],
    file: 'services/store/rebuild.ts',
    from: 'begun = over ? [] : (stories.at(-1) ?? []);',
    to: 'begun = [];',
    test: 'test/store/rebuild.test.ts',
    named: 'more addresses and more events',
  },
  {
    fault: 'a snapshot has no time of expiry after a rebuild',
    breaks: ['I01', 'I14'],
    file: 'services/store/derive.ts',
    from: 'expires_at: nullableTime(nextExpiry(state))',
    to: 'expires_at: null',
    test: 'test/store/rebuild.test.ts',
    named: 'a snapshot without its next expiry',
  },
  {
    fault: 'the sample compares what is written to meanwhile',
    breaks: ['I30'],
    file: 'services/store/sample.ts',
    from: 'wrong && settled',
    to: 'wrong',
    test: 'test/store/rebuild.test.ts',
    named: 'an address that is written to while',
  },
  {
    fault: 'the sample does not look at snapshots',
    breaks: ['I30'],
    file: 'services/store/sample.ts',
    from: '({ wrong, settled }) =>',
    to: "({ table, wrong, settled }) => table !== 'streams' &&",
    test: 'test/store/rebuild.test.ts',
    named: 'a changed snapshot',
  },
  {
    fault: 'the sample is of the oldest event alone',
    breaks: ['I30'],
    file: 'services/store/sample.ts',
    from: 'floor(random() * (select max(position) from events))',
    to: 'floor(0 * (select max(position) from events))',
    test: 'test/store/rebuild.test.ts',
    named: 'a changed code',
  },
];
