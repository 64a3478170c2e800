/** Every mutant of rows/, file by file. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Mutant } from './mutant.ts';

const folder = join(import.meta.dirname, 'rows');

async function rowsOf(name: string): Promise<readonly Mutant[]> {
  const exported = (await import(pathToFileURL(join(folder, name)).href)) as Readonly<
    Record<string, readonly Mutant[]>
  >;
  return Object.values(exported).flat();
}

export const mutants = (await Promise.all(readdirSync(folder).toSorted().map(rowsOf))).flat();
