/** What runs: the version of package.json, and the commit, which the image has in a file where its builder knew it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export type Build = Readonly<{ version: string; commit: string }>;

/** Reads it from the disk; `commit` is empty where nobody knows it. */
export function build(): Build {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const file = join(root, 'COMMIT');
  return { version, commit: existsSync(file) ? readFileSync(file, 'utf8').trim() : '' };
}
