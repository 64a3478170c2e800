/** What the log's bytes are written to: a file, a pipe, a socket or a terminal, each so that a write never makes the process wait. */
import { closeSync, constants, fstatSync, mkdirSync, openSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';

export type LogTarget = Readonly<{
  /** Calls back with how many bytes were taken, or with the system's error; EAGAIN: nothing fits at the moment. */
  put(bytes: Buffer, done: (error: NodeJS.ErrnoException | null, taken: number) => void): void;
  /** For the very end of the process. Throws the system's error. */
  putNow(bytes: Buffer): void;
  close(): void;
  /** Of a file. */
  descriptor: number;
}>;

/** Opens a file to append to, in folders that are made for it. Throws the system's error. */
export function openFile(file: string, mode = 0o666): LogTarget {
  mkdirSync(dirname(file), { recursive: true });
  const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants;
  // A named pipe without a reader is refused (ENXIO), and not waited for.
  return ofDescriptor(openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, mode));
}

/**
 * Standard output or standard error, so that a reader who stands still costs lines and nothing else. A blocking write would
 * wait in a thread that the end of the process waits for.
 */
export function openStandard(descriptor: 1 | 2): LogTarget {
  const kind = kindOf(descriptor);
  if (kind === 'other') return ofDescriptor(descriptor);
  const own = kind === 'pipe' ? withoutWaiting(descriptor) : undefined;
  return own === undefined ? ofStream(descriptor) : ofDescriptor(own);
}

// A terminal counts as a pipe: who stops its output (Ctrl-S) must not hold the process.
function kindOf(descriptor: number): 'pipe' | 'socket' | 'other' {
  try {
    const facts = fstatSync(descriptor);
    return facts.isFIFO() || facts.isCharacterDevice() ? 'pipe' : facts.isSocket() ? 'socket' : 'other';
  } catch {
    return 'other';
  }
}

// The same pipe by another description of its own, whose writes end with EAGAIN where it is full (Linux).
function withoutWaiting(descriptor: number): number | undefined {
  try {
    const { O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants;
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return undefined;
  }
}

function ofDescriptor(descriptor: number): LogTarget {
  return {
    descriptor,
    put: (bytes, done) => write(descriptor, bytes, done),
    putNow: (bytes) => void writeSync(descriptor, bytes),
    close: () => {
      try {
        closeSync(descriptor);
      } catch {
        // It is given up all the same.
      }
    },
  };
}

// Where there is no /proc, and a terminal is none that Node takes for a socket.
function ofStream(descriptor: number): LogTarget {
  try {
    return ofSocket(descriptor);
  } catch {
    return ofDescriptor(descriptor);
  }
}

function ofSocket(descriptor: number): LogTarget {
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  // Told by the callback of each write.
  socket.on('error', () => {});
  socket.unref();
  return {
    descriptor,
    put: (bytes, done) => socket.write(bytes, (error) => done(error ?? null, bytes.length)),
    putNow: (bytes) => void socket.write(bytes),
    close: () => void socket.destroy(),
  };
}
