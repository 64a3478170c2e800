/** The message: the code where it belongs and nowhere else, everything escaped, nothing to click, load or be followed by. */
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { CONTRAST_MIN, contrast, contrastProblems, defaultTheme } from '../../services/mail/theme.ts';
import { createComposer, type MessageOptions } from '../../services/mail/message.ts';
import { builtInTemplates } from '../../services/mail/templates.ts';

const code = '012345';
const given = { sender: 'Sealpost', defaultLocale: 'en', autofillDomain: undefined, templates: builtInTemplates };
const composer = (options: Partial<MessageOptions> = {}) => createComposer({ ...given, ...options });
const facts = { code, purpose: 'business', minutes: 10, locale: 'en' };
const locales = [...builtInTemplates.locales];

/** What a reader sees of the HTML, an element a line. */
const shown = (html: string): readonly string[] =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .split(/<\/?(?:td|tr|p|div|table|body|html)\b[^>]*>/)
    .map((part) => part.replaceAll(/<[^>]*>/g, '').trim())
    .filter((part) => part !== '');

describe('the code', () => {
  test.each(locales)('in %s begins the text and the preview, stands alone once, and is in no subject', (locale) => {
    const { subject, text, html } = composer().compose({ ...facts, locale });
    expect(text.indexOf(code)).toBe(0);
    expect(text.split(code)).toHaveLength(2);
    const [preview = '', name, alone] = shown(html);
    const [first, second, blank] = text.split('\n');
    expect([preview.startsWith(`${first} ${second}`), blank]).toEqual([true, '']);
    expect([name, alone]).toEqual(['Sealpost', code]);
    expect(html.split(code)).toHaveLength(3);
    expect(`${subject}${/<title>(.*)<\/title>/.exec(html)?.[1]}`).not.toMatch(/\d/);
  });

  test('is one run of plain digits also where the language has digits of its own', () => {
    const { text, html } = composer().compose({ ...facts, locale: 'fa' });
    expect(text).toContain('۱۰');
    expect(text.startsWith('012345 ')).toBe(true);
    expect(html).toContain('>012345</p>');
  });

  test('in English begins the sentence that the commands of the documents read', () => {
    expect(composer().compose(facts).text.split('\n')[0]).toBe('012345 is your Sealpost verification code.');
  });

  test('is once more in the last line, for browsers, where a domain is configured, and only there', () => {
    const { text, html } = composer({ autofillDomain: 'example.com' }).compose({ ...facts, locale: 'ar' });
    expect(html).toContain(`<span dir="ltr">@example.com #${code}</span>`);
    const lines = text.split('\n');
    expect(lines.slice(-2)).toEqual(['', '@example.com #012345']);
    expect(lines.map((line) => line === '')).toEqual([false, false, true, false, false, false, true, false]);
    expect(text.split(code)).toHaveLength(3);
    expect(shown(html).at(-1)).toBe('@example.com #012345');
    expect(html.split(code)).toHaveLength(4);
    const without = composer().compose(facts);
    expect(`${without.text}${shown(without.html).join()}`).not.toContain('#0');
    expect(without.text.split('\n').map((line) => line === '')).toEqual([false, false, true, false, false, false]);
  });
});

test('says who asks and why, how long it lives and what to do if one did not ask', () => {
  const { text, html } = composer().compose(facts);
  for (const part of [text, shown(html).join('\n')]) {
    expect(part).toContain('10 minutes');
    expect(part).toContain('asked Sealpost to confirm this email address (business account)');
    expect(part).toContain('If it was not you, ignore this mail');
  }
  const plain = composer().compose({ ...facts, purpose: 'verification', minutes: 1 }).text;
  expect(plain).toContain('1 minute and');
  expect(plain).not.toContain('(verification)');
});

describe('what comes from outside', () => {
  const hostile = `<img src=x onerror=alert(1)>"'&\r\nBcc: evil@example.test\u202e{code}{purpose}`;

  test('is escaped in HTML as a name, and a purpose is not shown', () => {
    const { html } = composer({ sender: hostile }).compose({ ...facts, purpose: hostile });
    expect(html).not.toMatch(/<img|"'|&\s/);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp; Bcc');
    expect(composer().compose({ ...facts, purpose: hostile }).html).not.toMatch(/onerror|Bcc/);
  });

  test('is one line, turns no text around, and never becomes a placeholder', () => {
    const { subject, text } = composer({ sender: hostile }).compose({ ...facts, purpose: hostile });
    expect(`${subject}${text}`).not.toMatch(/[\r\u202e]/);
    expect(subject).not.toContain('\n');
    expect(subject).not.toContain(code);
    expect(text.split(code)).toHaveLength(2);
    expect(text.split('\n')).toHaveLength(6);
    expect(subject).toContain('{code}{purpose}');
  });

  test('adds no header to the mail', async () => {
    const { subject, text, html } = composer({ sender: hostile }).compose({ ...facts, purpose: hostile });
    const bytes = await new MailComposer({ from: 'a@example.com', to: 'b@example.com', subject, text, html })
      .compile()
      .build();
    const { headers, subject: read } = await PostalMime.parse(bytes);
    expect(headers.map(({ key }) => key)).not.toContain('bcc');
    expect(read).toBe(subject);
  });
});

test.each(locales)('in %s nothing can be clicked, run or loaded, and nothing follows the reader', (locale) => {
  const { html, text, attachments } = composer({ autofillDomain: 'example.com' }).compose({ ...facts, locale });
  expect(html).not.toMatch(/<a\b|<img|<script|<link|<form|<iframe|href=|src=|https?:|url\(|@import|\son\w+=/i);
  expect(text).not.toMatch(/https?:|www\./);
  expect(attachments).toBeUndefined();
  expect(Buffer.byteLength(html)).toBeLessThan(16_384);
});

test.each([
  ['en', 'ltr'],
  ['ja', 'ltr'],
  ['ar', 'rtl'],
  ['he', 'rtl'],
  ['fa', 'rtl'],
])('in %s the HTML says its language and that it reads %s', (locale, direction) => {
  const { html } = composer().compose({ ...facts, locale });
  expect(html).toContain(`<html lang="${locale}" dir="${direction}">`);
  expect(html).toContain(direction === 'rtl' ? 'text-align:right' : 'text-align:left');
  expect(html).not.toContain(direction === 'rtl' ? 'text-align:left' : 'text-align:right');
});

describe('the colours', () => {
  test('contrast is that of WCAG: black on white 21, the same colour 1, and known values between', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#336699', '#336699')).toBe(1);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });

  test('of the house can be read, in light and dark', () => {
    expect(contrastProblems(defaultTheme)).toEqual([]);
    const faint = { ...defaultTheme, dark: { ...defaultTheme.dark, soft: defaultTheme.dark.card } };
    expect(contrastProblems(faint)).toEqual([
      `colours.dark.soft on dark.card has a contrast of 1.00:1; the minimum is ${CONTRAST_MIN}:1`,
    ]);
  });
});
