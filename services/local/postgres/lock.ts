/**
 * One owner for one data directory: a file beside it names the process, so that a second start can tell a living
 * owner (refuse) from one that was killed (take over). PostgreSQL's own postmaster.pid stays the second fence.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf, EmbeddedPostgresError } from './errors.ts';
import { birthOf } from './processes.ts';

export type Lock = Readonly<{
  /** Throws when another start has taken the lock since: ask before doing anything that cannot be undone. */
  confirm(): void;
  /** Gives the lock back; nothing when it is not ours any more. */
  release(): void;
}>;

const TRIES_MAX = 5;

/** Takes `dataDir` for this process. Throws EmbeddedPostgresError, naming the pid, when a living process has it. */
export function takeLock(dataDir: string): Lock {
  const file = `${dataDir}.owner`;
  const mine = JSON.stringify({ pid: process.pid, born: birthOf(process.pid), nonce: crypto.randomUUID() });
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, mine, { mode: 0o644 });
    for (let tries = 1; !linked(draft, file); tries += 1) {
      const holder = read(file);
      if (isAlive(holder) || tries === TRIES_MAX) throw inUse(dataDir, holder);
      // Two starts may both find the dead owner; the slower may unlink the faster's file: confirm() tells the faster.
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    confirm: () => {
      if (read(file) !== mine) throw inUse(dataDir, read(file));
    },
    release: () => {
      if (read(file) === mine) rmSync(file, { force: true });
    },
  };
}

/** Whether a living process owns `dataDir`. */
export const isOwned = (dataDir: string): boolean => isAlive(read(`${dataDir}.owner`));

// A link, not a write: the file must never be seen half written.
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function ownerIn(text: string): { pid?: number; born?: string } {
  try {
    return JSON.parse(text) as { pid?: number; born?: string };
  } catch {
    return {};
  }
}

function isAlive(text: string): boolean {
  const { pid, born } = ownerIn(text);
  return pid !== undefined && born !== undefined && birthOf(pid) === born;
}

const inUse = (dataDir: string, text: string): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    `${dataDir} is in use by process ${ownerIn(text).pid ?? '(unknown)'}: stop that one first, or give this one another data directory.`,
  );
