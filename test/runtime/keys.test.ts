/** The keyed hashes against values that another implementation gave (in Python): each use and each key gives others. */
import { describe, expect, test } from 'vitest';
import { addressHash, hmac, keyedHash, keyOf, otpKey } from '../../services/runtime/keys.ts';
import { addressOf } from '../support/rules.ts';

const one = otpKey('k1', Buffer.alloc(32, 1));
const two = otpKey('k2', Buffer.alloc(32, 2));

test('a key is found by its id alone', () => {
  expect(keyOf([two, one], 'k1')).toBe(one);
  expect(keyOf([two], 'k1')).toBeUndefined();
});

test('fields do not run into each other, nor into the name of the use', () => {
  const all = [
    ['a', ['b', 'c']],
    ['a', ['bc']],
    ['ab', ['c']],
    ['a', ['', 'bc']],
    ['a', ['b', 'c', '']],
    ['abc', []],
  ] as const;
  expect(new Set(all.map(([use, fields]) => hmac(one, use as 'ip/v1', fields).toString('hex'))).size).toBe(all.length);
});

describe('what stands for a thing that is not named', () => {
  test('is keyed by the newest key, and tells kinds apart', () => {
    expect(keyedHash([one], 'ip', '192.0.2.1')).toBe('_WlDw5pq4Ylo4dsosBuMT5j4YN2lw8oUAPywKQ6oF4w');
    expect(keyedHash([one], 'login', '192.0.2.1')).toBe('xt72gE_Ghvy8rM9IDBij3dayhyp4F6O_wXAsYnDcHv8');
    expect(keyedHash([one], 'ip', '192.0.2.2')).toBe('4g7nk9Pek9BDss86LkgkLeq5ilZin63fJsvsqwc_qmU');
    expect(keyedHash([two, one], 'ip', '192.0.2.1')).toBe(keyedHash([two], 'ip', '192.0.2.1'));
    expect(keyedHash([two, one], 'ip', '192.0.2.1')).not.toBe(keyedHash([one], 'ip', '192.0.2.1'));
  });

  test('of an erased address is by the key that is named, and nothing where that is gone', () => {
    const address = addressOf('a@example.com');
    expect(addressHash([two, one], 'k1', address)).toBe('4E-_sFHmAC7mCy62zcpmaQJomUpjwiCyhlOoNxp9TIg');
    expect(addressHash([two], 'k1', address)).toBeUndefined();
  });
});
