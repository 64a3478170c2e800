/** Copies PostgreSQL's programs to where every account may read them, and puts back the links that npm leaves out. */
import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { codeOf, EmbeddedPostgresError } from './errors.ts';

/**
 * Creates the library links listed in pg-symlinks.json, which an npm archive cannot hold and `--ignore-scripts` leaves
 * out. Those that exist stay. Throws the system's error when the directory is not ours to write.
 */
export function replayLinks(native: string): void {
  for (const { source, target } of linksOf(native)) {
    const link = join(native, relative('native', target));
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // EEXIST: a start beside this one was quicker.
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/**
 * Copies `native` to `directory` unless it is there, whole or not at all, readable and writable as a program should be
 * whatever the umask was. Throws EmbeddedPostgresError when others could write in the parent: they could plant programs.
 */
export function copyOnce(native: string, directory: string): string {
  const parent = dirname(directory);
  if (mkdirSync(parent, { recursive: true }) !== undefined) chmodSync(parent, 0o755);
  refuseForeign(parent);
  if (lstatSync(directory, { throwIfNoEntry: false }) !== undefined) return directory;
  const draft = mkdtempSync(join(parent, `.${basename(directory)}-`));
  try {
    for (const name of ['bin', 'lib', 'share', 'pg-symlinks.json']) copyReadable(join(native, name), join(draft, name));
    replayLinks(draft);
    chmodSync(draft, 0o755);
    renameSync(draft, directory);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // A start beside this one was quicker: its copy is as good.
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
  }
  return directory;
}

function refuseForeign(parent: string): void {
  const { uid, mode } = lstatSync(parent);
  const self = process.geteuid?.();
  if (self === undefined || (uid === self && (mode & 0o022) === 0 && lstatSync(parent).isDirectory())) return;
  throw new EmbeddedPostgresError(
    `${parent} is to hold programs, but users other than ${self} can write to it: remove it, or make it a directory of that user with mode 755.`,
  );
}

// Not fs.cp: it turns relative links into absolute ones and keeps modes that a strict umask left unreadable.
function copyReadable(source: string, target: string): void {
  const found = lstatSync(source, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    mkdirSync(target);
    chmodSync(target, 0o755);
    for (const name of readdirSync(source)) copyReadable(join(source, name), join(target, name));
  } else if (found?.isFile()) {
    copyFileSync(source, target, constants.COPYFILE_FICLONE);
    chmodSync(target, found.mode & 0o100 ? 0o755 : 0o644);
  }
}

function linksOf(native: string): { source: string; target: string }[] {
  try {
    return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
