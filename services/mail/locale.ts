/** Which of the languages there are: lookup as in RFC 4647 section 3.4, by the request, then by Accept-Language. */
import { parseAccept } from 'hono/utils/accept';

/** What systems add to a language: its encoding, and a variant (`de_DE.UTF-8`, `sr_RS@latin`). */
const POSIX = /[.@].*$/s;

const HEADER_CHARACTERS_MAX = 1024;
const RANGES_MAX = 16;

/**
 * The longest available tag that begins the range: pt for pt-BR, which systems also write pt_BR. Where none does, the script decides that the language
 * and region imply (CLDR's likely subtags): zh-Hant for zh-TW. Undefined where there is none, or the range is no tag.
 */
export function lookup(asked: string, available: ReadonlySet<string>): string | undefined {
  const range = asked.trim().replaceAll('_', '-').replace(POSIX, '');
  if (available.has(range)) return range;
  const locale = localeOf(range);
  if (!locale) return undefined;
  const has = (tag: string): boolean => available.has(tag);
  return truncations(locale.baseName).find(has) ?? truncations(locale.maximize().baseName).find(has);
}

/** The language that a request is answered in; undefined where nothing asked for is there. */
export function negotiate(
  asked: string | undefined,
  acceptLanguage: string | undefined,
  available: ReadonlySet<string>,
): string | undefined {
  const first = asked === undefined ? undefined : lookup(asked, available);
  if (first !== undefined) return first;
  for (const range of rangesOf(acceptLanguage ?? '')) {
    // Whoever takes any language gets the default.
    if (range === '*') return undefined;
    const found = lookup(range, available);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const isRightToLeft = (tag: string): boolean => localeOf(tag)?.getTextInfo().direction === 'rtl';

function rangesOf(header: string): readonly string[] {
  return parseAccept(header.slice(0, HEADER_CHARACTERS_MAX))
    .filter(({ q }) => q > 0)
    .slice(0, RANGES_MAX)
    .map(({ type }) => type);
}

// Its canonical form also renames: iw is he, in is id, cmn is zh.
function localeOf(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}

/** zh-Hant-TW, zh-Hant, zh. */
function truncations(tag: string): readonly string[] {
  const subtags = tag.split('-');
  return subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-'));
}
