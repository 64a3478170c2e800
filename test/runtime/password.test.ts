/** Passwords: hashed with bcrypt at the cost that is asked for, and judged to the last character, however long. */
import { createHmac } from 'node:crypto';
import { compare, hash as bcrypt } from 'bcrypt';
import { expect, test } from 'vitest';
import {
  hashPassword,
  isPassword,
  PASSWORD_CHARACTERS_MAX,
  PASSWORD_CHARACTERS_MIN,
} from '../../services/runtime/password.ts';

test('a password has 12 to 256 characters', () => {
  expect([PASSWORD_CHARACTERS_MIN, PASSWORD_CHARACTERS_MAX]).toEqual([12, 256]);
});

test('however a keyboard writes a letter, it is the same password; another letter is not', async () => {
  const [composed, apart] = ['pässwört-für-Å'.normalize('NFC'), 'pässwört-für-Å'.normalize('NFD')];
  expect(composed).not.toBe(apart);
  const hashes = await Promise.all([composed, apart].map((password) => hashPassword(password, 4)));
  // As they were made before: of what was typed.
  hashes.push(await bcrypt(composed, 4), await bcrypt(apart, 4));
  for (const one of hashes) {
    expect([await isPassword(composed, one), await isPassword(apart, one)]).toEqual([true, true]);
    expect(await isPassword(composed.replace('ä', 'a'), one)).toBe(false);
  }
  // Compatible forms are other passwords.
  expect(await isPassword('pässwört-für-\uff21'.normalize('NFC'), hashes[0] ?? '')).toBe(false);
});

test('a hash says its cost, differs each time and is right for its password alone', async () => {
  const [one, two] = await Promise.all([hashPassword('correct horse', 4), hashPassword('correct horse', 5)]);
  expect([one.slice(0, 7), two.slice(0, 7)]).toEqual(['$2b$04$', '$2b$05$']);
  expect(await hashPassword('correct horse', 4)).not.toBe(one);
  const guesses = ['correct horse', 'correct hors', 'correct horse ', 'Correct horse', ''];
  expect(await Promise.all(guesses.map((guess) => isPassword(guess, one)))).toEqual([true, false, false, false, false]);
});

// bcrypt looks at 72 bytes and forgets the rest.
test.each([
  ['72 characters', 'p'.repeat(72)],
  ['73 characters', 'p'.repeat(73)],
  ['256 characters', 'p'.repeat(256)],
  ['36 characters of 2 bytes', 'ß'.repeat(36)],
  ['37 characters of 2 bytes', 'ß'.repeat(37)],
])('of a password of %s every character counts', async (_length, password) => {
  const hash = await hashPassword(password, 4);
  const changed = `${password.slice(0, -1)}q`;
  const guesses = [password, changed, password.slice(0, -1), `${password}p`];
  expect(await Promise.all(guesses.map((guess) => isPassword(guess, hash)))).toEqual([true, false, false, false]);
});

test('up to 72 bytes it is plain bcrypt, beyond it has a mark and is bcrypt of a keyed SHA-384 in base64', async () => {
  const [short, long] = ['p'.repeat(72), 'p'.repeat(73)];
  expect(await compare(short, await hashPassword(short, 4))).toBe(true);
  const [mark, hash] = [3, await hashPassword(long, 4)];
  expect(hash.slice(0, mark)).toBe('v2$');
  const digest = createHmac('sha384', 'sealpost password v2').update(long).digest('base64');
  expect(await compare(digest, hash.slice(mark))).toBe(true);
});
