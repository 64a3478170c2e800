/** docs/security.md names every attack, threat and fault that is promised to be held, each with tests that are there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guarantees } from '../mutants/guarantees.ts';

const page = readFileSync('docs/security.md', 'utf8');
const named = [...page.matchAll(/`(test\/[\w/.-]+\.test\.ts)`/g)].map(([, path = '']) => path);

test('every test that it names is there, and every test of an attack is named', () => {
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
  expect(globSync('test/attack/*.test.ts').filter((path) => !named.includes(path))).toEqual([]);
});

test('every threat and fault has a row', () => {
  const ids = guarantees.map(({ id }) => id).filter((id) => /^[TF]/.test(id));
  const rows = page.match(/^\| [TF]\d.*$/gm)?.join('\n') ?? '';
  expect(ids.filter((id) => !new RegExp(`\\b${id}\\b`).test(rows))).toEqual([]);
});
