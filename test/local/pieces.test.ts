/** The pieces that the embedded default is made of, each by itself: lock, port, password, stop, leftovers, environment. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, parse } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { childOptions } from '../../services/local/postgres/account.ts';
import { codeOf, EmbeddedPostgresError, reasonOf } from '../../services/local/postgres/errors.ts';
import { clearLeftover, postmasterPid } from '../../services/local/postgres/leftover.ts';
import { isOwned, takeLock } from '../../services/local/postgres/lock.ts';
import { makePassword, readPassword } from '../../services/local/postgres/password.ts';
import { choosePort, rememberPort } from '../../services/local/postgres/port.ts';
import { birthOf, servesDataDir } from '../../services/local/postgres/processes.ts';
import { type StopMode, stopServer } from '../../services/local/postgres/stopping.ts';
import { scratch } from '../support/embedded.ts';

const room = scratch();
afterAll(() => room[Symbol.dispose]());
let rooms = 0;
const place = (): string => join(room.path, `at-${++rooms}`);

/** A process that lives until it is killed. */
async function living(): Promise<number> {
  const child = spawn('sh', ['-c', 'echo up; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
}

describe('the lock of a data folder', () => {
  test('is one process’s until it is given back, and says whose', () => {
    const dataDir = place();
    const lock = takeLock(dataDir);
    expect([isOwned(dataDir), existsSync(dataDir)]).toEqual([true, false]);
    expect(() => takeLock(dataDir)).toThrow(
      `${dataDir} is in use by process ${process.pid}: stop that one first, or give this one another data directory.`,
    );
    expect(() => lock.confirm()).not.toThrow();
    lock.release();
    expect(readdirSync(room.path).filter((name) => name.startsWith(parse(dataDir).base))).toEqual([]);
    expect(isOwned(dataDir)).toBe(false);
  });

  test('of a dead process, or without words, is taken over; another’s is neither confirmed nor given back', () => {
    const dataDir = place();
    for (const left of ['', '{', '{"pid":1}', JSON.stringify({ pid: process.pid, born: 'in another life' })]) {
      writeFileSync(`${dataDir}.owner`, left);
      expect(isOwned(dataDir)).toBe(false);
      takeLock(dataDir).release();
    }
    const lock = takeLock(dataDir);
    const others = JSON.stringify({ pid: 1, born: birthOf(1), nonce: 'x' });
    writeFileSync(`${dataDir}.owner`, others);
    expect(() => lock.confirm()).toThrow('in use by process 1:');
    lock.release();
    expect(readFileSync(`${dataDir}.owner`, 'utf8')).toBe(others);
  });
});

describe('the port', () => {
  test('is the one used last, where it is free, else another free one; a note that is no port counts for nothing', async () => {
    const dataDir = place();
    const first = await choosePort(dataDir);
    rememberPort(dataDir, first);
    expect(readFileSync(`${dataDir}.port`, 'utf8')).toBe(`${first}\n`);
    expect(await choosePort(dataDir)).toBe(first);
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(first, '127.0.0.1', resolve));
    onTestFinished(() => void squatter.close());
    expect(await choosePort(dataDir)).not.toBe(first);
    for (const note of ['0', '65536', '-1', '1.5', 'x', '']) {
      writeFileSync(`${dataDir}.port`, note);
      const port = await choosePort(dataDir);
      expect([Number.isInteger(port), port > 0, port < 65_536]).toEqual([true, true, true]);
    }
  });

  test('that cannot be kept stops no start', () => {
    expect(() => rememberPort(join(place(), 'not', 'there'), 5432)).not.toThrow();
  });
});

test('the password is made whole, for its owner’s eyes, is another each time, and one that may not be read is no absent one', () => {
  const dataDir = place();
  expect(readPassword(dataDir)).toBeUndefined();
  writeFileSync(`${dataDir}.password.new`, 'torn', { mode: 0o644 });
  const password = makePassword(dataDir);
  expect(Buffer.from(password, 'base64url')).toHaveLength(32);
  expect([readPassword(dataDir), statSync(`${dataDir}.password`).mode & 0o777]).toEqual([password, 0o600]);
  expect(existsSync(`${dataDir}.password.new`)).toBe(false);
  expect(makePassword(dataDir)).not.toBe(password);
  writeFileSync(`${dataDir}.password`, '\n');
  expect(readPassword(dataDir)).toBeUndefined();
  mkdirSync(`${dataDir}2.password`);
  expect(() => readPassword(`${dataDir}2`)).toThrow('EISDIR');
});

const stop = async (mode: StopMode, hears: string) => {
  const asked: string[] = [];
  const pid = await living();
  const kill = process.kill.bind(process);
  process.kill = (to, signal) => {
    if (to !== pid) return kill(to, signal);
    asked.push(String(signal));
    return true;
  };
  onTestFinished(() => void (process.kill = kill));
  const goneWithin = async () => asked.at(-1) === hears;
  const ended = await stopServer({ pid, goneWithin, pgCtl: '' }, mode, 1).catch((error: Error) => error.message);
  return { asked, ended: ended?.replace(String(pid), 'N') };
};

describe('a stop', () => {
  test.each([
    ['smart', 'SIGTERM', ['SIGTERM']],
    ['smart', 'SIGQUIT', ['SIGTERM', 'SIGINT', 'SIGQUIT']],
    ['fast', 'SIGINT', ['SIGINT']],
    ['fast', 'SIGKILL', ['SIGINT', 'SIGQUIT', 'SIGKILL']],
    ['immediate', 'SIGQUIT', ['SIGQUIT']],
  ] as const)(
    'that begins %s with a server that hears only %s goes on to it, and no further',
    async (mode, hears, expected) => {
      expect(await stop(mode, hears)).toEqual({ asked: expected, ended: undefined });
    },
  );

  test('of what not even SIGKILL ends says so', async () => {
    expect((await stop('immediate', '')).ended).toBe('PostgreSQL, process N, does not stop, not even when killed.');
  });

  test('of a process that is gone already is done', async () => {
    const options = { goneWithin: async () => true, pgCtl: '' };
    await expect(stopServer({ pid: 2 ** 22 + 1, ...options }, 'fast', 1)).resolves.toBeUndefined();
  });
});

const clear = (dataDir: string) => clearLeftover(dataDir, { pgCtl: '', stepMilliseconds: 2000, log: () => {} });

const dataDirWith = (text?: string): string => {
  const dataDir = place();
  mkdirSync(dataDir);
  if (text !== undefined) writeFileSync(join(dataDir, 'postmaster.pid'), text);
  return dataDir;
};

describe('what a killed owner left', () => {
  test.each([
    ['nothing', undefined],
    ['an empty file', ''],
    ['no number', 'x\n'],
    ['a number below one', '0\n/data\n'],
  ])('with %s in postmaster.pid there is no file afterwards', async (_, text) => {
    const dataDir = dataDirWith(text);
    expect(postmasterPid(dataDir)).toBeUndefined();
    await clear(dataDir);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test('of a stranger’s pid only that is taken out: the rest tells of surviving backends', async () => {
    const pid = await living();
    const dataDir = dataDirWith(`${pid}\n/data\n  5432001     7\n`);
    await clear(dataDir);
    expect(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8')).toBe('2147483647\n/data\n  5432001     7\n');
    expect(statSync(join(dataDir, 'postmaster.pid')).mode & 0o777).toBe(0o600);
    expect([birthOf(pid) === undefined, servesDataDir(pid, dataDir)]).toEqual([false, false]);
  });
});

test('PostgreSQL gets nothing of our environment, from a directory that it may enter', () => {
  expect(childOptions({ uid: 5, gid: 6 })).toEqual({
    uid: 5,
    gid: 6,
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC' },
    windowsHide: true,
  });
  expect(Object.keys(childOptions(undefined))).not.toContain('uid');
});

test('an error has its sentence and the last twelve lines', () => {
  const lines = Array.from({ length: 13 }, (_, n) => `line ${n}`);
  expect(new EmbeddedPostgresError('It fails:', lines).message).toBe(
    ['It fails:', ...lines.slice(1).map((line) => `  | ${line}`)].join('\n'),
  );
  expect([reasonOf(new Error('a')), reasonOf('b'), codeOf(new Error('a')), codeOf({ code: 'E' })]).toEqual([
    'a',
    'b',
    undefined,
    undefined,
  ]);
});
