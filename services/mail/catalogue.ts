/** A catalogue: everything the message says in one language, with its plural forms; and what each text may contain. */
import { CODE_TTL_SECONDS_FORCED_MAX } from '../core/policy.ts';

/**
 * Each text is one line without markup. `subject` also stands under the code, `code` is the first line and the preview,
 * `asked` says who asks and why, `askedFor` the same with a purpose that the mail names.
 */
export type Words = Readonly<Record<Text, string>>;

export type Text = 'subject' | 'code' | 'life' | 'asked' | 'askedFor' | 'ignore' | 'secret';

/** "10 minutes" as it stands inside `life`, inflected; `{n}` is the number by Intl.NumberFormat. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

/** With the plural categories that the language has for whole minutes; one that is forgotten does not compile. */
export type Catalogue<Category extends Intl.LDMLPluralRule = never> = Words &
  Readonly<{ minutes: PluralForms & Readonly<Record<Category, string>> }>;

/** What a text may hold in braces; `needs` must be there, and the code is first wherever it may stand at all. */
export const TEXTS: Readonly<Record<Text, Readonly<{ may: readonly string[]; needs?: string }>>> = {
  subject: { may: ['sender'] },
  code: { may: ['code', 'sender'], needs: 'code' },
  life: { may: ['minutes', 'sender'], needs: 'minutes' },
  asked: { may: ['sender'] },
  askedFor: { may: ['sender', 'purpose'] },
  ignore: { may: ['sender'] },
  secret: { may: ['sender'] },
};

/** The longest life of a code that may be forced. */
export const MINUTES_MAX = CODE_TTL_SECONDS_FORCED_MAX / 60;
const TEXT_CHARACTERS_MAX = 300;
const PLACEHOLDER = /\{([^{}]*)\}/g;

/** Puts the values in place, in one pass: what a value contains is never read as a placeholder. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string) => values[name] ?? whole);
}

/** The text cut at its placeholders: literal, name, literal, name, …, literal. */
export const partsOf = (text: string): readonly string[] => text.split(PLACEHOLDER);

/** What is wrong with a text, in words that say what would be right; undefined where nothing is. */
export function textProblem(name: Text, text: string): string | undefined {
  const { may, needs } = TEXTS[name];
  return (
    lineProblem(text, may) ??
    (needs && !text.includes(`{${needs}}`) ? `must contain {${needs}}` : undefined) ??
    (may.includes('code') && text.lastIndexOf('{code}') !== 0
      ? 'must begin with {code} and contain it once'
      : undefined)
  );
}

/** The same for a plural form; `{n}` may be left out where the word itself says the number. */
export const pluralProblem = (text: string): string | undefined => lineProblem(text, ['n']);

function lineProblem(text: string, may: readonly string[]): string | undefined {
  if (text.trim() === '') return 'must not be empty';
  if (text.length > TEXT_CHARACTERS_MAX) return `must have at most ${TEXT_CHARACTERS_MAX} characters`;
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return 'must be one line without control characters';
  const strange = [...text.matchAll(PLACEHOLDER)].find(([, placeholder = '']) => !may.includes(placeholder));
  const known = may.map((placeholder) => `{${placeholder}}`).join(', ');
  if (strange) return `must not contain ${strange[0]}, only ${known}`;
  return /[{}]/.test(text.replaceAll(PLACEHOLDER, ''))
    ? `has an unmatched brace; placeholders are ${known}`
    : undefined;
}

/** The plural categories that whole minutes up to a day need in a language. */
export function minuteCategories(tag: string): readonly Intl.LDMLPluralRule[] {
  const rules = new Intl.PluralRules(tag);
  return [...new Set(Array.from({ length: MINUTES_MAX }, (_, index) => rules.select(index + 1)))];
}
