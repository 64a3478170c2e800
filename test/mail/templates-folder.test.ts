/** The bounds of a folder of templates, both sides of each, and the words in which what is beyond is refused. */
import { describe, expect, test } from 'vitest';
import { readTemplates } from '../../services/mail/overrides.ts';
import { builtInTemplates } from '../../services/mail/templates.ts';
import { folderWith, png, readFiles } from '../support/templates.ts';

const gif = Buffer.from('GIF89a');
const logo = (file: string, width = 99) => ({ logo: { file, width } });
const entries = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, k) => [`${k}.png`, '']));

describe('a folder', () => {
  test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['of 500 files', entries(500), []],
    ['of 501 files', entries(501), ['the folder: must have at most 500 files']],
    [
      'of a purpose with 501',
      Object.fromEntries(Object.keys(entries(501)).map((name) => [`a/${name}`, ''])),
      ['a: must have at most 500 files'],
    ],
    ['with pictures of any spelling', { 'a.PNG': '', 'b.jpeg': '', 'c.Jpg': '', 'd.gif': '' }, []],
    ['with a GIF as its logo', { 'default.json': logo('a.gif', 240), 'a.gif': gif }, []],
    [
      'with a logo as large as it may be',
      { 'default.json': logo('a.png'), 'a.png': Buffer.concat([png, Buffer.alloc(32_768 - png.length)]) },
      [],
    ],
    [
      'with a larger one',
      { 'default.json': logo('a.png'), 'a.png': Buffer.concat([png, Buffer.alloc(32_769 - png.length)]) },
      ['default.json: logo a.png: has 32769 bytes; the limit is 32768'],
    ],
    ['with JSON as large as it may be', { 'de.json': '{}'.padEnd(65_536) }, []],
    ['named with fifty letters', { [`${'a'.repeat(50)}/de.json`]: {} }, []],
    [
      'named with one more',
      { [`${'a'.repeat(51)}/de.json`]: {} },
      [`${'a'.repeat(51)}: a folder must be named after a purpose: a letter, then letters, digits, _ or -`],
    ],
    [
      'with a language spelled otherwise',
      { 'DE.json': {} },
      ['DE.json: must be named after a language tag, such as pt-BR.json'],
    ],
    [
      'with no language',
      { '.json': {}, 'x_y.json': {} },
      ['x_y.json: must be named after a language tag, such as pt-BR.json'],
    ],
    ['with something else', { 'a.json.bak': '' }, ['a.json.bak: only .json files and pictures are allowed here']],
    [
      'with a width too small',
      { 'default.json': logo('a.png', 15), 'a.png': png },
      ['default.json: logo.width: must be a whole number of pixels from 16 to 240'],
    ],
    ['with a picture put aside', { 'a.png.bak': '' }, ['a.png.bak: only .json files and pictures are allowed here']],
    ['with two lines in a name', { 'x\nde.json': {} }, ['x\nde.json: only .json files and pictures are allowed here']],
    [
      'with a colour and a logo that are none',
      { 'default.json': { colours: { brand: 7 }, logo: { file: 7, width: '99' } } },
      [
        'default.json: colours.brand: must be a colour such as #0f625c',
        'default.json: logo.file: must be the name of a file beside this one, such as logo.png',
        'default.json: logo.width: must be a whole number of pixels from 16 to 240',
      ],
    ],
    [
      'with a colour by name and a logo elsewhere, too wide',
      { 'default.json': { colours: { dark: { ink: 'red' } }, logo: { file: '../a.png', width: 241 } } },
      [
        'default.json: colours.dark.ink: must be a colour such as #0f625c',
        'default.json: logo.file: must be the name of a file beside this one, such as logo.png',
        'default.json: logo.width: must be a whole number of pixels from 16 to 240',
      ],
    ],
    ['with two unknown things', { 'de.json': { a: 1, b: 2 } }, ['de.json: unknown: a, b']],
    [
      'with a colour after something else',
      { 'de.json': { colours: { brand: '##0f625c' } } },
      ['de.json: colours.brand: must be a colour such as #0f625c'],
    ],
    ['with a list', { 'de.json': [] }, ['de.json: must be a JSON object']],
    [
      'with a width by halves',
      { 'default.json': logo('a.png', 16.5), 'a.png': png },
      ['default.json: logo.width: must be a whole number of pixels from 16 to 240'],
    ],
    [
      'with words that are none',
      { 'de.json': { wording: { subject: 7, minutes: { one: 7 } } } },
      ['de.json: wording.subject: must be a string', 'de.json: wording.minutes.one: must be a string'],
    ],
    [
      'with unknown things inside',
      { 'de.json': { logo: { src: 'x', file: 'a.png', width: 99 } }, 'a.png': png },
      ['de.json: unknown: logo.src'],
    ],
    [
      'with words for all languages',
      { 'a/default.json': { wording: {} } },
      ['a/default.json: unknown: wording; words belong in the file of a language, such as en.json'],
    ],
  ])('%s: %#', (_what, files, problems) => {
    expect(readFiles(files).problems).toEqual(problems);
  });

  test('that is a file cannot be read, and its languages are the built-in ones', () => {
    const { problems, templates } = readTemplates(`${folderWith({ 'de.json': {} })}/de.json`);
    expect(problems).toEqual(['the folder: cannot be read (ENOTDIR)']);
    expect([...templates.locales]).toEqual([...builtInTemplates.locales]);
  });
});
