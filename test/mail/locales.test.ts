/** The languages: each complete and correct by the same rules that the operator's own words must pass, and how one is chosen. */
import { purposeWord } from '../../services/mail/purpose-words.ts';
import { describe, expect, test } from 'vitest';
import {
  minuteCategories,
  MINUTES_MAX,
  pluralProblem,
  type Text,
  textProblem,
  TEXTS,
} from '../../services/mail/catalogue.ts';
import { isRightToLeft, lookup, negotiate } from '../../services/mail/locale.ts';
import { catalogues } from '../../services/mail/locales/all.ts';
import { createComposer } from '../../services/mail/message.ts';
import { builtInTemplates } from '../../services/mail/templates.ts';

const available = builtInTemplates.locales;
const { compose } = createComposer({
  sender: 'Sealpost',
  defaultLocale: 'en',
  autofillDomain: undefined,
  templates: builtInTemplates,
});
const mail = (locale: string, minutes = 10, purpose = 'verification') =>
  compose({ code: '012345', purpose, minutes, locale });

test('there are at least twelve, right-to-left and East Asian ones among them, and the default', () => {
  expect(catalogues.size).toBeGreaterThanOrEqual(12);
  expect([...available]).toEqual(expect.arrayContaining(['en', 'ar', 'he', 'ja', 'ko', 'zh-Hans', 'zh-Hant']));
  expect([...available].filter(isRightToLeft).toSorted()).toEqual(['ar', 'fa', 'he']);
});

describe.each([...catalogues])('%s', (locale, catalogue) => {
  test('has a tag as the standard writes it, that Intl knows by itself', () => {
    expect(Intl.getCanonicalLocales(locale)).toEqual([locale]);
    expect(Intl.PluralRules.supportedLocalesOf([locale])).toEqual([locale]);
    expect(Intl.NumberFormat.supportedLocalesOf([locale])).toEqual([locale]);
  });

  test('has every text and no other, each one line with its placeholders', () => {
    const { minutes: _, ...words } = catalogue;
    expect(Object.keys(words).toSorted()).toEqual(Object.keys(TEXTS).toSorted());
    for (const [name, text] of Object.entries(words)) {
      expect(textProblem(name as Text, text), name).toBeUndefined();
      for (const placeholder of TEXTS[name as Text].may.filter(
        (one) => one !== 'sender' || /code|subject|asked/.test(name),
      )) {
        expect(text, name).toContain(`{${placeholder}}`);
      }
    }
    expect(words.askedFor).not.toBe(words.asked);
  });

  test('has a plural form for every number of minutes that a code can live, and none that is never used', () => {
    expect(Object.keys(catalogue.minutes).toSorted()).toEqual([...minuteCategories(locale)].toSorted());
    const rules = new Intl.PluralRules(locale);
    for (let minutes = 1; minutes <= MINUTES_MAX; minutes++) {
      const form = catalogue.minutes[rules.select(minutes)];
      expect(form && pluralProblem(form) === undefined, String(minutes)).toBe(true);
      // Only one and two may be words of their own.
      if (minutes > 2) expect(form).toContain('{n}');
    }
  });

  test.each([1, 2, 5, 10, 21])('%i minutes: every line is there, and no placeholder or brace is left', (minutes) => {
    const { subject, text, html } = mail(locale, minutes, 'business');
    const lines = text.split('\n').filter((line) => line !== '');
    expect(lines).toHaveLength(5);
    expect(lines[0]?.startsWith('012345')).toBe(true);
    const shown = html.replace(/<style>.*<\/style>/s, '');
    for (const part of [subject, text, shown]) expect(part).not.toMatch(/[{}]|undefined|NaN/);
    if (minutes > 2) expect(lines[1]).toContain(new Intl.NumberFormat(locale).format(minutes));
  });

  test('names the sender and the purpose, and says nothing in another language', () => {
    const { subject, text } = mail(locale, 10, 'business');
    expect(subject).toContain('Sealpost');
    const [business, driver] = [purposeWord('business', locale), purposeWord('driver', locale)];
    expect(text).toContain(`${business}`);
    expect(mail(locale, 10, 'driver').text).toContain(`${driver}`);
    expect(new Set([business, driver, 'undefined', '']).size).toBe(4);
    // What nobody words is not named: it came from a caller.
    expect(mail(locale, 10, 'refund-of-950-EUR_CALL-NOW').text).toBe(mail(locale).text);
    expect(mail(locale).text).not.toContain('verification)');
    if (locale === 'en') return;
    const english = Object.values(catalogues.get('en') ?? {});
    for (const words of Object.values(catalogue)) expect(english).not.toContain(words);
  });
});

