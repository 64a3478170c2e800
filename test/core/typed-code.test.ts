/** A code as people and their phones write it, and what is left of it. */
import { describe, expect, test } from 'vitest';
import { typedCode } from '../../services/core/typed-code.ts';

describe('a typed code', () => {
  test.each([
    ['123456', '123456'],
    [' 123 456\t', '123456'],
    ['123\u{00a0}456\u{2009}\u{3000}', '123456'],
    ['12-34\u{2010}5\u{2013}6\u{2212}', '123456'],
    ['\u{feff}1\u{200b}2\u{200d}3\u{2060}4\u{200e}5\u{202a}6\u{00ad}\u{fe0f}', '123456'],
    ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['۰۱۲۳۴۵۶۷۸۹', '0123456789'],
    ['०१२३४५६७८९', '0123456789'],
    ['０１２３４５６７８９', '0123456789'],
    ['𝟎𝟗𝟘𝟡𝟢𝟫𝟬𝟵𝟶𝟿', '0909090909'],
    ['𞥐𞥙', '09'],
    ['٤8२', '482'],
    ['12a456', '12a456'],
    ['1.2_3', '1.2_3'],
    ['Ⅳ½', 'IV1⁄2'],
    ['①②③⁴⁵₆', '123456'],
    ['１２３\u3000４５６', '123456'],
    ['- \u{200b}', ''],
  ])('%j is %j', (typed, code) => expect(typedCode(typed)).toBe(code));

  test('ten digits of every script that Unicode has are 0 to 9, in order', () => {
    const all = Array.from({ length: 0x11_0000 }, (_, point) => point)
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point))
      .filter((one) => /\p{Nd}/u.test(one));
    expect(all.length).toBeGreaterThan(600);
    expect(all.map(typedCode).join('')).toBe('0123456789'.repeat(all.length / 10));
  });
});
