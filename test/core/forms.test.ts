/** The forms of ids and purposes: both sides of each bound. */
import { expect, test } from 'vitest';
import { DEFAULT_PURPOSE, PURPOSE } from '../../services/core/purpose.ts';
import { UUID } from '../../services/runtime/uuid.ts';

const id = '0123abcd-89ef-4567-89ab-cdef01234567';

test.each([
  [id, true],
  [id.toUpperCase(), true],
  [` ${id}`, false],
  [`${id} `, false],
  [`0${id}`, false],
  [`${id}0`, false],
  [id.slice(1), false],
  [id.slice(0, -1), false],
  [id.replaceAll('-', ''), false],
  ['0123abcd-89ef-4567-cdef01234567', false],
  ['0123abcd-89e-4567-89ab-cdef01234567', false],
  ['g123abcd-89ef-4567-89ab-cdef01234567', false],
  ['0123abcd-89eg-4567-89ab-cdef01234567', false],
  ['0123abcd-89ef-4567-89ab-cdef0123456g', false],
])('%j is a UUID: %j', (text, is) => {
  expect(UUID.test(text)).toBe(is);
});

test.each([
  [DEFAULT_PURPOSE, true],
  ['verification', true],
  ['a', true],
  ['Z9_-', true],
  ['a'.repeat(50), true],
  ['a'.repeat(51), false],
  ['', false],
  ['9a', false],
  ['_a', false],
  [' a', false],
  ['a b', false],
  ['a.com', false],
  ['a/b', false],
])('%j is a purpose: %j', (text, is) => {
  expect(PURPOSE.test(text)).toBe(is);
});

test('a code is for verification where nothing else is said', () => {
  expect(DEFAULT_PURPOSE).toBe('verification');
});
