/** The derived code against values that another implementation gave (in Python), and its comparison. */
import type { timingSafeEqual } from 'node:crypto';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CodeIdentity } from '../../services/core/context.ts';
import { createCodeBook, deriveCode } from '../../services/mail/otp-code.ts';
import { otpKey } from '../../services/runtime/keys.ts';
import { user } from '../support/api.ts';
import { addressOf, identityOf } from '../support/rules.ts';

const one = otpKey('k1', Buffer.alloc(32, 1));
const two = otpKey('k2', Buffer.alloc(32, 2));
const identity = identityOf(10);

describe('the code by another implementation', () => {
  test.each<[Partial<CodeIdentity>, string]>([
    [{}, '9199583061'],
    [{ codeDigits: 4 }, '3061'],
    [{ codeDigits: 8 }, '99583061'],
    [{ epoch: 2 }, '1253334680'],
    [{ otpId: user(9) }, '3997801581'],
    [{ otpId: user(67), codeDigits: 6 }, '008940'],
    [{ salt: 'c2FsdB' }, '4806181710'],
    [{ purpose: 'business' }, '2853167735'],
    [{ purpose: 'Prüfung' }, '3657908751'],
    [{ userId: user(3) }, '2199577722'],
    [{ address: addressOf('b@example.com') }, '4997087755'],
  ])('with %j is %s', (change, code) => {
    expect(deriveCode([one], { ...identity, ...change })).toBe(code);
    expect(deriveCode([two, one], { ...identity, ...change }), 'with a newer key before its own').toBe(code);
  });

  test('is none where its key is gone, whatever other keys there are', () => {
    expect(deriveCode([two], identity)).toBeUndefined();
  });
});

describe('a code book', () => {
  const book = createCodeBook([two, one], 1);

  test('signs with the newest key, and knows which keys there are', () => {
    expect([book.keyId, book.epoch]).toEqual(['k2', 1]);
    expect(['k1', 'k2', 'k3', ''].map((id) => book.hasKey(id))).toEqual([true, true, false, false]);
  });

  test('takes each code only for what it was made for', () => {
    const codes = (change: Partial<CodeIdentity>) => deriveCode([one], { ...identity, ...change }) ?? '';
    expect(book.isCode(identity, '9199583061')).toBe(true);
    for (const change of [
      { userId: user(3) },
      { address: addressOf('b@example.com') },
      { purpose: 'business' },
      { otpId: user(9) },
      { salt: 'c2FsdB' },
    ]) {
      expect(book.isCode({ ...identity, ...change }, '9199583061'), JSON.stringify(change)).toBe(false);
      expect(book.isCode({ ...identity, ...change }, codes(change))).toBe(true);
    }
  });

  test('has a digest of 10 characters by the newest key, over the id and the code and nothing less', () => {
    const six = { ...identity, codeDigits: 6 };
    expect(createCodeBook([one], 1).digest(six)).toBe('EEzs0xgAcB');
    expect(book.digest(six)).toBe('2u-PTKnMRu');
    expect(createCodeBook([one], 1).digest({ ...six, keyId: 'gone' })).toBe('gEta55ox2_');
    const otherCode = createCodeBook([one], 1).digest({ ...six, salt: 'c2FsdB' });
    const otherId = createCodeBook([one], 1).digest({ ...six, otpId: user(9) });
    expect(new Set(['EEzs0xgAcB', otherCode, otherId]).size).toBe(3);
  });
});

type Writable = { timingSafeEqual: typeof timingSafeEqual };

/** Each comparison of node:crypto in constant time: how many bytes on each side. */
function comparisons(): [number, number][] {
  const crypto = createRequire(import.meta.url)('node:crypto') as Writable;
  const { timingSafeEqual: real } = crypto;
  const seen: [number, number][] = [];
  crypto.timingSafeEqual = (left, right) => {
    seen.push([left.byteLength, right.byteLength]);
    return real(left, right);
  };
  syncBuiltinESMExports();
  onTestFinished(() => {
    crypto.timingSafeEqual = real;
    syncBuiltinESMExports();
  });
  return seen;
}

describe('a guess', () => {
  test.each([
    ['is right', '9199583061', identity],
    ['has the first digits right', '9199583060', identity],
    ['is wrong', '0000000000', identity],
    ['has another length', '91', identity],
    ['is empty', '', identity],
    ['is for a code whose key is gone', '9199583061', { ...identity, keyId: 'gone' }],
    ['is for a code of another epoch', '9199583061', { ...identity, epoch: 2 }],
  ])('that %s is compared once, in constant time, as a digest of 32 bytes', (_what, guess, about) => {
    const seen = comparisons();
    expect(createCodeBook([one], 1).isCode(about, guess)).toBe(guess === '9199583061' && about === identity);
    expect(seen).toEqual([[32, 32]]);
  });
});
