/** K1: the real pg_dump in the scheduler's container, by its own login: what it writes is on the machine, whole, and loads. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../services/backup/manifest.ts';
import { stack } from './support/one-stack.ts';

const run = promisify(execFile);
const folder = (): string => join(stack.folder, 'backups/postgresql');
const dumps = (): readonly string[] => readdirSync(folder()).filter((name) => name.endsWith('.sql.gz'));

/** What a command that failed has said. */
const told = (error: { stderr?: string; stdout?: string }): string => `${error.stdout}${error.stderr}`;

/** As the database's owner, in this database. */
async function ask(database: string, sql: string): Promise<string> {
  const psql = ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql];
  return (await stack.compose('exec', '-T', '-u', 'postgres', 'postgres', ...psql)).trim();
}

describe('a backup', () => {
  test('is made when it is asked for, has the guide’s name on the machine itself, and is for its owner alone', async () => {
    // The first one was made when the stack came up.
    await expect.poll(dumps, { timeout: 20_000 }).toHaveLength(1);
    const said = await stack.sealpost('backup', 'now');
    const [, name = '', ...others] = dumps();
    expect(others).toEqual([]);
    expect(name).toMatch(/^request_marketplace_prod_backup_20\d{6}_\d{6}\.sql\.gz$/);
    expect(said).toMatch(new RegExp(`^backup: did 1 in \\d+\\.\\d s \\(${name}, \\d+\\.\\d MiB, \\d+ events\\)\\.$`));
    const facts = statSync(join(folder(), name));
    expect([facts.uid, facts.mode & 0o777, statSync(folder()).mode & 0o777]).toEqual([1000, 0o600, 0o700]);
    expect(await stack.sealpost('backup', 'check')).toBe('2 read, all as they were written.');
    expect(await stack.sealpost('backup', 'list')).toMatch(new RegExp(`\\n${name} .* 18\\.\\d+\\n`));
    expect(await stack.sealpost('jobs', 'history', 'backup')).toContain(name);
  });

  test('loads into an empty database, with as many rows of each table as its manifest says', async () => {
    const name = dumps().at(-1) ?? '';
    const { rows, position } = JSON.parse(readFileSync(join(folder(), `${name}.json`), 'utf8')) as Manifest;
    const load = 'gzip -dc "$1" | docker compose exec -T -u postgres postgres psql -Xq -v ON_ERROR_STOP=1 -d scratch';
    await ask('postgres', 'create database scratch');
    try {
      const options = { cwd: stack.folder, env: stack.environment };
      await run('sh', ['-c', load, 'sh', join(folder(), name)], options);
      const tables = (
        await ask('scratch', `select tablename from pg_tables where schemaname = 'public' order by 1`)
      ).split('\n');
      expect(Object.keys(rows).toSorted()).toEqual(tables.toSorted());
      for (const table of tables)
        expect([table, Number(await ask('scratch', `select count(*) from ${table}`))]).toEqual([table, rows[table]]);
      expect(rows.events).toBeGreaterThan(3);
      expect(Number(await ask('scratch', 'select max(position) from events'))).toBe(position);
      // The programs may do in it what they may here.
      expect(
        await ask(
          'scratch',
          `select has_table_privilege('sealpost_app', 'events', 'insert, select'), has_table_privilege('sealpost_app', 'events', 'update')`,
        ),
      ).toBe('t|f');
    } finally {
      await ask('postgres', 'drop database scratch');
    }
  });

  test('with one flipped byte is named, by the command and by the nightly job', async () => {
    const file = join(folder(), dumps()[0] ?? '');
    const bytes = readFileSync(file);
    const flipped = Buffer.from(bytes);
    flipped[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
    writeFileSync(file, flipped);
    const damaged = `${dumps()[0]} is damaged: `;
    await expect(stack.sealpost('backup', 'check').catch((error: object) => told(error))).resolves.toContain(damaged);
    await expect(
      stack.sealpost('jobs', 'run', 'check-backups').catch((error: object) => told(error)),
    ).resolves.toContain(damaged);
    writeFileSync(file, bytes);
    expect(await stack.sealpost('jobs', 'run', 'check-backups')).toMatch(
      /^check-backups: did 2 in \d+\.\d s \(2 read, all as they were written\)\.$/,
    );
  });
});
