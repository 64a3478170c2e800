/** The operator's folder of templates: everything wrong in it is told at once, by its file, and stops the start. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readApiConfig } from '../../services/api/config.ts';
import { LOGO_BYTES_MAX } from '../../services/mail/overrides.ts';
import { folderWith, png, readFiles } from '../support/templates.ts';
import { goodSettings as good, problemsOf } from '../support/settings.ts';

const apiProblems = (environment: Record<string, string>) =>
  problemsOf(() => readApiConfig({ ...good, ...environment }));

describe('what is wrong', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
    ['broken JSON', { 'de.json': '{"wording":' }, ['de.json: is not valid JSON']],
    ['no object', { 'de.json': '[]' }, ['de.json: must be a JSON object']],
    ['an unknown key', { 'de.json': { colors: {} } }, ['de.json: unknown: colors']],
    ['an unknown text', { 'de.json': { wording: { footer: 'x' } } }, ['de.json: unknown: wording.footer']],
    [
      'words for all languages',
      { 'default.json': { wording: {} } },
      ['default.json: unknown: wording; words belong in'],
    ],
    [
      'a colour that is none',
      { 'default.json': { colours: { brand: 'red;}' } } },
      ['default.json: colours.brand: must be a colour such as'],
    ],
    [
      'a colour with a letter too many',
      { 'default.json': { colours: { brand: '#0f625cc' } } },
      ['colours.brand: must be a colour'],
    ],
    ['an empty text', { 'de.json': { wording: { secret: ' ' } } }, ['de.json: wording.secret: must not be empty']],
    [
      'two lines',
      { 'de.json': { wording: { subject: 'a\r\nBcc: b@example.test' } } },
      ['wording.subject: must be one line'],
    ],
    [
      'a text too long',
      { 'de.json': { wording: { secret: 'x'.repeat(301) } } },
      ['wording.secret: must have at most 300'],
    ],
    [
      'the code in the subject',
      { 'de.json': { wording: { subject: '{code}' } } },
      ['wording.subject: must not contain {code}, only {sender}'],
    ],
    [
      'a code that is not first',
      { 'de.json': { wording: { code: 'Code: {code}' } } },
      ['wording.code: must begin with {code}'],
    ],
    [
      'a code twice',
      { 'de.json': { wording: { code: '{code} {code}' } } },
      ['wording.code: must begin with {code} and contain it once'],
    ],
    [
      'a life without its minutes',
      { 'de.json': { wording: { life: 'Bald.' } } },
      ['wording.life: must contain {minutes}'],
    ],
    [
      'a brace left over',
      { 'de.json': { wording: { secret: '{sender' } } },
      ['wording.secret: has an unmatched brace'],
    ],
    [
      'a plural form the language has not',
      { 'de.json': { wording: { minutes: { few: 'x' } } } },
      ['unknown: wording.minutes.few'],
    ],
    [
      'a language by halves',
      { 'gl.json': { wording: { subject: 'x' } } },
      ['gl.json: a language that is not built in needs every text; missing: code, life'],
    ],
    ['a tag in another spelling', { 'pt_BR.json': {} }, ['pt_BR.json: must be named after a language tag']],
    ['a tag in small letters', { 'pt-br.json': {} }, ['pt-br.json: must be named after a language tag']],
    ['a purpose that cannot be', { '9x/de.json': {} }, ['9x: a folder must be named after a purpose']],
    ['a folder in a purpose', { 'business/x/de.json': {} }, ['business/x: a folder must']],
    ['a file of another kind', { 'logo.svg': '<svg/>' }, ['logo.svg: only .json files and pictures']],
    ['a file too large', { 'de.json': ' '.repeat(65_537) }, ['de.json: has 65537 bytes; the limit is 65536']],
    [
      'a logo that is not there',
      { 'default.json': { logo: { file: 'logo.png', width: 99 } } },
      ['default.json: logo logo.png: cannot be read (ENOENT)'],
    ],
    [
      'a logo elsewhere',
      { 'default.json': { logo: { file: '../logo.png', width: 99 } } },
      ['default.json: logo.file: must be the name of a file beside'],
    ],
    [
      'a logo on the net',
      { 'default.json': { logo: { file: 'https://example.test/x.png', width: 99 } } },
      ['logo.file: must be the name of a file beside'],
    ],
    [
      'a logo too wide',
      { 'default.json': { logo: { file: 'logo.png', width: 241 } } },
      ['logo.width: must be a whole number of pixels from 16 to 240'],
    ],
    [
      'a logo too large',
      {
        'default.json': { logo: { file: 'a.png', width: 99 } },
        'a.png': Buffer.concat([png, Buffer.alloc(LOGO_BYTES_MAX)]),
      },
      ['logo a.png: has'],
    ],
    [
      'a logo that is no picture',
      { 'default.json': { logo: { file: 'a.png', width: 99 } }, 'a.png': '<svg/>' },
      ['logo a.png: must be a PNG, JPEG or GIF'],
    ],
    [
      'a contrast too low',
      { 'default.json': { colours: { light: { soft: '#aaaaaa' } } } },
      ['default.json: colours.light.soft on light.card has a contrast of 2.30:1'],
    ],
    [
      'a contrast too low over another layer',
      {
        'default.json': { colours: { brand: '#eeeeee', onBrand: '#111111' } },
        'business/de.json': { colours: { onBrand: '#ffffff' } },
      },
      ['business/de.json: colours.onBrand on brand'],
    ],
  ];

  test.each(cases)('%s is told, once and by its file', (_what, files, wanted) => {
    const { problems } = readFiles(files);
    expect(problems).toEqual(wanted.map((part) => expect.stringContaining(part)));
  });

  test('is not a file or a logo of exactly the most bytes', () => {
    const logo = Buffer.concat([png, Buffer.alloc(32_768 - png.length)]);
    const files = { 'de.json': `{}${' '.repeat(65_534)}`, 'default.json': { logo: { file: 'a.png', width: 240 } } };
    expect(readFiles({ ...files, 'a.png': logo }).problems).toEqual([]);
  });

  test('is told all at once, each a line of the settings, beside what is wrong elsewhere', () => {
    const folder = folderWith({
      'de.json': '{',
      'en.json': { wording: { subject: '', life: 'x' }, colours: { brand: 'blue' } },
      'business/fr.json': { logo: { file: 'none.png', width: 99 } },
    });
    expect(
      apiProblems({ MAIL_TEMPLATES: folder, PORT: 'x' }).map((line) => line.split(':').slice(0, 3).join(':')),
    ).toEqual([
      expect.stringContaining('PORT'),
      'MAIL_TEMPLATES: business/fr.json: logo business/none.png',
      'MAIL_TEMPLATES: de.json: is not valid JSON',
      'MAIL_TEMPLATES: en.json: colours.brand',
      'MAIL_TEMPLATES: en.json: wording.subject',
      'MAIL_TEMPLATES: en.json: wording.life',
    ]);
    expect(apiProblems({ MAIL_TEMPLATES: join(folder, 'nowhere') })).toEqual([
      'MAIL_TEMPLATES: the folder: cannot be read (ENOENT).',
    ]);
    expect(apiProblems({ MAIL_LOCALE: 'xx' })[0]).toMatch(/^MAIL_LOCALE: must be one of ar, de, en/);
    expect(apiProblems({ MAIL_LOCALE: 'zh-Hant', MAIL_AUTOFILL_DOMAIN: 'shop.example.com' })).toEqual([]);
    for (const domain of [
      'https://example.com',
      'example',
      'Example.com',
      'a..example.com',
      'example.com #1',
      '-a.example.com',
    ]) {
      expect(apiProblems({ MAIL_AUTOFILL_DOMAIN: domain })[0], domain).toMatch(
        /^MAIL_AUTOFILL_DOMAIN: must be a domain such as/,
      );
    }
  });
});
