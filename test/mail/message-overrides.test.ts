/** The operator's folder of templates: what it may change, from general to special, and that a logo travels inside the mail. */
import { describe, expect, test } from 'vitest';
import { en } from '../../services/mail/locales/en.ts';
import { createComposer, selfContained } from '../../services/mail/message.ts';
import { builtInTemplates } from '../../services/mail/templates.ts';
import { png, readFiles } from '../support/templates.ts';

function mailFrom(files: Readonly<Record<string, unknown>>) {
  const { templates, problems } = readFiles(files);
  expect(problems).toEqual([]);
  const { compose } = createComposer({ sender: 'Acme', defaultLocale: 'en', autofillDomain: undefined, templates });
  return (locale: string, purpose = 'verification') => compose({ code: '012345', purpose, minutes: 10, locale });
}

const brand = (color: string) => ({ colours: { brand: color } });

describe('a good folder', () => {
  test('changes the words it names, for its language only, and leaves the others', () => {
    const mail = mailFrom({ 'de.json': { wording: { subject: 'Willkommen bei {sender}' } } });
    expect(mail('de').subject).toBe('Willkommen bei Acme');
    expect(mail('de').text).toContain('Bestätigungscode');
    expect(mail('en').subject).toBe('Your Acme verification code');
  });

  test('goes from general to special: all, a language, a purpose, a language of a purpose', () => {
    const mail = mailFrom({
      'default.json': brand('#111111'),
      'de.json': brand('#222222'),
      'business/default.json': brand('#333333'),
      'business/de.json': { wording: { asked: 'x', askedFor: 'Für Ihr Geschäft bei {sender}.' } },
      'driver/de.json': brand('#444444'),
    });
    const painted = (locale: string, purpose?: string) =>
      /background:(#\d{6});color/.exec(mail(locale, purpose).html)?.[1];
    expect([painted('en'), painted('de')]).toEqual(['#111111', '#222222']);
    expect([painted('en', 'business'), painted('de', 'business')]).toEqual(['#333333', '#333333']);
    expect([painted('en', 'driver'), painted('de', 'driver')]).toEqual(['#111111', '#444444']);
    expect(mail('de', 'business').text).toContain('Für Ihr Geschäft bei Acme.');
    expect(mail('de', 'driver').text).not.toContain('Geschäft');
  });

  test('colours light and dark, each alone', () => {
    const mail = mailFrom({ 'default.json': { colours: { dark: { card: '#000000' }, light: { ink: '#000000' } } } });
    const { html } = mail('en');
    expect(html).toContain('.card { background: #000000 !important; }');
    expect(html).toContain('color:#000000');
    expect(html).toContain('background:#fffefb');
  });

  test('brings a logo inside the mail, named by cid and never by an address', () => {
    const mail = mailFrom({ 'default.json': { logo: { file: 'logo.png', width: 120 } }, 'logo.png': png });
    const message = mail('fr', 'business');
    expect(message.attachments).toEqual([
      {
        cid: 'logo@sealpost',
        filename: 'logo.png',
        contentType: 'image/png',
        content: png,
        contentDisposition: 'inline',
      },
    ]);
    expect(message.html).toContain('<img src="cid:logo@sealpost" width="120" alt="Acme"');
    expect(message.html).not.toMatch(/https?:/);
    const alone = selfContained(message);
    expect(alone).toContain(`src="data:image/png;base64,${png.toString('base64')}"`);
    expect(alone).not.toContain('cid:');
  });

  test('adds a variant of a language that is built in, and a language that is not', () => {
    const minutes = { one: '{n} minuto', other: '{n} minutos' };
    const files = { 'pt-BR.json': { wording: { subject: 'Seu código' } }, 'gl.json': { wording: { ...en, minutes } } };
    const mail = mailFrom(files);
    expect([mail('pt-BR').subject, mail('pt-PT').subject]).toEqual([
      'Seu código',
      'O seu código de verificação de Acme',
    ]);
    expect(mail('pt-BR').text).toContain('é o seu código');
    expect(mail('gl-ES').text).toContain('10 minutos');
    expect(readFiles(files).templates.locales.size).toBe(builtInTemplates.locales.size + 2);
  });

  test('may hold files that begin with a dot, as a mounted ConfigMap does, and be empty', () => {
    expect(readFiles({ '..data/de.json': 'no JSON', '.x': '' }).problems).toEqual([]);
  });
});
