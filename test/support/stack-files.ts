/** The files of the stack as data: compose.yaml with its anchors in place, the Caddyfile as blocks of lines, instructions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export type Service = Readonly<Record<string, unknown>>;

export const textOf = (name: string): string => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');
export const yamlOf = (name: string): unknown => parse(textOf(name), { merge: true });

export const compose = yamlOf('compose.yaml') as Readonly<{
  name: string;
  services: Readonly<Record<string, Service>>;
  networks: Readonly<Record<string, unknown>>;
  volumes: Readonly<Record<string, unknown>>;
}>;

/** A value of every service, by its name. */
export const ofEach = <T>(value: (service: Service, name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(compose.services).map(([name, service]) => [name, value(service, name)]));

/** What is expected of every service, and what of some instead. */
export const each = (usual: unknown, others: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...ofEach(() => usual),
  ...others,
});

type Directive = Readonly<{ line: string; block: readonly Directive[] | undefined }>;

/** A Caddyfile's directives: each line's words, and the block that it opens. */
export function caddyfile(name: string): readonly Directive[] {
  const lines = textOf(name)
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter(Boolean);
  const readBlock = (): Directive[] => {
    const found: Directive[] = [];
    for (let line = lines.shift(); line !== undefined && line !== '}'; line = lines.shift()) {
      const opens = line === '{' || line.endsWith(' {');
      found.push({ line: opens ? line.slice(0, -1).trim() : line, block: opens ? readBlock() : undefined });
    }
    return found;
  };
  return readBlock();
}

/** The lines of the block that these lines lead to, one inside the other; a line that opens a block itself ends in `{`. */
export function linesIn(directives: readonly Directive[], ...path: readonly string[]): readonly string[] {
  const [first, ...rest] = path;
  if (first === undefined) return directives.map(({ line, block }) => (block ? `${line} {`.trim() : line));
  const named = directives.filter(({ line, block }) => line === first && block);
  if (named.length !== 1) throw new Error(`${named.length} blocks are called "${first}"`);
  return linesIn(named[0]?.block ?? [], ...rest);
}

/** The way to each block that has lines, each as `linesIn` takes it. */
export function pathsIn(directives: readonly Directive[]): readonly (readonly string[])[] {
  const inner = directives.flatMap(({ line, block }) => (block ? pathsIn(block).map((path) => [line, ...path]) : []));
  return [[], ...inner];
}
