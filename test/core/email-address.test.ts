/** The address parser: what it takes, what form it gives, and that nothing else passes. */
import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../services/core/email-address.ts';

const canonical = (input: string): string | undefined => {
  const parsed = parseEmailAddress(input);
  return parsed.ok ? parsed.address : undefined;
};

const reasons = {
  none: 'must be an email address, such as a@example.com',
  long: 'must have at most 254 characters',
  control: 'must not contain control characters or line breaks',
  lookalike: 'must not contain look-alike characters; use their plain forms',
  one: 'must be exactly one address, with one @, such as a@example.com',
  longLocal: 'must have at most 64 characters before the @',
  local: 'must have only ASCII letters, digits and common symbols before the @, no spaces or commas',
  domain: 'must have a domain name such as example.com after the @',
  encoded: 'must not begin with =?, which mail programs would decode',
  invalid: 'must not be below .invalid, where there is no mail',
  localhost: 'must not be below .localhost, where there is no mail',
  onion: 'must not be below .onion, where there is no mail',
  alt: 'must not be below .alt, where there is no mail',
  arpa: 'must not be below .arpa, where there is no mail',
};

/** 63 characters a label, so that four of them and the dots make 255. */
const label = 'd'.repeat(63);

describe('an address', () => {
  test.each([
    ['a@example.com', 'a@example.com'],
    ['  A@Example.COM\t', 'a@example.com'],
    ['first.last+tag@sub.example.com', 'first.last+tag@sub.example.com'],
    ["o'brien/dept=1@example.com", "o'brien/dept=1@example.com"],
    ['a@bücher.example', 'a@xn--bcher-kva.example'],
    ['a@XN--BCHER-KVA.example', 'a@xn--bcher-kva.example'],
    ['a@bu\u0308cher.example', 'a@xn--bcher-kva.example'],
    ['a@example\u3002com', 'a@example.com'],
    ['a@b\uff0eexample\uff61com', 'a@b.example.com'],
    ['a@\uff45\uff58ample.com', 'a@example.com'],
    ['a@\u65e5\u672c\u8a9e\u3002\uff2a\uff30', 'a@xn--wgv71a119e.jp'],
    ['a@fa\u00df.de', 'a@xn--fa-hia.de'],
    ['a@xn--ls8h.la', 'a@xn--ls8h.la'],
    ['=a?@example.com', '=a?@example.com'],
    ['a@invalid.example.com', 'a@invalid.example.com'],
    ['a@x.test', 'a@x.test'],
    [`${'l'.repeat(64)}@example.com`, `${'l'.repeat(64)}@example.com`],
    [`a@${label}.com`, `a@${label}.com`],
    ["!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"],
    ['0@1.example', '0@1.example'],
    ['a@a-b.x-1', 'a@a-b.x-1'],
    ['a@b.c1', 'a@b.c1'],
    ['a@b.1c', 'a@b.1c'],
    ['a@b.1-2c', 'a@b.1-2c'],
    [`a@${label}.${label}.${label}.${'d'.repeat(58)}.e`, `a@${label}.${label}.${label}.${'d'.repeat(58)}.e`],
    [`${' '.repeat(1011)}a@example.com`, 'a@example.com'],
  ])('%s is %s', (input, expected) => {
    expect(canonical(input)).toBe(expected);
  });

  test('plus tags and dots are never folded', () => {
    expect(canonical('a+1@example.com')).not.toBe(canonical('a@example.com'));
    expect(canonical('a.b@example.com')).not.toBe(canonical('ab@example.com'));
  });

  test.each([
    ['two addresses', 'one', 'a@example.com,b@example.com'],
    ['two addresses with a space', 'one', 'a@example.com b@example.com'],
    ['a line break and a header', 'control', 'a@example.com\r\nBcc: b@example.com'],
    ['a NUL', 'control', 'a\0@example.com'],
    ['a zero-width space', 'control', 'a\u200b@example.com'],
    ['a fullwidth @', 'lookalike', 'a\uff20example.com'],
    ['a small @', 'lookalike', 'a\ufe6bexample.com'],
    ['a fullwidth letter', 'lookalike', '\uff41@example.com'],
    ['a Kelvin sign', 'lookalike', '\u212a@example.com'],
    ['a quoted local part', 'local', '"a b"@example.com'],
    ['a comment', 'local', 'a(b)@example.com'],
    ['angle brackets', 'local', '<a@example.com>'],
    ['a display name', 'local', 'A <a@example.com>'],
    ['no @', 'one', 'elsewhere.example'],
    ['no local part', 'one', '@elsewhere.example'],
    ['no domain', 'one', 'a@'],
    ['one label', 'domain', 'a@localhost'],
    ['an IPv4 address', 'domain', 'a@127.0.0.1'],
    ['a number that URLs read as IPv4', 'domain', 'a@1.2'],
    ['an address literal', 'domain', 'a@[127.0.0.1]'],
    ['a port', 'domain', 'a@example.com:25'],
    ['a percent escape', 'domain', 'a@ex%61mple.com'],
    ['two dots', 'local', 'a..b@example.com'],
    ['a dot first', 'local', '.a@example.com'],
    ['a hyphen at a label end', 'domain', 'a@example-.com'],
    ['a name of nobody', 'invalid', 'a@x.invalid'],
    ['this machine', 'localhost', 'a@x.localhost'],
    ['a hidden service', 'onion', 'a@x.onion'],
    ['another name space', 'alt', 'a@x.alt'],
    ['the infrastructure of the DNS', 'arpa', 'a@1.0.0.127.in-addr.arpa'],
    ['a home network', 'arpa', 'a@nas.home.arpa'],
    ['a top-level domain without mail, typed with another full stop', 'onion', 'a@x\u3002ONION'],
    ['the placeholder of an erased address', 'invalid', 'erased-1@erased.invalid'],
    ['an encoded word', 'encoded', '=?utf-8?q?a?=@example.com'],
    ['the beginning of one', 'encoded', '=?@example.com'],
    ['an A-label of nothing', 'domain', 'a@xn--0.tld'],
    ['an A-label of ASCII', 'domain', 'a@xn--zz--.com'],
    ['an A-label of what is no letter of a domain', 'domain', 'a@xn--a.com'],
    ['an A-label in another spelling than its own', 'domain', 'a@xn--MNCHEN-3YA0.de'],
    ['an A-label as top-level domain', 'domain', 'a@example.xn--0'],
    ['a long local part', 'longLocal', `${'l'.repeat(65)}@example.com`],
    [
      'a long whole',
      'domain',
      `a@${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(10)}.com`,
    ],
    ['a megabyte', 'long', 'a'.repeat(1_000_000)],
    ['nothing', 'none', ''],
    ['blanks alone', 'none', '   '],
    ['a domain of 253 characters', 'long', `a@${label}.${label}.${label}.${'d'.repeat(59)}.e`],
    ['a domain of 254 characters', 'domain', `a@${label}.${label}.${label}.${'d'.repeat(60)}.e`],
    ['255 characters', 'long', `ab@${label}.${label}.${label}.${'d'.repeat(58)}.e`],
    ['1025 characters, most of them blanks', 'long', `${' '.repeat(1012)}a@example.com`],
    ['a label of 64', 'domain', `a@${label}d.com`],
    ['an empty label', 'domain', 'a@example..com'],
    ['a dot last', 'domain', 'a@example.com.'],
    ['a dot before the @', 'local', 'a.@example.com'],
    ['a hyphen at a label begin', 'domain', 'a@-example.com'],
    ['a hyphen at the last label’s end', 'domain', 'a@example.com-'],
    ['digits alone as the last label', 'domain', 'a@example.123'],
    ['an underscore in the domain', 'domain', 'a@ex_ample.com'],
    ['a letter beyond ASCII before the @', 'local', 'ä@example.com'],
    ['a path', 'domain', 'a@example.com/b'],
    ['three @', 'one', 'a@b@example.com'],
  ] as const)('%s is refused, the reason says what is wrong, and does not repeat it', (_what, why, input) => {
    const parsed = parseEmailAddress(input);
    expect(parsed).toEqual({ ok: false, reason: reasons[why] });
    if (!parsed.ok && input.length > 3) expect(parsed.reason).not.toContain(input);
  });
});
