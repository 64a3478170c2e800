/** Faults that only the model's histories notice. */
import type { Mutant } from '../mutant.ts';

const noticed = { test: 'test/model/model.test.ts', named: 'Sealpost answers, records, shows and mails' };

export const modelMutants: readonly Mutant[] = [
  {
    fault: 'a code that is mailed again becomes the oldest',
    breaks: ['C18'],
    file: 'services/core/evolve.ts',
    from: 'codes: [...others, ...again]',
    to: 'codes: [...again, ...others]',
    ...noticed,
  },
  {
    fault: 'a code that nobody closed for a day is forgotten open',
    breaks: ['I01'],
    file: 'services/core/evolve.ts',
    from: "      code.status.kind === 'pending' ||\n",
    to: '',
    ...noticed,
  },
  {
    fault: 'a code proves the address for every purpose of its user',
    breaks: ['C09', 'I01'],
    file: 'services/core/evolve.ts',
    from: 'link.userId === userId && link.purpose === purpose\n          ?',
    to: 'link.userId === userId\n          ?',
    ...noticed,
  },
  {
    fault: 'a proof that an import brings makes the row as old as the old one',
    breaks: ['I01'],
    file: 'services/core/import.ts',
    from: 'isoOf(link?.createdAt ?? createdAt)',
    to: 'isoOf(createdAt)',
    ...noticed,
  },
];
