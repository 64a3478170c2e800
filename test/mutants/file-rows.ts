/** Mutants as a table: many of one file, noticed by tests of one file. */
import type { Mutant } from './mutant.ts';

export type Row = readonly [fault: string, breaks: readonly string[], from: string, to: string, named: string];

export const mutantsOf = (file: string, test: string, rows: readonly Row[]): readonly Mutant[] =>
  rows.map(([fault, breaks, from, to, named]) => ({ fault, breaks, file, from, to, test, named }));