test.each([
  ['ru', [1, 2, 5, 10, 21], ['1 минуту', '2 минуты', '5 минут', '10 минут', '21 минуту']],
  ['pl', [1, 2, 5, 10, 21, 22], ['1 minutę', '2 minuty', '5 minut', '10 minut', '21 minut', '22 minuty']],
  ['ar', [1, 2, 5, 10, 21], ['دقيقة واحدة', 'دقيقتين', '5 دقائق', '10 دقائق', '21 دقيقة']],
  ['he', [1, 2, 5, 10, 21], ['דקה אחת', 'שתי דקות', '5 דקות', '10 דקות', '21 דקות']],
  ['fa', [1, 2, 5, 10, 21], ['۱ دقیقه', '۲ دقیقه', '۵ دقیقه', '۱۰ دقیقه', '۲۱ دقیقه']],
  ['en', [1, 2, 5, 10, 21], ['1 minute', '2 minutes', '5 minutes', '10 minutes', '21 minutes']],
  ['ja', [1, 10], ['1分間', '10分間']],
])('%s counts minutes as its grammar does', (locale, numbers, forms) => {
  for (const [index, minutes] of numbers.entries()) expect(mail(locale, minutes).text).toContain(forms[index]);
});

describe('lookup', () => {
  test.each([
    ['pt-BR', 'pt'],
    ['pt_BR', 'pt'],
    ['PT_br', 'pt'],
    ['de_DE.UTF-8', 'de'],
    ['de_DE@euro', 'de'],
    ['zh_TW', 'zh-Hant'],
    ['zh_Hans_CN', 'zh-Hans'],
    [' fr ', 'fr'],
    ['de-DE-u-co-phonebk', 'de'],
    ['en-US-x-twain', 'en'],
    ['iw_IL', 'he'],
    ['_', undefined],
    ['xx en', undefined],
    ['C.UTF-8', undefined],
    ['en-GB-oxendict', 'en'],
    ['de-u-co-phonebk', 'de'],
    ['DE', 'de'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hant-HK', 'zh-Hant'],
    ['zh-Hans-TW', 'zh-Hans'],
    ['cmn-Hant', 'zh-Hant'],
    ['iw', 'he'],
    ['in', 'id'],
    ['xx', undefined],
    ['e', undefined],
    ['', undefined],
    ['*', undefined],
    ['../en', undefined],
    ['en_US', 'en'],
  ])('%j finds %s', (range, found) => {
    expect(lookup(range, available)).toBe(found);
  });
});

describe('the language of a mail', () => {
  test.each([
    ['the request', 'fr', 'de', 'fr'],
    ['the request, if only by its language', 'fr-CA', 'de', 'fr'],
    ['the header, where the request names none that is there', 'xx', 'de', 'de'],
    ['the header, where the request names none', undefined, 'de-AT, en;q=0.5', 'de'],
    ['the best quality of the header', undefined, 'en;q=0.1, ja;q=0.9, de;q=0.5', 'ja'],
    ['the first of the header that is there', undefined, 'xx, yy-ZZ;q=0.9, ko;q=0.1', 'ko'],
    ['none that the header refuses', undefined, 'de;q=0, ru;q=0.2', 'ru'],
    ['the default where the header refuses all that it names', undefined, 'de;q=0, ru;q=0', undefined],
    ['the default for any language', undefined, '*', undefined],
    ['the default for any language before another', undefined, '*, de;q=0.5', undefined],
    ['the default without a header', undefined, undefined, undefined],
    ['the default for an empty header', undefined, '', undefined],
    ['the default for nonsense', undefined, ';;,,=;q=x,"\u0000', undefined],
    ['the default beyond the first 16 ranges', undefined, `${'xx,'.repeat(16)}de`, undefined],
    ['the default beyond the first kilobyte', undefined, `${' '.repeat(1024)}de`, undefined],
  ])('is %s', (_what, asked, header, locale) => {
    expect(negotiate(asked, header, available)).toBe(locale);
  });

  test('is the default for a mail whose language is gone since it was asked for', () => {
    expect(mail('xx').text).toBe(mail('en').text);
    expect(mail('pt-BR').text).toBe(mail('pt').text);
  });
});
