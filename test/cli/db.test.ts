/** `sealpost db`: the slowest statements without a value of theirs, and what of the tables and indexes nothing needs. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDb, withoutValues } from '../../services/cli/db.ts';
import { adviceOn } from '../../services/cli/db-advice.ts';
import { migrate } from '../../services/store/migrate.ts';
import type { SlowStatement } from '../../services/store/statements.ts';
import { type OwnServer, startOwnServer } from '../faults/own-server.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const SECRET = 'somebody@example.com';

let counting: OwnServer;
let plain: TestDatabase;
beforeAll(async () => {
  [counting, plain] = await Promise.all([
    startOwnServer({ shared_preload_libraries: 'pg_stat_statements' }),
    createTestDatabase(),
  ]);
});
afterAll(async () => Promise.all([counting?.end(), plain?.drop()]));

type Urls = Readonly<{ url: string; ownerUrl: string }>;
const sealpost = (on: Urls, ...args: readonly string[]) =>
  runCommand(addDb, ['db', ...args], { DATABASE_URL: on.url, DATABASE_ADMIN_URL: on.ownerUrl });

describe('slow', () => {
  test('lists the slowest by all their calls and by one, with no value, and nothing of a password', async () => {
    await counting.owner.unsafe(`select pg_sleep(0.2), '${SECRET}' as told, 12345678`);
    for (let n = 0; n < 40; n++) await counting.owner.unsafe(`select pg_sleep(0.02) where '${SECRET}' <> '${n}'`);
    await counting.owner.unsafe(`create role someone password '${SECRET}'; drop role someone`);
    const { code, stdout, stderr } = await sealpost(counting, 'slow');
    expect([code, stderr]).toEqual([0, '']);
    const [total = '', mean = ''] = stdout.split('\n\n');
    expect(total.split('\n').slice(0, 2)).toEqual([
      'By the time of all calls:',
      expect.stringMatching(/^total s +share +calls +mean ms +max ms +rows +statement$/),
    ]);
    expect(total.split('\n')[2]).toMatch(/^0\.\d +\d+ % +40 +2\d\.\d\d .+ select pg_sleep\(\$1\) where \$2 <> \$3$/);
    expect(mean.split('\n')[2]).toMatch(/^0\.2 +\d+ % +1 +2\d\d\.\d\d .+ select pg_sleep\(\$1\), \$2 as told, \$3$/);
    expect(stdout).not.toMatch(/example\.com|12345678|password/);
    const json = JSON.parse((await sealpost(counting, 'slow', '--json', '--limit', '1')).stdout) as object;
    expect(json).toEqual({
      total: [expect.objectContaining({ calls: 40, text: 'select pg_sleep($1) where $2 <> $3' })],
      mean: [expect.objectContaining({ calls: 1 })],
    });
  });

  test('says in a sentence what is lacking, and what to do', async () => {
    expect(await sealpost(plain, 'slow')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        "This PostgreSQL does not count statements: set shared_preload_libraries = 'pg_stat_statements', and restart it. " +
        'As a superuser, in this database: create extension if not exists pg_stat_statements.\n',
    });
    const asProgram = { url: counting.url, ownerUrl: counting.url };
    expect((await sealpost(asProgram, 'slow')).stderr).toMatch(
      /^This login may not see other roles' statements: grant/,
    );
    await counting.owner`drop extension pg_stat_statements`;
    expect((await sealpost(counting, 'slow')).stderr).toMatch(/^This database does not show the statements/);
    const said: string[] = [];
    expect(await migrate(counting.ownerUrl, (line) => void said.push(line))).toEqual([]);
    expect([said, (await sealpost(counting, 'slow')).code]).toEqual([[], 0]);
  });

  test.each([
    ['select 1 -- somebody@example.com', 'select 1'],
    ['select /* somebody@example.com\n', 'select'],
    ["select x from t where y = 'somebody@example.com' and z", 'select x from t where y = …'],
    ['select $$somebody@example.com$$', 'select …'],
    ['select $1, $12345 from t123456 where x = 654321', 'select $1, $12345 from t123456 where x = …'],
    [`select ${'x, '.repeat(60)}`, `select ${'x, '.repeat(60).slice(0, 92)} …`],
    ["alter role x password 'y'", 'alter …'],
    ["copy (select 1 where 'x' = 'y') to stdout", 'copy …'],
    ['<garbage>', ' …'],
  ])('of %j it shows %j', (text, shown) => {
    expect(withoutValues({ text } as SlowStatement).text).toBe(shown);
  });

  test.each(['0', '101', 'x'])('a limit of %s is refused', async (limit) => {
    expect((await sealpost(plain, 'slow', '--limit', limit)).stderr).toContain('must be a whole number from 1 to 100');
  });
});

describe('the migration of the statistics', () => {
  test('goes on where the server does not count, and where its owner may not make them, and says so', async () => {
    const said: string[] = [];
    const fresh = new URL(plain.ownerUrl);
    fresh.pathname = `/fresh_${randomUUID()}`;
    await plain.owner.unsafe(`create database "${fresh.pathname.slice(1)}"`);
    await migrate(fresh.href, (line) => void said.push(line));
    await plain.owner.unsafe(`drop database "${fresh.pathname.slice(1)}"`);
    expect(said.filter((line) => line.startsWith(' '))).toEqual([
      '  pg_stat_statements is not loaded: "sealpost db slow" will say how to load it',
    ]);

    await counting.owner.unsafe("create role weak login createrole password 'weak'");
    await counting.owner.unsafe('create database weak owner weak');
    const url = new URL(counting.ownerUrl);
    [url.username, url.password, url.pathname] = ['weak', 'weak', '/weak'];
    said.length = 0;
    expect((await migrate(url.href, (line) => void said.push(line))).length).toBeGreaterThan(20);
    expect(said.join('\n')).toContain('  pg_stat_statements cannot be created (permission denied to create extension');
  });
});

describe('bloat', () => {
  test('tells dead rows and space that nothing needs, and what to do; afterwards there is nothing to do', async () => {
    const { owner } = plain;
    await owner.unsafe(`
      create table swollen (id integer primary key, filler text) with (autovacuum_enabled = off);
      insert into swollen select n, repeat('x', 500) from generate_series(1, 60000) as n;
      analyze swollen;
      delete from swollen where id % 10 <> 0;
      select pg_stat_force_next_flush();
    `);
    const json = async () => {
      const { stdout, stderr } = await sealpost(plain, 'bloat', '--json');
      expect(stderr).toBe('');
      return JSON.parse(stdout) as { tables: { name: string; bloatBytes: number | null }[]; advice: string[] };
    };
    await expect
      .poll(async () => (await json()).advice, { timeout: 10_000 })
      .toEqual(['swollen: 54000 dead rows (90 %) -> vacuum (analyze) swollen;']);
    await owner.unsafe('vacuum (analyze) swollen');
    const of = async () => (await json()).tables.find(({ name }) => name === 'swollen')?.bloatBytes ?? 0;
    expect(await of()).toBeGreaterThan(25 * 2 ** 20);
    await owner.unsafe('vacuum full analyze swollen');
    expect(await of()).toBeLessThan(2 ** 20);
    const { code, stdout } = await sealpost(plain, 'bloat');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^table +size +live rows +dead rows +dead +bloat +vacuumed +analyzed\nswollen +3\.\d MiB +6000 +0 +0 % /,
    );
    expect(stdout).toMatch(/\n\nindex +of +size +scans +bloat\n/);
    expect(stdout).toMatch(/\n\nNothing to do\.\n$/);
  });

  test('of an index it is near what a new one has', async () => {
    const { owner } = plain;
    await owner.unsafe(`
      create table listed (id integer, address text) with (autovacuum_enabled = off);
      insert into listed select n, md5(n::text) || '@example.com' from generate_series(1, 50000) as n;
      create index listed_grown on listed (address);
      create index listed_folded on listed (lower(address));
      update listed set id = -id;
      update listed set address = 'x' || address;
    `);
    await owner.unsafe('vacuum (analyze) listed');
    const sizes = async () => {
      const { stdout } = await sealpost(plain, 'bloat', '--json');
      const { indexes } = JSON.parse(stdout) as {
        indexes: { name: string; bytes: number; bloatBytes: number | null }[];
      };
      return indexes.filter(({ name }) => name.startsWith('listed_')).map((one) => (one.bloatBytes ?? NaN) / one.bytes);
    };
    for (const share of await sizes()) expect(share).toBeGreaterThan(0.3);
    await owner.unsafe('reindex table listed');
    for (const share of await sizes()) expect(share).toBeLessThan(0.1);
  });

  const table = {
    name: 't',
    bytes: 300 * 2 ** 20,
    liveRows: 40_000,
    deadRows: 0,
    deadShare: 0,
    lastVacuum: null,
    lastAnalyze: null,
    bloatBytes: 0,
  };
  const index = { name: 'i', table: 't', bytes: 20 * 2 ** 20, scans: 1, bloatBytes: 0 };
  test.each([
    [{ deadRows: 10_000, deadShare: 0.2 }, {}, /^t: 10000 dead rows \(20 %\) -> vacuum \(analyze\) t;$/],
    [{ deadRows: 9999, deadShare: 0.9 }, {}, /^$/],
    [{ deadRows: 99_999, deadShare: 0.19 }, {}, /^$/],
    [{ deadRows: 10_000, deadShare: 0.2, lastVacuum: new Date(NOW - 1000) }, {}, /stays open keeps them/],
    [{ bloatBytes: 150 * 2 ** 20 }, {}, /^t: about 150\.0 MiB of 300\.0 MiB are bloat, .+ vacuum full t; .+ stop api/],
    [{ bloatBytes: 149 * 2 ** 20 }, {}, /^$/],
    [{ bloatBytes: null }, { bloatBytes: null }, /^$/],
    [{}, { bloatBytes: 10 * 2 ** 20 }, /^i: about 10\.0 MiB of 20\.0 MiB are bloat -> reindex index concurrently i;$/],
    [{}, { bloatBytes: 9 * 2 ** 20 }, /^$/],
  ])('of %j and %j it advises %s', (tableGiven, indexGiven, advice) => {
    expect(adviceOn([{ ...table, ...tableGiven }], [{ ...index, ...indexGiven }], NOW).join('\n')).toMatch(advice);
  });
});
