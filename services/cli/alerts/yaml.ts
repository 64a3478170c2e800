/** Data as YAML that a person reads: blocks, a list of plain words in one line, and whatever could mean something else in quotes. */

export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [name: string]: Yaml | undefined };

/** Undefined members are left out. */
export const asYaml = (value: Yaml): string => `${linesOf(value).join('\n')}\n`;

const PLAIN = /^[\w/][\w./-]*$/;
/** Plain words that YAML takes for something else. */
const NO_STRING = /^(?:true|false|yes|no|on|off|y|n|null|[\d._-]+|0[xob].*|\d.*e.*)$/i;

function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string' || (PLAIN.test(value) && !NO_STRING.test(value))) return String(value);
  // In single quotes nothing is an escape, and no control character may stand.
  return /^[\x20-\x7e]*$/.test(value) ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

const isScalar = (value: Yaml): value is string | number | boolean => typeof value !== 'object';

function linesOf(value: Yaml): readonly string[] {
  if (isScalar(value)) return [scalar(value)];
  if (isList(value)) return value.flatMap((one) => indented('- ', linesOf(one)));
  return Object.entries(value).flatMap(([name, one]) => {
    if (one === undefined) return [];
    if (isScalar(one)) return [`${name}: ${scalar(one)}`];
    if (isList(one) && one.every(isScalar)) return [`${name}: [${one.map(scalar).join(', ')}]`];
    return [`${name}:`, ...linesOf(one).map((line) => `  ${line}`)];
  });
}

const isList = (value: Yaml): value is readonly Yaml[] => Array.isArray(value);

const indented = (mark: string, [first = '', ...rest]: readonly string[]): readonly string[] => [
  `${mark}${first}`,
  ...rest.map((line) => `${' '.repeat(mark.length)}${line}`),
];
