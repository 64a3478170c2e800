/** The README's blocks of commands, each with the output that it shows, and which of them need the stack. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Block = Readonly<{ command: string; shown: string; language: string }>;

export const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** Each shell block, and the block of output that follows it, if one does. */
export const blocks: readonly Block[] = [
  ...readme.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```(json|text)\n([\s\S]*?)```)?/g),
].map(([, command = '', language = '', shown = '']) => ({ command: command.trim(), language, shown: shown.trim() }));

/** Those that test/stack runs, on a Docker engine. */
export const needsStack = ({ command }: Block): boolean => /^(?:docker compose|\.\/sealpost) /.test(command);

/** A JSON answer's shape, so that ids and times may differ. */
export function shape(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string'
      ? value.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
      : value,
  );
}
