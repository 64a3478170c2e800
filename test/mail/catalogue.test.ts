/** What a text of the mail may be, word for word as the operator is told; and colours that can be read. */
import { describe, expect, test } from 'vitest';
import {
  fill,
  minuteCategories,
  partsOf,
  pluralProblem,
  type Text,
  textProblem,
} from '../../services/mail/catalogue.ts';
import { contrast, contrastProblems, defaultTheme } from '../../services/mail/theme.ts';

describe('placeholders', () => {
  test('are filled in one pass, each as often as it stands; what is unknown stays as it is', () => {
    const values = { a: '{b}', b: 'x$&', empty: '' };
    expect(fill('{a} {b}{b} {c} {} {empty}.', values)).toBe('{b} x$&x$& {c} {} .');
    expect(fill('{a', values)).toBe('{a');
  });

  test('cut a text into what stands between them and their names', () => {
    expect(partsOf('{code} is for {sender}.')).toEqual(['', 'code', ' is for ', 'sender', '.']);
    expect(partsOf('plain')).toEqual(['plain']);
  });
});

describe('a text', () => {
  test.each<[Text, string]>([
    ['subject', 'x'],
    ['subject', '{sender} and {sender}'],
    ['code', '{code}'],
    ['code', '{code} of {sender}'],
    ['life', '{minutes} {sender}'],
    ['asked', '{sender}'],
    ['askedFor', '{sender} {purpose}'],
    ['askedFor', 'neither'],
    ['ignore', '{sender}'],
    ['secret', 'x'.repeat(300)],
    ['secret', '{sender}'],
    ['subject', '{sender}'],
  ])('%s may be %j', (name, text) => {
    expect(textProblem(name, text)).toBeUndefined();
  });

  const oneLine = 'must be one line without control characters';
  const codeFirst = 'must begin with {code} and contain it once';
  test.each<[Text, string, string]>([
    ['secret', '', 'must not be empty'],
    ['secret', ' \u3000\t', 'must not be empty'],
    ['secret', 'x'.repeat(301), 'must have at most 300 characters'],
    ['secret', 'a\nb', oneLine],
    ['secret', 'a\u0085b', oneLine],
    ['secret', 'a\u2028b', oneLine],
    ['secret', 'a\u2029b', oneLine],
    ['secret', 'a\u0000', oneLine],
    ['subject', '{code}', 'must not contain {code}, only {sender}'],
    ['subject', 'x {}', 'must not contain {}, only {sender}'],
    ['subject', '{Sender}', 'must not contain {Sender}, only {sender}'],
    ['life', '{minutes} {n}', 'must not contain {n}, only {minutes}, {sender}'],
    ['asked', '{purpose}', 'must not contain {purpose}, only {sender}'],
    ['subject', '{sender', 'has an unmatched brace; placeholders are {sender}'],
    ['subject', 'sender}', 'has an unmatched brace; placeholders are {sender}'],
    ['askedFor', '{{sender}}', 'has an unmatched brace; placeholders are {sender}, {purpose}'],
    ['life', 'soon', 'must contain {minutes}'],
    ['code', 'none', 'must contain {code}'],
    ['code', ' {code}', codeFirst],
    ['code', '{sender} {code}', codeFirst],
    ['code', '{code} {code}', codeFirst],
  ])('%s may not be %j: %s', (name, text, why) => {
    expect(textProblem(name, text)).toBe(why);
  });

  test('of a plural form may say its number or leave it out', () => {
    expect(['{n} minutes', 'two minutes'].map(pluralProblem)).toEqual([undefined, undefined]);
    expect(pluralProblem('{minutes}')).toBe('must not contain {minutes}, only {n}');
    expect(pluralProblem(' ')).toBe('must not be empty');
  });
});

test.each([
  ['en', ['one', 'other']],
  ['ja', ['other']],
  ['fr', ['one', 'other']],
  ['ru', ['few', 'many', 'one']],
  ['pl', ['few', 'many', 'one']],
  ['ar', ['few', 'many', 'one', 'other', 'two']],
  ['he', ['one', 'other', 'two']],
])('the minutes of a day need in %s the forms %j', (tag, forms) => {
  expect([...minuteCategories(tag)].toSorted()).toEqual(forms);
});

describe('contrast', () => {
  test.each([
    ['#ff0000', '#ffffff', 3.998],
    ['#00ff00', '#ffffff', 1.372],
    ['#0000ff', '#ffffff', 8.592],
    ['#0a0a0a', '#ffffff', 19.798],
    ['#0b0b0b', '#ffffff', 19.683],
    ['#ffffff', '#0B0b0B', 19.683],
    ['#808080', '#000000', 5.317],
  ])('of %s and %s is %d', (text, ground, ratio) => {
    expect(contrast(text, ground)).toBeCloseTo(ratio, 3);
    expect(contrast(ground, text)).toBeCloseTo(ratio, 3);
  });

  test('is asked of every text on its own ground, and told with two digits that never flatter', () => {
    const grey = { page: '#ffffff', card: '#ffffff', ink: '#777777', soft: '#ffffff' };
    expect(contrastProblems({ brand: '#ffffff', onBrand: '#777777', light: grey, dark: grey })).toEqual([
      'colours.onBrand on brand has a contrast of 4.47:1; the minimum is 4.5:1',
      'colours.light.ink on light.card has a contrast of 4.47:1; the minimum is 4.5:1',
      'colours.light.soft on light.card has a contrast of 1.00:1; the minimum is 4.5:1',
      'colours.dark.ink on dark.card has a contrast of 4.47:1; the minimum is 4.5:1',
      'colours.dark.soft on dark.card has a contrast of 1.00:1; the minimum is 4.5:1',
    ]);
  });

  test('counts the card and not the page around it', () => {
    const scheme = { ...defaultTheme.light, page: defaultTheme.light.ink };
    expect(contrastProblems({ ...defaultTheme, light: scheme })).toEqual([]);
  });
});
