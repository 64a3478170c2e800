/** What a mail service said, fit for an event and a log: one line, and nothing of it names the recipient or holds a code. */
import { domainToUnicode } from 'node:url';

export const WORDS_CHARACTERS_MAX = 200;
/** More is not looked at. */
const READ_CHARACTERS_MAX = 4000;
const REMOVED = '…';
/** Parts of a name that are shorter are words like any other. */
const NAME_PART_MIN = 3;

/** The text as a line of at most 200 characters; left out are control characters, all that looks like an address or a code, and the recipient's name and domain. */
export function wordsOf(text: string, recipient: string): string {
  return lineOf(text, recipient, (line) => line.replace(/\p{Nd}(?:[\s-]?\p{Nd}){5,}/gu, REMOVED));
}

/** The same of a mail that was taken, whose number in the server's own log may be all digits. */
export function receiptOf(text: string, recipient: string): string {
  return lineOf(text, recipient, (line) => line);
}

function lineOf(text: string, recipient: string, more: (line: string) => string): string {
  // Cut between two words: half of a name would not be known.
  const end = text.length > READ_CHARACTERS_MAX ? Math.max(0, text.lastIndexOf(' ', READ_CHARACTERS_MAX)) : undefined;
  const read = decoded(text.slice(0, end));
  const words = read
    .normalize('NFKC')
    // What cannot be seen may stand in the middle of a name.
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .split(' ')
    .map((word) => (word.includes('@') ? REMOVED : word));
  const line = namesOf(recipient)
    .reduce((rest, name) => rest.replace(wordLike(name), REMOVED), words.join(' '))
    .replace(/…(?:[\s,;]*…)+/g, REMOVED);
  return [...more(line)].slice(0, WORDS_CHARACTERS_MAX).join('').trim();
}

const character = (code: number): string => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : ' ');

/** Some servers write an address as a URL, a header or HTML would. */
function decoded(text: string): string {
  return text
    .replace(/[%=]([0-9a-f]{2})/gi, (_all, hex: string) => character(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});/g, (_all, digits: string) => character(Number(digits)))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_all, hex: string) => character(Number.parseInt(hex, 16)))
    .replace(/&commat;|[[({<]\s*at\s*[\])}>]/gi, '@');
}

/** The longest first: the domain in both its forms, what stands before the @, and its parts. */
function namesOf(recipient: string): readonly string[] {
  const at = recipient.lastIndexOf('@');
  const [local, domain] = [recipient.slice(0, at), recipient.slice(at + 1)];
  const parts = local.split(/[.+_-]/).filter((part) => part.length >= NAME_PART_MIN);
  return [...new Set([domain, domainToUnicode(domain), local, ...parts])]
    .filter((name) => name !== '')
    .toSorted((a, b) => b.length - a.length);
}

const wordLike = (name: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(name)}(?![\\p{L}\\p{N}])`, 'giu');
