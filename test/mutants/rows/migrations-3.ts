/** Faults of the tables, the view, the rights and who migrates, continued. */
import type { Mutant } from '../mutant.ts';

export const migrationMutants3: readonly Mutant[] = [
  {
    fault: 'every file runs in a transaction',
    breaks: ['I25', 'F18'],
    file: 'services/store/migrate.ts',
    from: "transactional: !text.includes('-- migrate: no-transaction')",
    to: 'transactional: true',
    test: 'test/store/migrate-story.test.ts',
    named: 'an applied migration is the file it was',
  },
];
