/** A sealed text opens with its passphrase alone, and only as it was sealed. */
import { expect, test } from 'vitest';
import { seal, unseal } from '../../services/runtime/sealed.ts';

const PASSPHRASE = 'a passphrase of mine';
const TEXT = 'JWT_SECRET=höchst geheim\n';
const OTHER = 'The passphrase is another one, or the file was changed.';
const sealed = seal(TEXT, PASSPHRASE);
const [head = '', body = ''] = sealed.split('\n');

test('opens with its passphrase, says how it was sealed, and is another one each time', () => {
  expect(unseal(sealed, PASSPHRASE)).toBe(TEXT);
  expect(unseal(`${head}\r\n${body}\r\n`, PASSPHRASE)).toBe(TEXT);
  expect(head).toMatch(/^sealpost-secrets v1 scrypt N=131072 r=8 p=1 aes-256-gcm salt=[\w-]{22} nonce=[\w-]{16}$/);
  const [otherHead, otherBody] = seal(TEXT, PASSPHRASE).split('\n');
  for (const part of [/salt=\S+/, /nonce=\S+/]) expect(otherHead).not.toContain(part.exec(head)?.[0]);
  expect(otherBody?.slice(0, 12)).not.toBe(body.slice(0, 12));
  expect(sealed + Buffer.from(body, 'base64url').toString('latin1')).not.toContain('JWT_SECRET');
});

test('does not open with another passphrase; one that was typed in other forms of the same letters is the same', () => {
  expect(() => unseal(sealed, `${PASSPHRASE} `)).toThrow(OTHER);
  expect(unseal(seal('x', 'paßwörter sind läng'), 'paßwörter sind läng'.normalize('NFD'))).toBe('x');
});

const flip = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

test.each([
  ['its beginning', `${head}\n${flip(body, 3)}\n`],
  ['its tag', `${head}\n${flip(body, body.length - 4)}\n`],
  ['its end', `${head}\n${body.slice(0, -8)}\n`],
  ['nearly all', `${head}\nAAAA\n`],
  ['its salt', `${head.replace(/salt=./, (one) => flip(one, 5))}\n${body}\n`],
  ['its nonce', `${head.replace(/nonce=./, (one) => flip(one, 6))}\n${body}\n`],
])('does not open where %s was changed', (_, changed) => {
  expect(changed).not.toBe(sealed);
  expect(() => unseal(changed, PASSPHRASE)).toThrow(OTHER);
});

test.each([
  ['nothing', ''],
  ['something else', 'JWT_SECRET=x\n'],
  ['a head alone', `${head}\n`],
  ['one that asks for more work', sealed.replace('N=131072', 'N=1073741824')],
  ['one of another version', sealed.replace(' v1 ', ' v2 ')],
])('is not %s, which is said at once', (_, text) => {
  expect(() => unseal(text, PASSPHRASE)).toThrow('This is no file of "sealpost secrets export"');
});
