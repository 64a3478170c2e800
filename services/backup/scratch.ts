/**
 * A PostgreSQL of its own in a folder, for a while. It listens on this machine's own address, for who knows the password that it
 * is given; nothing of it is left when it is closed.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseOptions } from '../store/database.ts';
import { BackupFailed } from './dump.ts';
import { startTool, ToolFailed, type ToolPlace } from './tool.ts';

export type Scratch = Readonly<{
  login(database: string): Pick<DatabaseOptions, 'url' | 'ssl'>;
  close(): Promise<void>;
}>;

export type Run = (name: string, ...args: string[]) => Promise<void>;

export type ScratchOptions = Readonly<{
  place: ToolPlace;
  /** Has room for the whole database. */
  folder: string;
  signal: AbortSignal;
  say(note: string): void;
  /** Puts a cluster into the folder that is given, and returns settings of its own. */
  prepare(data: string, run: Run): Promise<Readonly<Record<string, string>>>;
  /** What to say of a server that did not start, by its own last words. */
  refused(words: string): string;
}>;

const PREFIX = 'scratch-';
const LEFT_AFTER_MILLISECONDS = 86_400_000;
const HOST = '127.0.0.1';
const OWNER = 'postgres';
const ASKED_EVERY_MILLISECONDS = 300;
const BEGINS_WITHIN_MILLISECONDS = 5000;
/** What it says to who asks while it replays. */
const NOT_YET = /accepting connections|starting up|shutting down/;

/** Throws BackupFailed or ToolFailed, and then nothing of it is left. */
export async function openScratch({ place, folder, signal, say, prepare, refused }: ScratchOptions): Promise<Scratch> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await sweep(folder);
  const at = await mkdtemp(join(folder, PREFIX));
  const data = join(at, 'data');
  const [port, password] = [await freePort(), randomBytes(24).toString('hex')];
  const run: Run = (name, ...args) => {
    const tool = startTool(name, args, { place, environment: {}, signal });
    tool.stdout.resume();
    return tool.ended;
  };
  try {
    await mkdir(data, { mode: 0o700 });
    await configure(data, { ...settingsOf(at, port), ...(await prepare(data, run)) });
    await writeFile(join(at, 'pg_hba.conf'), `local all all trust\nhost all ${OWNER} ${HOST}/32 scram-sha-256\n`);
    await start({ at, data, port, run, say });
    await setPassword();
  } catch (error) {
    const words = await lastWords(at);
    await close();
    throw words && error instanceof ToolFailed ? new BackupFailed(refused(words), { cause: error }) : error;
  }
  const login: Scratch['login'] = (database) => ({
    url: `postgres://${OWNER}:${password}@${HOST}:${port}/${encodeURIComponent(database)}`,
    ssl: 'off',
  });
  return { login, close };

  /** By its socket, in a folder of this user alone. */
  async function setPassword(): Promise<void> {
    const environment = { PGHOST: at, PGPORT: String(port), PGUSER: OWNER, PGDATABASE: 'postgres' };
    const psql = startTool('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1'], { place, environment, signal, input: true });
    psql.stdout.resume();
    psql.stdin.end(`alter role ${OWNER} password '${password}';`);
    await psql.ended;
  }

  async function close(): Promise<void> {
    const how = { place, environment: {}, signal: AbortSignal.timeout(90_000) };
    const stop = startTool('pg_ctl', ['stop', '--pgdata', data, '--mode', 'immediate', '--timeout', '60'], how);
    stop.stdout.resume();
    // One that never started has nothing to stop.
    await stop.ended.catch(() => {});
    await rm(at, { recursive: true, force: true });
  }
}

/** What a process that was killed a day ago has left: none takes as long. */
async function sweep(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((one) => one.startsWith(PREFIX))) {
    const left = await stat(join(folder, name)).catch(() => undefined);
    if (left && Date.now() - left.mtimeMs > LEFT_AFTER_MILLISECONDS)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Small, reached by nobody else, and not durable: it is thrown away. */
const settingsOf = (at: string, port: number): Readonly<Record<string, string>> => ({
  listen_addresses: HOST,
  port: String(port),
  unix_socket_directories: at,
  unix_socket_permissions: '0700',
  hba_file: join(at, 'pg_hba.conf'),
  ssl: 'off',
  shared_preload_libraries: '',
  shared_buffers: '128MB',
  // A container has little of /dev/shm.
  dynamic_shared_memory_type: 'mmap',
  max_wal_size: '2GB',
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  archive_mode: 'off',
});

async function configure(data: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  // It goes before postgresql.conf, and before what a base backup brings in the same file.
  await appendFile(join(data, 'postgresql.auto.conf'), lines.join(''));
}

type Starting = Readonly<{ at: string; data: string; port: number; run: Run; say: ScratchOptions['say'] }>;

/** Resolves once it takes connections; rejects once it is gone. */
async function start({ at, data, port, run, say }: Starting): Promise<void> {
  const log = join(at, 'log');
  const started = performance.now();
  let ran = false;
  await run('pg_ctl', 'start', '--pgdata', data, '--log', log, '--no-wait');
  for (;;) {
    // pg_ctl would take a server that still replays for one that is up.
    const isUp = await run('pg_isready', '--host', at, '--port', String(port), '--quiet').then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await run('pg_ctl', 'status', '--pgdata', data).then(
      () => (ran = true),
      (error: unknown) => {
        // It has a moment to begin.
        if (ran || performance.now() - started > BEGINS_WITHIN_MILLISECONDS) throw error;
      },
    );
    const restored = (await readFile(log, 'utf8').catch(() => '')).match(/restored log file/g)?.length ?? 0;
    say(`replaying the WAL, ${restored} files so far`);
    await sleep(ASKED_EVERY_MILLISECONDS);
  }
}

/** What the server said last; its words name no value. */
async function lastWords(at: string): Promise<string | undefined> {
  const log = await readFile(join(at, 'log'), 'utf8').catch(() => '');
  const line = log.split('\n').findLast((one) => /\b(?:FATAL|PANIC|ERROR): /.test(one) && !NOT_YET.test(one));
  return line?.replace(/^.*?(?:FATAL|PANIC|ERROR): +/, '');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
