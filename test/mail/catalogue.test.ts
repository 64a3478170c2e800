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
import { contrast, contrastProblems, defaultLook } from '../../services/mail/look.ts';

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
  ])('%s may be %j', (name, text) => {
    expect(textProblem(name, text)).toBeUndefined();
  });

  const oneLine = 'one line without control characters is needed';
  const codeFirst = 'it must begin with {code}, and have it once';
  test.each<[Text, string, string]>([
    ['secret', '', 'a text is needed'],
    ['secret', ' \u3000\t', 'a text is needed'],
    ['secret', 'x'.repeat(301), 'at most 300 characters are possible'],
    ['secret', 'a\nb', oneLine],
    ['secret', 'a\u0085b', oneLine],
    ['secret', 'a\u2028b', oneLine],
    ['secret', 'a\u2029b', oneLine],
    ['secret', 'a\u0000', oneLine],
    ['subject', '{code}', '{code} is unknown here: {sender} may stand here'],
    ['subject', 'x {}', '{} is unknown here: {sender} may stand here'],
    ['subject', '{Sender}', '{Sender} is unknown here: {sender} may stand here'],
    ['life', '{minutes} {n}', '{n} is unknown here: {minutes}, {sender} may stand here'],
    ['asked', '{purpose}', '{purpose} is unknown here: {sender} may stand here'],
    ['subject', '{sender', 'a brace is left over: {sender} may stand here'],
    ['subject', 'sender}', 'a brace is left over: {sender} may stand here'],
    ['askedFor', '{{sender}}', 'a brace is left over: {sender}, {purpose} may stand here'],
    ['life', 'soon', '{minutes} is missing'],
    ['code', 'none', '{code} is missing'],
    ['code', ' {code}', codeFirst],
    ['code', '{sender} {code}', codeFirst],
    ['code', '{code} {code}', codeFirst],
  ])('%s may not be %j: %s', (name, text, why) => {
    expect(textProblem(name, text)).toBe(why);
  });

  test('of a plural form may say its number or leave it out', () => {
    expect(['{n} minutes', 'two minutes'].map(pluralProblem)).toEqual([undefined, undefined]);
    expect(pluralProblem('{minutes}')).toBe('{minutes} is unknown here: {n} may stand here');
    expect(pluralProblem(' ')).toBe('a text is needed');
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
      'colours.onBrand on brand has a contrast of 4.47:1; at least 4.5:1 is needed',
      'colours.light.ink on light.card has a contrast of 4.47:1; at least 4.5:1 is needed',
      'colours.light.soft on light.card has a contrast of 1.00:1; at least 4.5:1 is needed',
      'colours.dark.ink on dark.card has a contrast of 4.47:1; at least 4.5:1 is needed',
      'colours.dark.soft on dark.card has a contrast of 1.00:1; at least 4.5:1 is needed',
    ]);
  });

  test('counts the card and not the page around it', () => {
    const scheme = { ...defaultLook.light, page: defaultLook.light.ink };
    expect(contrastProblems({ ...defaultLook, light: scheme })).toEqual([]);
  });
});
