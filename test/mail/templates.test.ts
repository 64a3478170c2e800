/** How the operator's layers lie over each other, and the language and the one line of a mail. */
import { describe, expect, test } from 'vitest';
import { isRightToLeft, lookup, negotiate } from '../../services/mail/locale.ts';
import { en } from '../../services/mail/locales/en.ts';
import { createComposer, selfContained } from '../../services/mail/message.ts';
import { builtInTemplates } from '../../services/mail/templates.ts';
import { png, readFiles } from '../support/templates.ts';

const jpeg = Buffer.from('ffd8ffe0', 'hex');
const logo = (file: string, width = 99) => ({ logo: { file, width } });
const subject = (text: string) => ({ wording: { subject: text } });

describe('layers', () => {
  test('of a language lie under those of its regions, and those of a purpose over both', () => {
    const { templates, problems } = readFiles({
      'pt.json': { wording: { subject: 'pt', secret: 'pt' } },
      'pt-BR.json': subject('pt-BR'),
      'payout/default.json': { colours: { brand: '#111111' } },
      'payout/pt.json': { wording: { secret: 'payout pt' } },
      'payout/pt-BR.json': { wording: { ignore: 'payout pt-BR' } },
    });
    expect(problems).toEqual([]);
    const { catalogue, theme } = templates.of('payout', 'pt-BR');
    expect(catalogue).toMatchObject({ subject: 'pt-BR', secret: 'payout pt', ignore: 'payout pt-BR' });
    expect(catalogue.code).toBe(builtInTemplates.of('', 'pt').catalogue.code);
    expect(theme).toMatchObject({
      brand: '#111111',
      onBrand: '#ffffff',
      light: builtInTemplates.of('', 'pt').theme.light,
    });
    expect(templates.of('payout', 'pt').catalogue).toMatchObject({ subject: 'pt', secret: 'payout pt' });
    expect(templates.of('another', 'pt-BR').catalogue).toMatchObject({ subject: 'pt-BR', secret: 'pt' });
    expect(templates.of('another', 'pt').theme.brand).toBe('#0f625c');
  });

  test('name the purposes, each once and sorted; a language that is not there has no template', () => {
    const { templates } = readFiles({ 'b/de.json': {}, 'b/fr.json': {}, 'a/de.json': {}, 'de.json': {} });
    expect(templates.purposes).toEqual(['a', 'b']);
    expect(() => templates.of('a', 'xx')).toThrow('There is no template in this language.');
    expect(builtInTemplates.purposes).toEqual([]);
  });

  test('keep a logo until another takes its place, and change one plural form without the others', () => {
    const { templates } = readFiles({
      'default.json': logo('a.png'),
      'a.png': png,
      'de.json': { wording: { minutes: { one: 'eine einzige Minute' } } },
      'payout/de.json': logo('b.jpg', 16),
      'payout/b.jpg': jpeg,
    });
    expect(templates.of('', 'de').logo).toEqual({ bytes: png, contentType: 'image/png', filename: 'a.png', width: 99 });
    expect(templates.of('payout', 'de').logo).toMatchObject({
      contentType: 'image/jpeg',
      filename: 'b.jpg',
      width: 16,
    });
    expect(templates.of('payout', 'en').logo?.filename).toBe('a.png');
    expect(templates.of('', 'de').catalogue.minutes).toEqual({ one: 'eine einzige Minute', other: '{n} Minuten' });
  });

  test('that leave a new language by halves are told once, every text and form that is missing', () => {
    const { minutes: _, ...texts } = en;
    const { problems } = readFiles({
      'gl.json': { wording: { code: '{code}' } },
      'payout/gl.json': {},
      'x/de.json': {},
    });
    expect(problems).toEqual([
      'gl.json: a language that is not built in needs every text; missing: subject, life, asked, askedFor, ignore, ' +
        'secret, minutes.one, minutes.other',
    ]);
    const half = readFiles({ 'gl.json': { wording: { ...texts, minutes: { other: '{n} minutos' } } } });
    expect(half.problems).toEqual(['gl.json: a language that is not built in needs every text; missing: minutes.one']);
    expect(() => half.templates.of('', 'gl')).toThrow('There is no template in this language.');
  });
});

describe('a language', () => {
  const available = builtInTemplates.locales;
  test('is read from the first kilobyte and the first sixteen ranges of the header', () => {
    expect(negotiate(undefined, `${' '.repeat(1022)}de`, available)).toBe('de');
    expect(negotiate(undefined, `${'xx,'.repeat(15)}de`, available)).toBe('de');
  });

  test('reads from the right where its script does; what is no tag reads from the left', () => {
    expect(['ar', 'fa', 'he', 'ur', 'en', 'not a tag'].map(isRightToLeft)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test('is the one named exactly where that is there', () => {
    expect(lookup('pt-BR', new Set(['pt', 'pt-BR']))).toBe('pt-BR');
    expect(lookup('x y', new Set(['x y']))).toBe('x y');
  });

  test('of a mail is what the request names, then the header’s, then the default', () => {
    const options = { sender: 'Acme', defaultLocale: 'fr', autofillDomain: undefined, templates: builtInTemplates };
    const { localeFor } = createComposer(options);
    expect([
      localeFor('de-AT', 'ja'),
      localeFor(undefined, 'ja'),
      localeFor('xx', '*'),
      localeFor(undefined, undefined),
    ]).toEqual(['de', 'ja', 'fr', 'fr']);
  });
});

test('a mail without pictures is self-contained as it is', () => {
  expect(selfContained({ subject: '', text: '', html: '<img src="cid:x">' })).toBe('<img src="cid:x">');
});

test('a name that turns or breaks the text is one plain line', () => {
  const sender = ' \u200fAc\u202eme\u2028\u0007x\u2066 ';
  const options = { sender, defaultLocale: 'en', autofillDomain: undefined, templates: builtInTemplates };
  const facts = { code: '012345', purpose: 'pay\r\nout', minutes: 10, locale: 'en' };
  const { subject: line, text } = createComposer(options).compose(facts);
  expect(line).toBe('Your Ac me x verification code');
  expect(text).not.toContain('pay');
});
