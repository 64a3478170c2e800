/** A tree of this program as its next version might be: the same but for what is put in. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATE_VERSION } from '../../services/core/state.ts';

const root = join(import.meta.dirname, '../..');

export type Change = readonly [file: string, from: string, to: string];

/** The next version's state of an address counts what was ever asked for: another shape, and so another version of it. */
export const nextState: readonly Change[] = [
  ['services/core/state.ts', `STATE_VERSION = ${STATE_VERSION};`, `STATE_VERSION = ${STATE_VERSION + 1};`],
  ['services/core/state.ts', '  lastEventAt: Instant;\n}>;', '  lastEventAt: Instant;\n  asked: number;\n}>;'],
  ['services/core/state.ts', '  lastEventAt: 0,\n};', '  lastEventAt: 0,\n  asked: 0,\n};'],
  [
    'services/core/evolve.ts',
    'lastEventAt: event.at };',
    "lastEventAt: event.at, asked: state.asked + (event.type === 'requested' ? 1 : 0) };",
  ],
];

/** Throws where the text to change does not stand in it exactly once. */
export function changed(text: string, [file, from, to]: Change): string {
  if (text.split(from).length !== 2) throw new Error(`${file} does not have once: ${from}`);
  return text.replace(from, () => to);
}

/** The folder, to be removed by `remove`. Throws where a text to change does not stand in its file exactly once. */
export function createNextVersion(changes: readonly Change[]): Readonly<{ folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-next-'));
  for (const part of ['services', 'migrations', 'package.json']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const change of changes) {
    const path = join(folder, change[0]);
    writeFileSync(path, changed(readFileSync(path, 'utf8'), change));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
