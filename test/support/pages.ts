/** The pages that a user reads, in the order in which their commands run; their commands, and the output that they show. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Block = Readonly<{ command: string; shown: string; language: string }>;
export type Page = Readonly<{ name: string; text: string; blocks: readonly Block[] }>;

const root = join(import.meta.dirname, '../..');

const names = [
  'README.md',
  'docs/README.md',
  'docs/tokens.md',
  'docs/api.md',
  'docs/operate.md',
  'docs/monitoring.md',
  'docs/metrics.md',
  'docs/security.md',
  'docs/mail.md',
  'docs/settings.md',
  'docs/ses.md',
  'docs/own-postgresql.md',
  'docs/docker.md',
  'prometheus/README.md',
  'docs/alerts.md',
  'docs/restore.md',
  'docs/upgrade.md',
  'docs/troubleshooting.md',
];

export const pages: readonly Page[] = names.map((name) => {
  const text = readFileSync(join(root, name), 'utf8');
  return { name, text, blocks: blocksOf(text) };
});

export function page(name: string): Page {
  const found = pages.find((one) => one.name === name);
  if (!found) throw new Error(`${name} is no page.`);
  return found;
}

/** Each shell block, and the block of output that follows it, if one does. */
function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```(json|text)\n([\s\S]*?)```)?/g)].map(
    ([, command = '', language = '', shown = '']) => ({ command: command.trim(), language, shown: shown.trim() }),
  );
}

/** `…` in a shown text stands for what differs from machine to machine, within its line. */
export const matching = (shown: string): RegExp => new RegExp(`^${shown.split('…').map(RegExp.escape).join('.+')}$`);

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
