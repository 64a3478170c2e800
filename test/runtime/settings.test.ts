/** Reading settings: secrets also from files, all problems in one error, and a secret's value in none of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import {
  flag,
  InvalidSettings,
  port,
  readSettings,
  secret,
  setting,
  wholeNumber,
} from '../../services/runtime/settings.ts';

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'secret'), text);
  return join(folder, 'secret');
}

const table = {
  KEY: secret(z.string('a key is needed').min(4, 'four are needed'), 'The key.'),
  NAME: setting(z.string().max(3, 'three at most').default('Ann'), 'The name.'),
};

const read = (environment: Record<string, string>) => readSettings(table, environment);

function problems(environment: Record<string, string>): readonly string[] {
  try {
    return [`accepted: ${JSON.stringify(read(environment))}`];
  } catch (error) {
    return error instanceof InvalidSettings ? error.problems : [String(error)];
  }
}

describe('a secret', () => {
  test.each([
    ['as it is', 'abcd', 'abcd'],
    ['without the last line break', 'abcd\n', 'abcd'],
    ['without the last line break of Windows', 'abcd\r\n', 'abcd'],
    ['with all line breaks but the last', 'ab\ncd\n\n', 'ab\ncd\n'],
    ['with its blanks', ' abcd ', ' abcd '],
    ['in UTF-8', 'äöüß', 'äöüß'],
  ])('comes from its file %s', (_how, text, wanted) => {
    expect(read({ KEY_FILE: fileWith(text) })).toEqual({ KEY: wanted, NAME: 'Ann' });
  });

  test('from an empty file is none', () => {
    expect(problems({ KEY_FILE: fileWith('\n') })).toEqual(['KEY: a key is needed. The key.']);
  });

  test('and its file at once are refused, and a file that is not there is told with its cause', () => {
    const file = fileWith('abcd');
    expect(problems({ KEY: 'abcd', KEY_FILE: file })).toEqual(['KEY: set it or KEY_FILE, not both.']);
    expect(problems({ KEY: '', KEY_FILE: file })).toEqual(['accepted: {"KEY":"abcd","NAME":"Ann"}']);
    expect(problems({ KEY: 'abcd', KEY_FILE: '' })).toEqual(['accepted: {"KEY":"abcd","NAME":"Ann"}']);
    expect(problems({ KEY_FILE: '/nowhere' })).toEqual([
      'KEY_FILE: the file cannot be read (ENOENT).',
      'KEY: a key is needed. The key.',
    ]);
  });

  test('alone is read from a file', () => {
    expect(read({ KEY: 'abcd', NAME_FILE: fileWith('Bob') }).NAME).toBe('Ann');
  });
});

const check = () => ['KEY: it does not fit.', 'NAME: it does not fit.'];

describe('problems', () => {
  test('are told all at once, in the order of the table, none with a secret', () => {
    const found = problems({ KEY: 'xyz', NAME: 'Anna' });
    expect(found).toEqual(['KEY: four are needed. The key.', 'NAME: three at most. The name.']);
    expect(found.join()).not.toContain('xyz');
  });

  test('are one error whose message has a line each', () => {
    const error = new InvalidSettings(['a', 'b']);
    expect(error).toMatchObject({ name: 'InvalidSettings', problems: ['a', 'b'] });
    expect(error.message).toBe('The settings are not valid:\n  - a\n  - b');
    expect(() => read({})).toThrow(InvalidSettings);
  });

  test('between settings are told too, but of one that is wrong by itself nothing more', () => {
    const told = (environment: Record<string, string>): unknown => {
      try {
        return readSettings(table, environment, check);
      } catch (error) {
        return (error as InvalidSettings).problems;
      }
    };
    expect(told({ KEY: 'abcd' })).toEqual(check());
    expect(told({})).toEqual(['KEY: a key is needed. The key.', 'NAME: it does not fit.']);
  });

  test('between settings are looked for in what is right alone', () => {
    const seen: unknown[] = [];
    const look = (settings: object): readonly string[] => {
      seen.push(settings);
      return [];
    };
    expect(() => readSettings(table, { KEY: 'x', NAME: 'Bob' }, look)).toThrow('four are needed');
    expect(readSettings(table, { KEY: 'abcd', NAME: 'Bob' }, look)).toEqual({ KEY: 'abcd', NAME: 'Bob' });
    expect(seen).toEqual([{ NAME: 'Bob' }, { KEY: 'abcd', NAME: 'Bob' }]);
  });

  test('of one setting stand in one line', () => {
    const two = { A: setting(z.string().min(3, 'longer').regex(/^\d+$/, 'digits'), 'A number.') };
    expect(() => readSettings(two, { A: 'x' })).toThrow('  - A: longer, digits. A number.');
  });
});

test('a port, a whole number and a flag have their defaults, and say their bounds', () => {
  expect([port(25).parse(undefined), flag(true).parse(undefined), flag(false).parse(undefined)]).toEqual([
    25,
    true,
    false,
  ]);
  const number = wholeNumber({ default: 3, min: 2, max: 4 });
  expect([number.parse(undefined), number.parse('4'), number.meta()?.values]).toEqual([3, 4, '2 to 4']);
  expect(port(25).meta()?.values).toBe('0 to 65535');
});

test('a secret is marked as one, and another setting is not', () => {
  expect([table.KEY.secret, table.NAME.secret]).toEqual([true, undefined]);
  expect([table.KEY.sentence, table.NAME.sentence]).toEqual(['The key.', 'The name.']);
});
