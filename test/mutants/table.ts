/** The table of README.md in this folder: which faults stand for which guarantee. Run by itself, it writes it in place. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutants } from './all.ts';
import { guarantees } from './guarantees.ts';

export const readmePath = join(import.meta.dirname, 'README.md');
/** So many are named, of those that have more. */
const NAMED_MAX = 5;
const [BEGIN, END] = ['<!-- table -->', '<!-- end of the table -->'];

/** README.md with the table as it must be. */
export function withTable(readme: string): string {
  const [before] = readme.split(BEGIN);
  const [, after] = readme.split(END);
  const rows = guarantees.map(({ id, text, without }) => {
    const faults = mutants.filter(({ breaks }) => breaks.includes(id)).map(({ fault }) => fault);
    const more = faults.length > NAMED_MAX ? [`and ${faults.length - NAMED_MAX} more`] : [];
    const cell = faults.length > 0 ? [...faults.slice(0, NAMED_MAX), ...more].join('; ') : `none: ${without ?? ''}`;
    return `| ${id} | ${escaped(text)} | ${escaped(cell)} |`;
  });
  const head = ['| | what is promised, or withstood | faults that a test notices |', '| --- | --- | --- |'];
  return `${before}${BEGIN}\n${[...head, ...rows].join('\n')}\n${END}${after}`;
}

const escaped = (text: string): string => text.replaceAll('|', String.raw`\|`);

if (process.argv[1] === import.meta.filename) writeFileSync(readmePath, withTable(readFileSync(readmePath, 'utf8')));
