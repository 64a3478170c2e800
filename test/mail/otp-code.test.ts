/** The derived code: bound to everything it is for, evenly spread, dead with its key or its epoch, and not in its digest. */
import { describe, expect, test } from 'vitest';
import { createCodeBook, deriveCode } from '../../services/mail/otp-code.ts';
import { otpKey } from '../../services/runtime/keys.ts';
import { user } from '../support/api.ts';
import { addressOf, identityOf } from '../support/rules.ts';

const keys = [otpKey('k1', Buffer.alloc(32, 1))] as const;
const identity = identityOf(6);

describe('the code', () => {
  test('is the same whenever it is derived, as many digits as asked, zeros in front included', () => {
    // Computed by another implementation, in Python.
    expect(deriveCode(keys, identity)).toBe('583061');
    expect(deriveCode(keys, { ...identity, codeDigits: 10 })).toHaveLength(10);
    const padded = Array.from({ length: 200 }, (_, n) => deriveCode(keys, { ...identity, otpId: user(n) }));
    expect(padded.every((code) => /^\d{6}$/.test(code ?? ''))).toBe(true);
    expect(padded.some((code) => code?.startsWith('0'))).toBe(true);
  });

  test.each([
    ['another user', { userId: user(3) }],
    ['another address', { address: addressOf('b@example.com') }],
    ['another purpose', { purpose: 'business' }],
    ['another id', { otpId: user(9) }],
    ['another salt', { salt: 'c2FsdB' }],
    ['another epoch', { epoch: 2 }],
  ])('%s gives another code', (_what, change) => {
    expect(deriveCode(keys, { ...identity, ...change, codeDigits: 10 })).not.toBe(
      deriveCode(keys, { ...identity, codeDigits: 10 }),
    );
  });

  test('fields do not run into each other', () => {
    const one = { ...identity, salt: 'c', purpose: 'ab', codeDigits: 10 };
    const other = { ...identity, salt: 'ca', purpose: 'b', codeDigits: 10 };
    expect(deriveCode(keys, one)).not.toBe(deriveCode(keys, other));
    const third = { ...identity, otpId: `${user(1)}ca`, salt: '', purpose: 'b', codeDigits: 10 };
    expect(deriveCode(keys, third)).not.toBe(deriveCode(keys, other));
  });

  test('is evenly spread: chi-square over 100 bins of 100,000 codes', () => {
    const bins = Array.from({ length: 100 }, () => 0);
    for (let n = 0; n < 100_000; n++) {
      const bin = Math.floor(Number(deriveCode(keys, { ...identity, salt: String(n) })) / 10_000);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chi = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 99 degrees of freedom: above 149 happens once in a thousand keys, and this key is fixed.
    expect(chi).toBeLessThan(149);
  });

  test('an older key verifies while it is listed, the newest signs, a key that is gone kills its codes', () => {
    const newer = otpKey('k2', Buffer.alloc(32, 2));
    const code = deriveCode(keys, identity) ?? '';
    const rotated = createCodeBook([newer, keys[0]], 1);
    expect(rotated.keyId).toBe('k2');
    expect(rotated.isCode(identity, code)).toBe(true);
    expect(createCodeBook([newer], 1).isCode(identity, code)).toBe(false);
    expect(createCodeBook([newer], 1).isCode(identity, '')).toBe(false);
  });

  test('a code book of another epoch takes no code of this one', () => {
    const code = deriveCode(keys, identity) ?? '';
    expect(createCodeBook(keys, 1).isCode(identity, code)).toBe(true);
    expect(createCodeBook(keys, 2).isCode(identity, code)).toBe(false);
  });

  test.each(['', ' 583061', '583061 ', '58306', '5830610', '５８３０６１', '+583061', '583061.0', '0x0ec4df'])(
    '%j is not it',
    (guess) => {
      expect(createCodeBook(keys, 1).isCode(identity, guess)).toBe(false);
    },
  );

  test('its digest fits the column, differs by code and key, and is no unkeyed hash of it', () => {
    const digest = createCodeBook(keys, 1).digest(identity);
    expect(digest).toMatch(/^[\w-]{10}$/);
    expect(createCodeBook([otpKey('k1', Buffer.alloc(32, 9))], 1).digest(identity)).not.toBe(digest);
    expect(digest).not.toContain(deriveCode(keys, identity));
  });
});
