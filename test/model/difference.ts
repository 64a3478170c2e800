/** What an assertion found, in lines: + is what Sealpost has, - what the model says. */

export function differenceIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { actual, expected } = error as { actual?: unknown; expected?: unknown };
  if (actual === undefined && expected === undefined) return error.stack ?? error.message;
  const [has, says] = [linesOf(actual), linesOf(expected)];
  return [error.message, ...only('+', has, says), ...only('-', says, has)].join('\n');
}

const linesOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map((one) => written(one)) : written(value, 1).split('\n');

const written = (value: unknown, indent = 0): string => JSON.stringify(value, inOrder, indent) ?? '';

const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const only = (mark: string, some: readonly string[], others: readonly string[]): readonly string[] =>
  some.filter((line) => !others.includes(line)).map((line) => `${mark} ${line}`);
