/** A tree of this program as its next version might be: the same but for what is put in. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export type Change = readonly [file: string, from: string, to: string];

/** The folder, to be removed by `remove`. Throws where a text to change does not stand in its file exactly once. */
export function createNextVersion(changes: readonly Change[]): Readonly<{ folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-next-'));
  for (const part of ['services', 'migrations', 'package.json']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, from, to] of changes) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) throw new Error(`${file} does not have once: ${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
