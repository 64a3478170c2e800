/** PostgreSQL's own programs as child processes: what they need to log in, what they say when they fail, and their end. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { PlainError } from '../runtime/safe-error.ts';
import type { Environment } from '../runtime/settings.ts';
import type { DatabaseOptions } from '../store/database.ts';
import { parsePostgresUrl } from '../store/postgres-url.ts';

/** It is not on this machine, or it failed; the message has its own words, which name no value of a row. */
export class ToolFailed extends PlainError {
  override readonly name = 'ToolFailed';
  /** Undefined where it did not start, or was ended by a signal. */
  readonly exitCode: number | undefined;

  constructor(message: string, exitCode?: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

const WORDS_MAX = 500;
const KILLED_AFTER_MILLISECONDS = 5000;

export type Tool = Readonly<{
  /** Closed from the first unless `input` was asked for. */
  stdin: Writable;
  stdout: Readable;
  /** Resolves when it ended well; rejects with ToolFailed otherwise, also where the signal ended it. */
  ended: Promise<void>;
}>;

/** Where programs are found, and the authorities of TLS to a database elsewhere (as Node takes them). */
export type ToolPlace = Readonly<{ path: string; authorities: string | undefined }>;

export const toolPlace = ({ PATH = '', NODE_EXTRA_CA_CERTS }: Environment): ToolPlace => ({
  path: PATH,
  authorities: NODE_EXTRA_CA_CERTS || undefined,
});

export type ToolOptions = Readonly<{
  place: ToolPlace;
  environment: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** It reads what is written to its stdin. */
  input?: boolean;
  /** Makes a sentence of what it wrote to stderr; without it the last lines. */
  wordsOf?: (words: string) => string;
  /** What to do where it is not on this machine. */
  install?: string;
}>;

const POSTGRESQL = "Install PostgreSQL's client programs, of the server's version or later.";

/** Starts it with this environment and no other; the signal ends it, by force where it does not obey. */
export function startTool(
  name: string,
  args: readonly string[],
  { place, environment, signal, input = false, wordsOf = lastLines, install = POSTGRESQL }: ToolOptions,
): Tool {
  const child = spawn(name, args, {
    env: { PATH: place.path, LC_ALL: 'C', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // One that ends early is told of by its end.
  child.stdin.on('error', () => {});
  if (!input) child.stdin.end();
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = `${words}${chunk.toString()}`.slice(-WORDS_MAX)));
  const stopKilling = killOn(signal, child);
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(notStarted(name, error, install)));
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve();
      else
        reject(
          new ToolFailed(`${name} ended with ${killedBy ?? `exit code ${code}`}: ${wordsOf(words)}`, code ?? undefined),
        );
    });
  }).finally(stopKilling);
  // Whoever waits hears of it; whoever left earlier, because the stream broke, has heard already.
  ended.catch(() => {});
  return { stdin: child.stdin, stdout: child.stdout, ended };
}

/** Its major version; undefined where it is not on this machine. */
export async function toolMajor(name: string, place: ToolPlace): Promise<number | undefined> {
  let words = '';
  try {
    const tool = startTool(name, ['--version'], {
      place,
      environment: {},
      signal: AbortSignal.timeout(KILLED_AFTER_MILLISECONDS),
    });
    tool.stdout.on('data', (chunk: Buffer) => (words += chunk.toString()));
    await tool.ended;
  } catch {
    return undefined;
  }
  return Number(/\) (\d+)/.exec(words)?.[1]) || undefined;
}

function killOn(signal: AbortSignal, child: ChildProcess): () => void {
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    child.kill('SIGTERM');
    timer = setTimeout(() => child.kill('SIGKILL'), KILLED_AFTER_MILLISECONDS).unref();
  };
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill);
  return () => {
    signal.removeEventListener('abort', kill);
    clearTimeout(timer);
  };
}

function notStarted(name: string, { code }: NodeJS.ErrnoException, install: string): ToolFailed {
  const why = code === 'ENOENT' ? 'it is not on this machine' : `it cannot be started (${code})`;
  return new ToolFailed(`${name}: ${why}. ${install}`);
}

const lastLines = (words: string): string =>
  words
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(-3)
    .join(' ') || 'it said nothing';

/** How libpq's programs log in (PostgreSQL's manual, "Environment Variables"): nothing of it stands in a command line. */
export function libpqEnvironment(
  { url, ssl }: Pick<DatabaseOptions, 'url' | 'ssl'>,
  { authorities = 'system' }: ToolPlace,
): Readonly<Record<string, string>> {
  const parsed = parsePostgresUrl(url);
  const { user, password, hosts, database, options } = parsed;
  const tls = parsed.ssl ?? ssl;
  return {
    PGHOST: hosts.map(({ host }) => host).join(','),
    PGPORT: hosts.map(({ port }) => port).join(','),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: { off: 'disable', require: 'require', verify: 'verify-full' }[tls],
    // Its own folder of authorities is no help in a container.
    ...(tls === 'verify' && { PGSSLROOTCERT: parsed.authorities ?? authorities }),
    ...(options === undefined ? {} : { PGOPTIONS: options }),
    ...(hosts.length > 1 && { PGTARGETSESSIONATTRS: 'read-write' }),
    PGAPPNAME: 'sealpost-backup',
    PGCONNECT_TIMEOUT: '10',
  };
}
