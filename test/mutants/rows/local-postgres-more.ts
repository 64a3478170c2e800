/** Faults of the embedded default: its PostgreSQL, its lock, its secrets. */
import type { Mutant } from '../mutant.ts';

export const localPostgresMoreMutants: readonly Mutant[] = [
  {
    fault: 'the secrets of npm start are made at each start',
    breaks: ['T24', 'I36'],
    file: 'services/local/secrets.ts',
    from: "    return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;\n",
    to: "    JSON.parse(readFileSync(file, 'utf8'));\n",
    test: 'test/local/secrets.test.ts',
    named: 'are made once, long enough',
  },
  {
    fault: 'the secrets of npm start can be read by all',
    breaks: ['T25'],
    file: 'services/local/secrets.ts',
    from: 'writeWhole(file, asJson(secrets));',
    to: 'writeWhole(file, asJson(secrets), 0o644);',
    test: 'test/local/secrets.test.ts',
    named: 'are made once, long enough',
  },
  {
    fault: 'torn secrets are replaced, and the data cannot be read any more',
    breaks: ['I22'],
    file: 'services/local/secrets.ts',
    from: "if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;",
    to: "if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;",
    test: 'test/local/secrets.test.ts',
    named: 'that are torn are not made anew',
  },
];
