/** The embedded PostgreSQL from start to stop: what it keeps, what it hides, how it refuses, and that it leaves nothing. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { type EmbeddedPostgresOptions, startPostgres } from '../../services/local/postgres/server.ts';
import { alive, ask, familyOf, quick, scratch, serversOf } from '../support/embedded.ts';

const room = scratch();
afterAll(() => room[Symbol.dispose]());
const dataDir = join(room.path, '.data', 'postgres');

async function start(options: Partial<EmbeddedPostgresOptions> = {}) {
  const server = await startPostgres({ dataDir, settings: quick, ...options });
  onTestFinished(() => server.stop('immediate'));
  return server;
}

async function squat(port: number): Promise<Server> {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void squatter.close());
  return squatter;
}

const hooks = (): number[] =>
  ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit', 'beforeExit'].map((name) => process.listenerCount(name));

test('a restart keeps the data, the password and the port, and a first start has the settings that data deserves', async () => {
  const first = await start({ settings: {} });
  await ask(first.url(), 'create table kept as select 42 as answer');
  const [shown] = await ask(
    first.url(),
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
       current_setting('data_checksums') as checksums, current_setting('listen_addresses') as addresses,
       current_setting('unix_socket_directories') as sockets, datlocprovider::text || ':' || datlocale as locale,
       pg_encoding_to_char(encoding) as encoding
     from pg_database where datname = 'postgres'`,
  );
  expect(shown).toEqual({
    fsync: 'on',
    commit: 'on',
    checksums: 'on',
    addresses: '127.0.0.1',
    sockets: '',
    locale: 'b:C.UTF-8',
    encoding: 'UTF8',
  });
  await first.stop();
  const second = await start();
  expect(second.url()).toBe(first.url());
  expect(second.pid).not.toBe(first.pid);
  expect(await ask(second.url(), 'select answer from kept')).toEqual([{ answer: 42 }]);
  await second.stop();
  expect(readdirSync(join(room.path, '.data')).toSorted()).toEqual(['postgres', 'postgres.password', 'postgres.port']);
});

test('the password is read by its owner only and shows in no process, no log and no environment', async () => {
  process.env.SEALPOST_TEST_SECRET = 'a secret of the api';
  onTestFinished(() => {
    delete process.env.SEALPOST_TEST_SECRET;
  });
  const lines: string[] = [];
  const own = join(room.path, 'secret');
  const server = await start({ dataDir: own, log: (line) => lines.push(line) });
  const password = readFileSync(`${own}.password`, 'utf8').trim();
  expect(Buffer.from(password, 'base64url')).toHaveLength(32);
  expect(statSync(`${own}.password`).mode & 0o777).toBe(0o600);
  expect(new URL(server.url()).password).toBe(password);
  const shown = spawnSync('ps', ['axeww'], { encoding: 'utf8' }).stdout;
  expect(shown).toContain('checkpointer');
  expect(`${shown}${lines.join('\n')}`).not.toContain(password);
  if (process.platform === 'linux') {
    expect(readFileSync(`/proc/${server.pid}/environ`, 'utf8')).not.toContain('a secret of the api');
  }
  await expect(ask(server.url().replace(password, 'wrong'), 'select 1')).rejects.toThrow(/password authentication/u);
  // The server writes its log after it has answered; what it says at the stop comes later still.
  await server.stop();
  expect(lines.join('\n')).toContain('FATAL:  password authentication failed');
});

test('an address in a failed statement does not reach the log', async () => {
  const lines: string[] = [];
  const server = await start({ log: (line) => lines.push(line) });
  const failing = [
    `select 'victim@example.com'::integer`,
    `create temp table t (a text unique); insert into t values ('victim@example.com'), ('victim@example.com')`,
    `do $$ begin raise warning 'victim@example.com'; raise exception 'victim@example.com'; end $$`,
  ];
  for (const statement of failing) await expect(ask(server.url(), statement)).rejects.toThrow();
  await server.stop();
  expect(lines.join('\n')).toContain('database system is shut down');
  expect(lines.join('\n')).not.toContain('victim');
});

describe('a start that cannot be', () => {
  test('on a busy port says so with the words of PostgreSQL, and leaves neither process nor lock', async () => {
    const squatter = await squat(0);
    const { port } = squatter.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(
      new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is not free[^\\n]*\\n[^]*Address already in use`, 'u'),
    );
    expect(serversOf(dataDir)).toEqual([]);
    expect(existsSync(`${dataDir}.owner`)).toBe(false);
    expect(squatter.listening).toBe(true);
  });

  test('on the remembered port takes another one instead of failing', async () => {
    const last = Number(readFileSync(`${dataDir}.port`, 'utf8'));
    await squat(last);
    const server = await start();
    expect(server.port).not.toBe(last);
    expect(await ask(server.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('with a setting that PostgreSQL refuses gives its reason', async () => {
    await expect(start({ settings: { shared_buffers: 'lots' } })).rejects.toThrow(
      /^PostgreSQL does not start on [^\n]*\n[^]*shared_buffers/u,
    );
    expect(serversOf(dataDir)).toEqual([]);
  });

  test('on data of another version changes nothing there', async () => {
    const old = join(room.path, 'old');
    mkdirSync(old);
    writeFileSync(join(old, 'PG_VERSION'), '17\n');
    await expect(start({ dataDir: old })).rejects.toThrow(/was made by PostgreSQL 17 and this is PostgreSQL 18/u);
    expect(readdirSync(old)).toEqual(['PG_VERSION']);
    expect(existsSync(`${old}.password`)).toBe(false);
  });

  test('on a directory of other things deletes none of them', async () => {
    const other = join(room.path, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.txt'), 'years of work');
    await expect(start({ dataDir: other })).rejects.toThrow(/is not a PostgreSQL data directory/u);
    expect(readFileSync(join(other, 'thesis.txt'), 'utf8')).toBe('years of work');
  });
});

describe('a stop', () => {
  test('leaves no process, even in the midst of a transaction, and may be repeated', async () => {
    const server = await start();
    const sql = postgres(server.url(), { max: 1, fetch_types: false, onclose: () => {} });
    const busy = sql`select pg_sleep(60)`.catch((error: unknown) => error);
    await expect
      .poll(() =>
        ask(server.url(), `select from pg_stat_activity where query like '%pg_sleep(60)' and pid <> pg_backend_pid()`),
      )
      .toHaveLength(1);
    const family = familyOf(server.pid);
    expect(family.length).toBeGreaterThan(5);
    expect(serversOf(dataDir)).toEqual([server.pid]);
    await Promise.all([server.stop(), server.stop()]);
    await server.stop('immediate');
    expect(serversOf(dataDir)).toEqual([]);
    expect(alive(family)).toEqual([]);
    expect(existsSync(join(dataDir, 'postmaster.pid'))).toBe(false);
    expect(await busy).toBeInstanceOf(Error);
    await sql.end({ timeout: 0 });
  });

  test('that waits for a client who stays goes on to the next mode', async () => {
    const server = await start({ stopTimeoutMilliseconds: 200 });
    const sql = postgres(server.url(), { max: 1, fetch_types: false });
    await sql`select 1`;
    await server.stop('smart');
    expect(serversOf(dataDir)).toEqual([]);
    await sql.end({ timeout: 0 });
  });

  test('is ours alone: the server has a session of its own, out of reach of Ctrl-C, and no signal is hooked', async () => {
    const before = hooks();
    const server = await start();
    expect(hooks()).toEqual(before);
    const ids = spawnSync('ps', ['-o', 'pgid=', '-p', String(server.pid)], { encoding: 'utf8' }).stdout;
    expect(Number(ids)).toBe(server.pid);
  });
});
