/** The text of an .env file as Docker Compose reads it: quotes, escapes, comments, and settings that name others. */
import type { Environment } from './settings.ts';

/** A comment, or a name and what is given to it, which may be quoted over several lines. */
const STATEMENT =
  /(?:^|\n)[ \t\r]*(?:#[^\n]*|(?:export[ \t]+)?([\w.-]+)[ \t]*[=:][ \t]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|[^\n]*))/g;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Later settings win; a value that names another setting has that one's value in its place. */
export function parseEnvFile(text: string): Environment {
  const known = read(text, {});
  // A value may name a setting that stands after it.
  return read(text, known);
}

function read(text: string, known: Environment): Environment {
  const found: Record<string, string> = {};
  const valueOf = (name: string): string | undefined => found[name] ?? known[name];
  for (const [, name, given = ''] of text.replace(/^\uFEFF/, '').matchAll(STATEMENT)) {
    if (name) found[name] = value(given, valueOf);
  }
  return found;
}

type Lookup = (name: string) => string | undefined;

function value(given: string, valueOf: Lookup): string {
  const quote = given[0];
  const isQuoted = (quote === "'" || quote === '"') && given.length > 1 && given.endsWith(quote);
  if (!isQuoted) return expand(given.replace(/ #.*$/, '').trimEnd(), valueOf);
  const inner = given.slice(1, -1);
  if (quote === "'") return inner.replaceAll(String.raw`\'`, "'");
  // What is escaped is no name of a setting.
  const unescaped = inner.replaceAll(/\\([abfnrtv"\\$])/g, (_, char: string) =>
    char === '$' ? '$$' : (ESCAPES[char] ?? char),
  );
  return expand(unescaped, valueOf);
}

const NAME = /^[a-z_]\w*/i;

/** `$NAME`, `${NAME}`, `${NAME:-other}`, `${NAME:+other}` and both without the colon; `$$` is one `$`. */
function expand(text: string, valueOf: Lookup): string {
  const at = text.indexOf('$');
  if (at < 0) return text;
  const rest = text.slice(at + 1);
  const before = text.slice(0, at);
  if (rest.startsWith('$')) return `${before}$${expand(rest.slice(1), valueOf)}`;
  const [name] = NAME.exec(rest) ?? [];
  if (name) return before + (valueOf(name) ?? '') + expand(rest.slice(name.length), valueOf);
  const end = rest.startsWith('{') ? closing(rest) : -1;
  if (end < 0) return `${before}$${expand(rest, valueOf)}`;
  return before + inBraces(rest.slice(1, end), valueOf) + expand(rest.slice(end + 1), valueOf);
}

function inBraces(inner: string, valueOf: Lookup): string {
  const [, name = '', colon, sign, other = ''] = /^(\w+)(?:(:?)([-+?])([^]*))?$/.exec(inner) ?? [];
  const set = valueOf(name);
  // With a colon, an empty one is as none.
  const isThere = colon ? Boolean(set) : set !== undefined;
  if (sign === '-' && !isThere) return expand(other, valueOf);
  if (sign === '+') return isThere ? expand(other, valueOf) : '';
  return set ?? '';
}

/** Where the brace at the beginning is closed, or -1. */
function closing(text: string): number {
  let depth = 0;
  for (const [index, char] of [...text].entries()) {
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}
