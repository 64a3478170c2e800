/** The embedded PostgreSQL after a crash of its owner, and between two owners: nothing lost, nothing shared, nothing blocked. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { birthOf } from '../../services/local/postgres/processes.ts';
import { startPostgres } from '../../services/local/postgres/server.ts';
import {
  alive,
  ask,
  type Outcome,
  familyOf,
  killHard,
  quick,
  scratch,
  serversOf,
  startElsewhere,
} from '../support/embedded.ts';

const room = scratch();
const dataDir = join(room.path, 'postgres');
const postmasterFile = join(dataDir, 'postmaster.pid');
afterAll(() => room[Symbol.dispose]());

let lines: string[];
beforeEach(() => {
  lines = [];
});

async function start(directory = dataDir) {
  const server = await startPostgres({ dataDir: directory, settings: quick, log: (line) => lines.push(line) });
  onTestFinished(() => server.stop('immediate'));
  return server;
}

async function elsewhere(): Promise<Outcome & { owner: ChildProcess }> {
  const { owner, outcome } = startElsewhere(dataDir);
  onTestFinished(() => killHard(owner));
  return { owner, ...(await outcome) };
}

test('of two first starts at the same moment one serves and the other is told who has it', async () => {
  const both = await Promise.all([elsewhere(), elsewhere()]);
  const winner = both.find(({ error }) => error === '');
  const loser = both.find(({ error }) => error !== '');
  expect(loser?.error).toBe(
    `${dataDir} is in use by process ${winner?.owner.pid}: stop that one first, or give this one another data directory.`,
  );
  expect(serversOf(dataDir)).toEqual([winner?.pid]);
  await expect(start()).rejects.toThrow(`in use by process ${winner?.owner.pid}`);
  expect(await ask(winner?.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(serversOf(dataDir)).toEqual([winner?.pid]);
});

test('what a killed owner left running is stopped in order and its committed rows are there', async () => {
  const orphan = await elsewhere();
  await ask(orphan.url, 'create table kept as select generate_series(1, 1000) as n');
  await killHard(orphan.owner);
  expect(serversOf(dataDir)).toEqual([orphan.pid]);
  const server = await start();
  expect(lines).toContain(`stopping PostgreSQL ${orphan.pid}: the process that started it was killed`);
  expect(lines.join('\n')).not.toContain('not properly shut down');
  expect(serversOf(dataDir)).toEqual([server.pid]);
  expect(server.url()).toBe(orphan.url);
  expect(await ask(server.url(), 'select count(*)::integer as rows from kept')).toEqual([{ rows: 1000 }]);
});

test('after owner and postmaster were both killed the start waits for their survivors and recovers the rows', async () => {
  const orphan = await elsewhere();
  await ask(orphan.url, 'create table survivors as select 7 as seven');
  const family = familyOf(orphan.pid);
  await killHard(orphan.owner);
  process.kill(orphan.pid, 'SIGKILL');
  const server = await start();
  expect(lines.join('\n')).toContain('automatic recovery in progress');
  expect(alive(family)).toEqual([]);
  expect(await ask(server.url(), 'select seven from survivors')).toEqual([{ seven: 7 }]);
});

// Under the server's own user, since PostgreSQL does not mind pids of other users.
function stranger(): ChildProcess & { pid: number } {
  const { uid, gid } = statSync(dataDir);
  const child = spawn('sleep', ['60'], process.geteuid?.() === 0 ? { uid, gid } : {});
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as ChildProcess & { pid: number };
}

function plant(content: string): void {
  const { uid, gid } = statSync(dataDir);
  writeFileSync(postmasterFile, content);
  chownSync(postmasterFile, uid, gid);
}

const naming = (pid: number): string =>
  `${pid}\n${dataDir}\n1700000000\n5432\n\n127.0.0.1\n   123456         1\nready   \n`;

test('a postmaster.pid that names nobody, or nothing at all, does not block', async () => {
  const gone = stranger();
  await killHard(gone);
  for (const content of [naming(gone.pid), '', 'no number']) {
    plant(content);
    const server = await start();
    expect(await ask(server.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  }
});

test('a postmaster.pid whose pid is now a stranger does not block, and the stranger is left alone', async () => {
  const innocent = stranger();
  plant(naming(innocent.pid));
  const server = await start();
  expect(readFileSync(postmasterFile, 'utf8').split('\n')[0]).toBe(String(server.pid));
  await server.stop();
  expect(birthOf(innocent.pid)).toBeDefined();
});

test('a lock whose pid is now another process does not block, one of a living process does', async () => {
  const innocent = stranger();
  writeFileSync(`${dataDir}.owner`, JSON.stringify({ pid: innocent.pid, born: 'in another life' }));
  const server = await start();
  await server.stop();
  const living = JSON.stringify({ pid: innocent.pid, born: birthOf(innocent.pid) });
  writeFileSync(`${dataDir}.owner`, living);
  await expect(start()).rejects.toThrow(`in use by process ${innocent.pid}`);
  expect(readFileSync(`${dataDir}.owner`, 'utf8')).toBe(living);
  expect(serversOf(dataDir)).toEqual([]);
  expect(birthOf(innocent.pid)).toBeDefined();
});

test('a first start that is killed half-way leaves nothing that the next one takes for data', async () => {
  const own = join(room.path, 'half');
  const { owner } = startElsewhere(own);
  await expect.poll(() => readdirSync(room.path).join(), { interval: 5 }).toContain('half.partial-');
  await killHard(owner);
  expect(existsSync(own)).toBe(false);
  const server = await start(own);
  expect(await ask(server.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
  await start(own);
  expect(readdirSync(room.path).filter((name) => name.startsWith('half.partial-'))).toEqual([]);
});
