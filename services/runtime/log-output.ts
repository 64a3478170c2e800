/**
 * Writes the lines of the log to one place, by the way: what can't be written is dropped and counted, and never waited for,
 * so that a full disk or a reader that stands still does not stop the program.
 */
import { fstatSync, renameSync, statSync } from 'node:fs';
import { type LogTarget, openFile, openStandard } from './log-target.ts';

export type LogOutput = Readonly<{
  write(line: string): void;
  /** Resolves once all that waits is written, and at the latest after half a second. */
  flush(): Promise<void>;
}>;

export type LogOutputOptions = Readonly<{
  /** A file's path, or 1 for standard output. */
  to: string | 1;
  /** Told of every loss, with the system's code such as ENOSPC; TOO_SLOW where more waits than may. */
  onLost: (lines: number, code: string) => void;
  /** Told once it goes on after a loss. */
  onRecovered: () => void;
}>;

type Chunk = Readonly<{ bytes: Buffer; lines: number }>;

const WAITING_CHARACTERS_MAX = 4 * 1024 * 1024;
const BUSY_MILLISECONDS = 10;
const AGAIN_MILLISECONDS = 1000;
const FLUSH_MILLISECONDS_MAX = 500;
/** A file that has grown so far becomes NAME.1, in place of the one before. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024;

export function createLogOutput(
  { to, onLost, onRecovered }: LogOutputOptions,
  fileBytesMax = FILE_BYTES_MAX,
): LogOutput {
  const lines = createWaitingLines();
  const idle = createIdle();
  let target: LogTarget | undefined;
  let busy = false;
  let failing = false;
  // A process that ends by itself has no time to wait any more.
  atExit.add(() => {
    if (!lines.isEmpty()) attempt(lines.take(), (where, chunk) => where.putNow(chunk.bytes));
  });
  return {
    write: (line) => {
      if (!lines.add(line)) lose(1, 'TOO_SLOW');
      else if (!busy) pump();
    },
    flush: () => (busy && !failing ? idle.wait() : Promise.resolve()),
  };

  function pump(): void {
    busy = !lines.isEmpty();
    if (busy)
      attempt(lines.take(), (where, chunk) => putAll(where, chunk.bytes, lines, (error) => settle(chunk, error)));
    else idle.reached();
  }

  function attempt(chunk: Chunk, work: (where: LogTarget, chunk: Chunk) => void): void {
    try {
      target = targetNow(target, to, fileBytesMax);
      work(target, chunk);
    } catch (error) {
      settle(chunk, error as NodeJS.ErrnoException);
    }
  }

  function settle(chunk: Chunk, error: NodeJS.ErrnoException | null): void {
    if (error === null) {
      if (failing) onRecovered();
      failing = false;
      return pump();
    }
    lose(chunk.lines, error.code ?? 'UNKNOWN');
    if (to !== 1) {
      const failed = target;
      target = undefined;
      failed?.close();
    }
    idle.reached();
    // What comes meanwhile waits for the next attempt.
    setTimeout(pump, AGAIN_MILLISECONDS).unref();
  }

  function lose(count: number, code: string): void {
    failing = true;
    onLost(count, code);
  }
}

/** Puts the bytes, part by part where they do not go at once. */
function putAll(
  target: LogTarget,
  bytes: Buffer,
  lines: WaitingLines,
  done: (error: NodeJS.ErrnoException | null) => void,
): void {
  target.put(bytes, (error, taken) => {
    if (error?.code === 'EAGAIN') setTimeout(() => putAll(target, bytes, lines, done), BUSY_MILLISECONDS).unref();
    else if (error) done(error);
    else if (taken < bytes.length) {
      lines.tear();
      putAll(target, bytes.subarray(taken), lines, done);
    } else {
      lines.mend();
      done(null);
    }
  });
}

/** For those who wait until nothing is left to write, for a while at most. */
function createIdle() {
  const waiting: (() => void)[] = [];
  return {
    wait: (): Promise<void> =>
      new Promise((resolve) => {
        setTimeout(resolve, FLUSH_MILLISECONDS_MAX);
        waiting.push(resolve);
      }),
    reached: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

const atExit = new Set<() => void>();
process.once('exit', () => {
  for (const writeRest of atExit) writeRest();
});

type WaitingLines = ReturnType<typeof createWaitingLines>;

/** The lines that wait, as many as may; after a write that ended within a line, the next one begins a line of its own. */
function createWaitingLines() {
  let waiting: string[] = [];
  let characters = 0;
  let torn = false;
  return {
    /** False where there is no room for it. */
    add: (line: string): boolean => {
      if (characters + line.length > WAITING_CHARACTERS_MAX) return false;
      waiting.push(line);
      characters += line.length;
      return true;
    },
    take: (): Chunk => {
      const chunk = { bytes: Buffer.from(`${torn ? '\n' : ''}${waiting.join('')}`), lines: waiting.length };
      waiting = [];
      characters = 0;
      return chunk;
    },
    isEmpty: () => waiting.length === 0,
    tear: () => void (torn = true),
    mend: () => void (torn = false),
  };
}

/** The target to write to now: opened where there is none, and a file that has grown too large turned over. */
function targetNow(target: LogTarget | undefined, to: string | 1, fileBytesMax: number): LogTarget {
  if (to === 1) return target ?? openStandard(to);
  if (!target) return openFile(to);
  const facts = fstatSync(target.descriptor);
  if (facts.size < fileBytesMax) return target;
  // Another process that writes there too may have turned it over already.
  if (statSync(to, { throwIfNoEntry: false })?.ino === facts.ino && !renamed(to)) return target;
  const next = openFile(to);
  target.close();
  return next;
}

// Where it may not be renamed, a mounted file or a folder without the right to write, it grows on: better than no line.
function renamed(file: string): boolean {
  try {
    renameSync(file, `${file}.1`);
    return true;
  } catch {
    return false;
  }
}
