/** One file of the operator's folder of templates: its JSON, read and checked, with every problem in plain words. */
import { z } from 'zod';
import { minuteCategories, pluralProblem, type Text, textProblem, TEXTS } from './catalogue.ts';

const COLOUR = 'must be a colour such as #0f625c';
const FILE_NAME = 'must be the name of a file beside this one, such as logo.png';
const PIXELS = 'must be a whole number of pixels from 16 to 240';

const color = z.string(COLOUR).regex(/^#[0-9a-f]{6}$/i);
const maybe = z.exactOptional(color);
const scheme = z.exactOptional(z.strictObject({ page: maybe, card: maybe, ink: maybe, soft: maybe }));
const colours = z.exactOptional(z.strictObject({ brand: maybe, onBrand: maybe, light: scheme, dark: scheme }));

const logo = z.exactOptional(
  z.strictObject({
    file: z.string(FILE_NAME).regex(/^[\w-][\w.-]{0,99}$/),
    width: z.int(PIXELS).min(16).max(240),
  }),
);

const text = (name: Text) => textField((value) => textProblem(name, value));

function textField(problemOf: (value: string) => string | undefined) {
  const schema = z.string('must be a string').superRefine((value, context) => {
    const message = problemOf(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
  return z.exactOptional(schema);
}

const texts = Object.fromEntries(Object.keys(TEXTS).map((name) => [name, text(name as Text)])) as Record<
  Text,
  ReturnType<typeof text>
>;

/** Of a language's file; the plural forms are those that the language has. */
function localeFile(locale: string) {
  const forms = Object.fromEntries(minuteCategories(locale).map((category) => [category, textField(pluralProblem)]));
  const wording = z.exactOptional(z.strictObject({ ...texts, minutes: z.exactOptional(z.strictObject(forms)) }));
  return z.strictObject({ colours, logo, wording });
}

/** Of default.json, which is for all languages and therefore has no words. */
const defaultFile = z.strictObject({ colours, logo });

export type OverrideFile = z.output<ReturnType<typeof localeFile>>;

/** `locale` is empty for default.json. */
export function readOverride(
  json: string,
  locale: string,
): Readonly<{ ok: true; file: OverrideFile }> | Readonly<{ ok: false; problems: readonly string[] }> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { ok: false, problems: [`is not valid JSON: ${(error as Error).message}`] };
  }
  const schema = locale === '' ? defaultFile : localeFile(locale);
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { ok: true, file: parsed.data }
    : { ok: false, problems: parsed.error.issues.map((issue) => describeIssue(issue)) };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => (path === '' ? key : `${path}.${key}`));
    const words = names.includes('wording') ? '; words belong in the file of a language, such as en.json' : '';
    return `unknown: ${names.join(', ')}${words}`;
  }
  return path === '' ? 'must be a JSON object' : `${path}: ${issue.message}`;
}
