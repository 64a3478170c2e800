/** Starts one of PostgreSQL's programs on a data directory as the chosen account, and keeps its last lines. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SystemAccount, childOptions } from './account.ts';
import { reasonOf } from './errors.ts';

export type Program = Readonly<{
  pid: number | undefined;
  /** Its last lines, oldest first. */
  said: string[];
  heardAt(): number;
  /** How it ended, in words; undefined while it runs. */
  ending(): string | undefined;
  /** Resolves to how it ended; never rejects, not even when it could not be started. */
  ended: Promise<string>;
}>;

const SAID_MAX = 40;
const LAST_WORDS_MILLISECONDS = 200;

/** Starts `file` with `-D` and `args`. Never throws: what went wrong is in `ending` and `said`. */
export function startProgram(
  file: string,
  args: readonly string[],
  options: {
    account: SystemAccount | undefined;
    dataDir: string;
    stdin?: number;
    detached?: boolean;
    timeoutMilliseconds?: number;
    log?: (line: string) => void;
  },
): Program {
  const way = wayInto(options.dataDir, options.account);
  const child = spawn(file, ['-D', way.path, ...args], {
    ...childOptions(options.account),
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe', ...way.descriptors],
    detached: options.detached ?? false,
    timeout: options.timeoutMilliseconds ?? 0,
  });
  way.close();
  const said: string[] = [];
  let heardAt = Date.now();
  const hear = (line: string): void => {
    heardAt = Date.now();
    if (said.push(line) > SAID_MAX) said.shift();
    options.log?.(line);
  };
  for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', hear);
  let ending: string | undefined;
  const ended = new Promise<string>((resolve) => {
    const end = (how: string): void => resolve((ending ??= how));
    const closed = new Promise((done) => child.once('close', done));
    child.once('error', (error) => end(reasonOf(error)));
    child.once('exit', (code, signal) => {
      // Its last lines may still be in the pipe; but a grandchild may hold the pipe open, so do not wait for ever.
      void Promise.race([closed, sleep(LAST_WORDS_MILLISECONDS)]).then(() => end(signal ?? `exit code ${code}`));
    });
  });
  return { pid: child.pid, said, heardAt: () => heardAt, ending: () => ending, ended };
}

// As root the account often has no way down to the data (a mode-700 home such as /root). Instead of opening that home
// or moving the data, hand the one directory over as a descriptor: the kernel follows /proc/self/fd/3 straight to it.
// PostgreSQL forks its children, so they have it too. macOS has no such path: there the directory must be reachable.
function wayInto(dataDir: string, account: SystemAccount | undefined) {
  if (account === undefined || process.platform !== 'linux') {
    return { path: dataDir, descriptors: [], close: () => {} };
  }
  const descriptor = openSync(dataDir, 'r');
  return { path: '/proc/self/fd/3', descriptors: [descriptor], close: () => closeSync(descriptor) };
}
