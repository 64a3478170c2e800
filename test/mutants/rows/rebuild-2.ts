/** Faults of the rebuild and the sample, continued. */
import type { Mutant } from '../mutant.ts';

export const rebuildMutants2: readonly Mutant[] = [
  {
    fault: 'the sample does not look at snapshots',
    breaks: ['I30'],
    file: 'services/store/sample.ts',
    from: '(select count(*) from settled where differs) + (',
    to: '(',
    test: 'test/store/rebuild.test.ts',
    named: 'a changed snapshot',
  },
  {
    fault: 'the sample does not see a row that is missing',
    breaks: ['I30'],
    file: 'services/store/sample.ts',
    from: '        full join (select * from emails where',
    to: '        left join (select * from emails where',
    test: 'test/store/rebuild.test.ts',
    named: 'missing addresses',
  },
  {
    fault: 'the sample does not see a row of nothing',
    breaks: ['I30'],
    file: 'services/store/sample.ts',
    from: '        full join (select * from codes where',
    to: '        right join (select * from codes where',
    test: 'test/store/rebuild.test.ts',
    named: 'a code of nothing',
  },
  {
    fault: 'the sample misses the codes that were cleaned away',
    breaks: ['I30'],
    file: 'services/store/sample.ts',
    from: '      where expires_at >= (select codes_cleaned_before from installation)\n',
    to: '',
    test: 'test/store/rebuild.test.ts',
    named: 'what the clean-up took stays away',
  },
  {
    fault: 'the sample misses the addresses that were cleaned away',
    breaks: ['I30'],
    file: 'services/store/sample.ts',
    from: '      where is_verified or updated_at >= (select emails_cleaned_before from installation)\n',
    to: '',
    test: 'test/store/rebuild.test.ts',
    named: 'what the clean-up took stays away',
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
