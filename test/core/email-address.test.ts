/** The address parser: what it takes, what form it gives, and that nothing else passes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../services/core/email-address.ts';

const canonical = (input: string): string | undefined => {
  const parsed = parseEmailAddress(input);
  return parsed.ok ? parsed.address : undefined;
};

describe('an address', () => {
  test.each([
    ['a@example.com', 'a@example.com'],
    ['  A@Example.COM\t', 'a@example.com'],
    ['first.last+tag@sub.example.com', 'first.last+tag@sub.example.com'],
    ["o'brien/dept=1@example.com", "o'brien/dept=1@example.com"],
    ['a@bücher.example', 'a@xn--bcher-kva.example'],
    ['a@XN--BCHER-KVA.example', 'a@xn--bcher-kva.example'],
    [`${'l'.repeat(64)}@example.com`, `${'l'.repeat(64)}@example.com`],
  ])('%s is %s', (input, expected) => {
    expect(canonical(input)).toBe(expected);
  });

  test('plus tags and dots are never folded', () => {
    expect(canonical('a+1@example.com')).not.toBe(canonical('a@example.com'));
    expect(canonical('a.b@example.com')).not.toBe(canonical('ab@example.com'));
  });

  test.each([
    ['two addresses', 'a@example.com,b@example.com'],
    ['two addresses with a space', 'a@example.com b@example.com'],
    ['a line break and a header', 'a@example.com\r\nBcc: b@example.com'],
    ['a NUL', 'a\0@example.com'],
    ['a zero-width space', 'a\u200b@example.com'],
    ['a fullwidth @', 'a\uff20example.com'],
    ['a small @', 'a\ufe6bexample.com'],
    ['a fullwidth letter', '\uff41@example.com'],
    ['a Kelvin sign', '\u212a@example.com'],
    ['a quoted local part', '"a b"@example.com'],
    ['a comment', 'a(b)@example.com'],
    ['angle brackets', '<a@example.com>'],
    ['a display name', 'A <a@example.com>'],
    ['no @', 'elsewhere.example'],
    ['no local part', '@elsewhere.example'],
    ['no domain', 'a@'],
    ['one label', 'a@localhost'],
    ['an IPv4 address', 'a@127.0.0.1'],
    ['a number that URLs read as IPv4', 'a@1.2'],
    ['an address literal', 'a@[127.0.0.1]'],
    ['a port', 'a@example.com:25'],
    ['a percent escape', 'a@ex%61mple.com'],
    ['two dots', 'a..b@example.com'],
    ['a dot first', '.a@example.com'],
    ['a hyphen at a label end', 'a@example-.com'],
    ['an ideographic full stop', 'a@example\u3002com'],
    ['a long local part', `${'l'.repeat(65)}@example.com`],
    ['a long whole', `a@${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(10)}.com`],
    ['a megabyte', 'a'.repeat(1_000_000)],
    ['nothing', ''],
  ])('%s is refused, and the reason does not repeat it', (_what, input) => {
    const parsed = parseEmailAddress(input);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok && input.length > 3) expect(parsed.reason).not.toContain(input);
  });

  test('of all single characters none makes another character or a second recipient of itself', () => {
    for (let point = 0; point <= 0xffff; point++) {
      const parsed = parseEmailAddress(`x${String.fromCharCode(point)}y@example.com`);
      if (parsed.ok) expect(parsed.address).toBe(`x${String.fromCharCode(point).toLowerCase()}y@example.com`);
    }
  });

  test('whatever passes is canonical, one recipient, and passes again unchanged', () => {
    const part = fc.string({ unit: 'binary', maxLength: 20 });
    const likely = fc.tuple(fc.stringMatching(/^[a-zA-Z0-9.+_-]{1,12}$/), fc.domain()).map(([l, d]) => `${l}@${d}`);
    fc.assert(
      fc.property(
        fc.oneof(
          likely,
          fc.tuple(part, part).map(([l, d]) => `${l}@${d}`),
          fc.emailAddress(),
        ),
        (input) => {
          const address = canonical(input);
          if (address === undefined) return;
          expect(address).toMatch(/^[\x21-\x7e]{3,254}$/);
          expect(address).not.toMatch(/[,;<>()"\s]/);
          expect(address.split('@')).toHaveLength(2);
          expect(canonical(address)).toBe(address);
        },
      ),
      { seed: 20261122, numRuns: 20_000 },
    );
  });
});
