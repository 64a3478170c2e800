/** Reads settings from the environment: each with a schema and a sentence, secrets also from NAME_FILE, all faults at once. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Setting<T extends z.ZodType = z.ZodType> = Readonly<{
  schema: T;
  /** What it is, in a sentence with its unit. */
  sentence: string;
  secret?: true;
}>;

export type SettingsTable = Readonly<Record<string, Setting>>;

export type SettingsOf<T extends SettingsTable> = { readonly [Name in keyof T]: z.output<T[Name]['schema']> };

/** Every problem of the environment, a line each; no line shows a secret's value. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The settings are not valid:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

export function setting<T extends z.ZodType>(schema: T, sentence: string): Setting<T> {
  return { schema, sentence };
}

/** A setting whose value never appears anywhere, and which may come from the file that NAME_FILE names. */
export function secret<T extends z.ZodType>(schema: T, sentence: string): Setting<T> {
  return { schema, sentence, secret: true };
}

/** Finds what is wrong between settings that are each valid; what did not parse is absent. */
export type SettingsCheck<T extends SettingsTable> = (settings: Partial<SettingsOf<T>>) => readonly string[];

/** Parses the table's settings; an empty value, blanks included, counts as absent. Throws InvalidSettings with all problems. */
export function readSettings<T extends SettingsTable>(
  table: T,
  environment: Environment,
  check: SettingsCheck<T> = () => [],
): SettingsOf<T> {
  const problems: string[] = [];
  const failed: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema, sentence, secret: isSecret }] of Object.entries(table)) {
    const text = isSecret ? secretText(name, environment, problems) : environment[name];
    const parsed = schema.safeParse(text?.trim() === '' ? undefined : text);
    if (parsed.success) values[name] = parsed.data;
    else {
      failed.push(name);
      problems.push(`${name}: ${parsed.error.issues.map(({ message }) => message).join(', ')}. ${sentence}`);
    }
  }
  // What is said of a setting that is wrong by itself would be noise.
  const between = check(values as Partial<SettingsOf<T>>);
  problems.push(...between.filter((problem) => !failed.some((name) => problem.includes(name))));
  if (problems.length > 0) throw new InvalidSettings(problems);
  return values as SettingsOf<T>;
}

// As the official images do it: one of NAME and NAME_FILE, and a file loses its last line break.
function secretText(name: string, environment: Environment, problems: string[]): string | undefined {
  const file = environment[`${name}_FILE`];
  if (!file) return environment[name];
  if (environment[name]) problems.push(`${name}: set it or ${name}_FILE, not both.`);
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(`${name}_FILE: the file cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    return undefined;
  }
}

/** A whole number with its default and bounds. */
export const wholeNumber = ({ default: fallback, min, max }: { default: number; min: number; max: number }) =>
  z.coerce
    .number(`must be a whole number from ${min} to ${max}`)
    .int()
    .min(min)
    .max(max)
    .default(fallback)
    .meta({ values: `${min} to ${max}` });

/** A length of time such as 24h or 7d. */
export const duration = (fallback: string) =>
  z
    .string()
    .regex(/^\d{1,6}[smhd]$/, `must be a number followed by s, m, h or d, such as ${fallback}`)
    .default(fallback);

/** Several values in one text, separated by commas; blanks around them do not count. */
export const list = () => z.string().transform((text) => text.split(',').map((one) => one.trim()));

export const port = (fallback: number) => wholeNumber({ default: fallback, min: 0, max: 65_535 });

export const flag = (fallback: boolean) => z.stringbool('must be true or false').default(fallback);
