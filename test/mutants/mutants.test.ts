/** The table of faults is itself in order: each can be put in, each names a test that is there, and each guarantee has one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mutants } from './all.ts';
import { equivalents } from './equivalents.ts';
import { guarantees } from './guarantees.ts';
import { mutate } from './mutant.ts';
import { readmePath, withTable } from './table.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => (existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : '');
const known = new Set(guarantees.map(({ id }) => id));

test('a survivor of Stryker is explained where its line still stands', () => {
  const gone = equivalents.filter(
    ({ file, line }) =>
      !read(file)
        .split('\n')
        .some((one) => one.trim() === line),
  );
  expect(gone.map(({ file, line }) => `${file}: ${line}`)).toEqual([]);
});

describe('a fault', () => {
  test('can be put in: its text stands once in its file, and becomes another', () => {
    const wrong = mutants.flatMap((mutant) => {
      const changed = mutate(read(mutant.file), mutant);
      return 'wrong' in changed ? [`${mutant.fault}: ${changed.wrong}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  test('in a function of SQL stands where the function was made anew last: before that it changes nothing', () => {
    const migrations = readdirSync(join(root, 'migrations')).filter((name) => /^\d/.test(name));
    const older = mutants.filter(({ file, from }) => {
      const before = read(file).split(from)[0] ?? '';
      const [begun] = before.split('$$;\n').slice(-1);
      const name = begun?.match(/create (?:or replace )?function (\w+\()/)?.[1];
      const newer = migrations.filter((one) => `migrations/${one}` > file);
      return (
        name &&
        file.startsWith('migrations/') &&
        newer.some((one) => read(`migrations/${one}`).includes(`create or replace function ${name}`))
      );
    });
    expect(older.map(({ fault }) => fault)).toEqual([]);
  });

  test('names a test file that is there, and guarantees that are known', () => {
    expect(mutants.filter((mutant) => read(mutant.test) === '').map(({ fault }) => fault)).toEqual([]);
    const unknown = mutants.filter(({ breaks }) => breaks.length === 0 || breaks.some((id) => !known.has(id)));
    expect(unknown.map(({ fault }) => fault)).toEqual([]);
  });

  test('has a name of its own', () => {
    const names = mutants.map(({ fault }) => fault);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each([
    ['is gone', { from: 'c', to: 'd' }, 'a.ts has its text 0 times, not once'],
    ['stands twice', { from: 'b', to: 'd' }, 'a.ts has its text 2 times, not once'],
    ['stays as it is', { from: 'a', to: 'a' }, 'changes nothing of a.ts'],
  ])('whose text %s is not applicable', (_, change, wrong) => {
    const rest = { fault: '', breaks: [], test: '', named: '' };
    expect(mutate('a b b', { ...rest, file: 'a.ts', ...change })).toEqual({ wrong });
    expect(mutate('a b b', { ...rest, file: 'a.ts', from: 'a', to: '$&$1' })).toEqual({ text: '$&$1 b b' });
  });
});

describe('a guarantee', () => {
  test('has a fault that stands for it, or a reason why none can', () => {
    const bare = guarantees.filter(({ id, without }) => {
      const has = mutants.some(({ breaks }) => breaks.includes(id));
      return has === (without !== undefined);
    });
    expect(bare.map(({ id, text }) => `${id} ${text}`)).toEqual([]);
  });

  test('is among them each invariant of services/README.md, and no id stands for two', () => {
    const ids = guarantees.map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('I')).length).toBeGreaterThan(30);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test('and its faults stand in the table of the README', () => {
    const readme = readFileSync(readmePath, 'utf8');
    expect(readme).toBe(withTable(readme));
  });
});
