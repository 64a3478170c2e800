/**
 * The address parser: the only place where the canonical form of an email address is made.
 * Rules: RFC 5321 lengths (64/254), RFC 5322 dot-atom local part in ASCII, a domain of two or more
 * LDH labels (IDN to A-labels by UTS 46) below a top-level domain that mail can go to. Plus tags and dots are never folded.
 */
import { standsForALabel } from './a-label.ts';

/** A canonical address: trimmed, ASCII, lower case, domain as A-labels, at most 254 characters. */
export type EmailAddress = string & { readonly brand: 'EmailAddress' };

export type ParsedAddress = { ok: true; address: EmailAddress } | { ok: false; reason: string };

const LOCAL_MAX = 64;
const ADDRESS_MAX = 254;
const INPUT_MAX = 1024;
const TOO_LONG = `must have at most ${ADDRESS_MAX} characters`;
const LOOKALIKE = 'must not contain look-alike characters; use their plain forms';
const LOOKALIKE_AT = /[\ufe6b\uff20]/;
const CONTROL = /\p{C}/u;
const DOT_ATOM = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN_INPUT = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** Full stops of other scripts, which UTS 46 maps to the one of the DNS. */
const FULL_STOPS = /[\u3002\uff0e\uff61]/g;
/** Nobody has mail there: RFC 2606 and 6761 (invalid, localhost), 7686 (onion), 9476 (alt), 3172 (arpa). `test` and `example` are for tests. */
const WITHOUT_MAIL = /\.(?:invalid|localhost|onion|alt|arpa)$/;
/** What a mail program would decode (RFC 2047), and show another address than the one it is. */
const ENCODED_WORD = /^=\?/;
const LDH_DOMAIN =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Parses one address. The reason names what is wrong and what would be right, and never repeats the input. */
export function parseEmailAddress(input: string): ParsedAddress {
  if (input.length > INPUT_MAX) return refuse(TOO_LONG);
  const text = input.trim();
  if (text === '') return refuse('must be an email address, such as a@example.com');
  if (CONTROL.test(text)) return refuse('must not contain control characters or line breaks');
  if (LOOKALIKE_AT.test(text)) return refuse(LOOKALIKE);
  const parts = text.split('@');
  const [local, domain] = parts;
  if (parts.length !== 2 || !local || !domain)
    return refuse('must be exactly one address, with one @, such as a@example.com');
  if (local.normalize('NFKC') !== local) return refuse(LOOKALIKE);
  if (local.length > LOCAL_MAX) return refuse(`must have at most ${LOCAL_MAX} characters before the @`);
  if (!DOT_ATOM.test(local))
    return refuse('must have only ASCII letters, digits and common symbols before the @, no spaces or commas');
  if (ENCODED_WORD.test(local)) return refuse('must not begin with =?, which mail programs would decode');
  const ascii = domainToAscii(domain);
  if (ascii === undefined) return refuse('must have a domain name such as example.com after the @');
  if (WITHOUT_MAIL.test(ascii))
    return refuse(`must not be below ${ascii.slice(ascii.lastIndexOf('.'))}, where there is no mail`);
  const address = `${local.toLowerCase()}@${ascii}`;
  if (address.length > ADDRESS_MAX) return refuse(TOO_LONG);
  return { ok: true, address: address as EmailAddress };
}

function refuse(reason: string): ParsedAddress {
  return { ok: false, reason };
}

// The URL parser applies UTS 46; what it might read as something else (ports, %, IPv4) is refused before.
function domainToAscii(typed: string): string | undefined {
  const domain = typed.normalize('NFC').replaceAll(FULL_STOPS, '.');
  if (!DOMAIN_INPUT.test(domain) || !URL.canParse(`http://${domain}/`)) return undefined;
  const host = new URL(`http://${domain}/`).hostname;
  return host.length <= 253 && LDH_DOMAIN.test(host) && host.split('.').every(standsForALabel) ? host : undefined;
}
