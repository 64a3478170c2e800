/** What the tests of the embedded PostgreSQL share: scratch room, a start in another process, a look at the process table. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import postgres from 'postgres';
import { birthOf, markOf } from '../../services/local/postgres/processes.ts';

/** For every start that proves nothing about the disk. */
export const quick = { fsync: 'off', full_page_writes: 'off' };
export const isRoot = process.geteuid?.() === 0;
export const nobody = 65_534;

/** A directory of mode 700, as mkdtemp makes them, that goes when the object is disposed of. */
export function scratch(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'sealpost-embedded-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The rows of one statement, over a connection of its own. */
export async function ask(url: string, statement: string): Promise<postgres.Row[]> {
  const sql = postgres(url, { max: 1, fetch_types: false, connect_timeout: 5, onnotice: () => {} });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The pids of every running server of that data directory. */
export function serversOf(dataDir: string): number[] {
  const marked = processes().filter(({ command }) => command.includes(`${markOf(dataDir)} `));
  // A child that was just forked still has its server's command line.
  return marked.filter(({ parent }) => !marked.some(({ pid }) => pid === parent)).map(({ pid }) => pid);
}

/** The postmaster and its children. */
export const familyOf = (postmaster: number): number[] =>
  processes()
    .filter(({ pid, parent }) => pid === postmaster || parent === postmaster)
    .map(({ pid }) => pid);

/** Those of `pids` that still run. */
export const alive = (pids: number[]): number[] => pids.filter((pid) => birthOf(pid) !== undefined);

const processes = () =>
  spawnSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .map(([pid, parent, ...command]) => ({ pid: Number(pid), parent: Number(parent), command: command.join(' ') }));

export type Outcome = { pid: number; url: string; error: string };
export type Elsewhere = { owner: ChildProcess; outcome: Promise<Outcome> };

/** Starts the server from another node process, which then waits for ever. */
export function startElsewhere(dataDir: string, uid?: number): Elsewhere {
  const module = pathToFileURL(join(import.meta.dirname, '../../services/local/postgres/server.ts')).href;
  const script = `
    import { startPostgres } from ${JSON.stringify(module)};
    const options = { dataDir: ${JSON.stringify(dataDir)}, settings: ${JSON.stringify(quick)} };
    try {
      const { pid, url } = await startPostgres(options);
      console.log('DONE ' + JSON.stringify({ pid, url: url(), error: '' }));
      setInterval(() => {}, 1e9);
    } catch (error) {
      console.log('DONE ' + JSON.stringify({ pid: 0, url: '', error: error.message }));
    }`;
  const account = uid === undefined ? {} : { uid, gid: uid };
  const args = ['--input-type=module', '--eval', script];
  const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir(), ...account });
  const said: string[] = [];
  const outcome = new Promise<Outcome>((resolve) => {
    owner.once('close', () => resolve({ pid: 0, url: '', error: `ended: ${said.join('\n')}` }));
    for (const input of [owner.stdout, owner.stderr]) {
      createInterface({ input }).on('line', (line) => {
        said.push(line);
        if (line.startsWith('DONE ')) resolve(JSON.parse(line.slice('DONE '.length)) as Outcome);
      });
    }
  });
  return { owner, outcome };
}

/** Ends a process as a crash does and waits until it is gone. */
export async function killHard(owner: ChildProcess): Promise<void> {
  if (owner.exitCode !== null || owner.signalCode !== null) return;
  const gone = new Promise((resolve) => owner.once('exit', resolve));
  owner.kill('SIGKILL');
  await gone;
}
