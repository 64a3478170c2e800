/** A small file is written whole or not at all, and nobody else reads it before it has its mode. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeWhole } from '../../services/runtime/whole-file.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sealpost-whole-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const modeOf = (file: string): number => statSync(file).mode & 0o777;

test('it takes the place of what others could read, and leaves nothing beside it', () => {
  const place = folder();
  const file = join(place, 'environment.json');
  writeFileSync(file, 'old');
  chmodSync(file, 0o644);
  writeWhole(file, 'new\n');
  expect([readFileSync(file, 'utf8'), modeOf(file), readdirSync(place)]).toEqual([
    'new\n',
    0o600,
    ['environment.json'],
  ]);
});

test('it has the mode that is asked for, in folders that are made for it', () => {
  const file = join(folder(), 'a/b/secret');
  writeWhole(file, 'x', 0o444);
  expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['x', 0o444]);
  writeWhole(file, 'y', 0o400);
  expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['y', 0o400]);
});

test('where it cannot be written the file is as it was', () => {
  const file = join(folder(), 'secret');
  writeWhole(file, 'old');
  mkdirSync(`${file}.new`);
  expect(() => writeWhole(file, 'new')).toThrow('EISDIR');
  expect(readFileSync(file, 'utf8')).toBe('old');
});
