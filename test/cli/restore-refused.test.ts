/** `sealpost restore` changes nothing where it is not asked rightly, not allowed or cannot be done, and says why by name. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMigrations } from '../../services/store/migrate.ts';
import { openDatabases } from '../../services/store/databases.ts';
import { user } from '../support/api.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { backUpTestDatabase, pathWithPsql } from '../support/loadable-dump.ts';
import { anna, ben, databases, nameOf, restore, restoreEachTime, restoring } from '../support/restore.ts';

restoreEachTime();

const flip = (file: string): void => {
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(file, bytes);
};
const manifest = (file: string, change: (made: Record<string, unknown>) => void): void => {
  const made = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Record<string, unknown>;
  change(made);
  writeFileSync(`${file}.json`, JSON.stringify(made));
};
const schema = (number: number, name: string) => (file: string) =>
  manifest(file, (made) => Object.assign(made, { schema: { number, name }, version: '7.7.7' }));

describe('nothing is changed', () => {
  const refused: readonly (readonly [string, (file: string) => void, readonly string[], RegExp])[] = [
    ['a flipped bit', flip, [], /^FILE is damaged: .*\.\nNothing was changed\.\n$/],
    ['a truncated file', (file) => writeFileSync(file, readFileSync(file).subarray(0, -40)), [], /^FILE is damaged: /],
    ['an empty file', (file) => writeFileSync(file, ''), [], /^FILE is /],
    ['no manifest', (file) => rmSync(`${file}.json`), [], /^FILE has no manifest: put FILE\.json beside it/],
    ['a damaged manifest', (file) => writeFileSync(`${file}.json`, '{'), [], /^FILE\.json is damaged: /],
    [
      'rows that are not those of its manifest',
      (file) => manifest(file, (made) => Object.assign(made, { rows: { ...(made.rows as object), accounts: 9 } })),
      [],
      /^FILE has 0 rows of accounts, and its manifest 9\./,
    ],
    [
      'a later schema',
      schema(999, '999_of_tomorrow.sql'),
      ['--allow-older-schema'],
      /^FILE has the schema of 999_of_tomorrow\.sql, and this program knows none after \d+_\w+\.sql: restore it with Sealpost 7\.7\.7, or a later one\./,
    ],
    [
      'an older schema',
      schema(21, '021_create_jobs.sql'),
      [],
      /^FILE has the schema of 021_create_jobs\.sql, \d+ migrations? before this program's: restore it with Sealpost 7\.7\.7, or add --allow-older-schema/,
    ],
    [
      'another program’s schema',
      schema(21, '021_other.sql'),
      ['--allow-older-schema'],
      /^FILE has the schema of 021_other\.sql, which is no migration of this program/,
    ],
    [
      'another key',
      (file) => manifest(file, (made) => Object.assign(made, { keys: ['k9', 'k1'] })),
      [],
      /^FILE was made with the key k9, and this installation has k1: /,
    ],
    [
      'several things at once',
      (file) => {
        flip(file);
        schema(21, '021_create_jobs.sql')(file);
        manifest(file, (made) => Object.assign(made, { keys: ['k9'] }));
      },
      [],
      /^FILE has the schema .*\nFILE was made .*\nFILE is damaged/,
    ],
  ];
  test.each(refused)('where the backup has %s, which is told by its name', async (_, harm, args, told) => {
    await handlerOn(restoring.db.sql).handle(requestOf(anna, user(1)));
    const { file } = await backUpTestDatabase(restoring.db, restoring.folder);
    harm(join(restoring.folder, file));
    const before = await restoring.db.owner`select * from events`;
    const { code, stderr } = await restore([file, '--yes', ...args]);
    const said = stderr.replaceAll(file, 'FILE');
    expect([code, said]).toEqual([1, expect.stringMatching(told)]);
    expect(await databases()).toEqual([nameOf(restoring.db)]);
    expect(await restoring.db.owner`select * from events`).toEqual(before);
  });

  test.each<[string, string]>([
    ['no_such_backup_20260301_020000.sql.gz', 'There is no backup no_such_backup_20260301_020000.sql.gz in '],
    ['no_such_database', 'There is no backup no_such_database in '],
    ['postgres', 'The database postgres is not of a Sealpost.'],
    ['latest', 'There is no whole backup in '],
  ])('where %s is asked for', async (what, told) => {
    expect(await restore([what, '--yes'])).toMatchObject({ code: 1, stderr: expect.stringContaining(told) as string });
    expect(await databases()).toEqual([nameOf(restoring.db)]);
  });

  test('where a file of another name is meant, or no folder is set', async () => {
    writeFileSync(join(restoring.folder, 'other.gz'), '');
    expect((await restore([join(restoring.folder, 'other.gz')])).stderr).toMatch(
      /^other\.gz is no backup: its name must be /,
    );
    expect((await restore(['latest'], { BACKUP_DIR: '' })).stderr).toMatch(/^Set BACKUP_DIR /);
  });

  test('where nobody can be asked, and nobody said yes', async () => {
    await backUpTestDatabase(restoring.db, restoring.folder);
    const { code, stdout, stderr } = await restore(['latest']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('Add --yes: there is nobody to ask. Nothing was changed.'),
    ]);
    expect(stdout).toContain('Nothing has been changed yet.');
    expect(await databases()).toEqual([nameOf(restoring.db)]);
  });

  test.each<[string, string]>([
    ['psql fails', 'echo "psql: ERROR: no" >&2; exit 3'],
    ['psql ends early', 'exit 0'],
    ['psql loads nothing', 'cat >/dev/null; exit 0'],
    ['psql is killed', 'kill -9 $$'],
  ])('where %s: the old database serves on, and nothing is left', async (_, before) => {
    await handlerOn(restoring.db.sql).handle(requestOf(anna, user(1)));
    await backUpTestDatabase(restoring.db, restoring.folder);
    const { code, stderr } = await restore(['latest', '--yes'], { PATH: pathWithPsql(before) });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`Nothing was changed. The database ${nameOf(restoring.db)} serves on.`),
    ]);
    expect(await databases()).toEqual([nameOf(restoring.db)]);
    expect(await handlerOn(restoring.db.sql).handle(requestOf(ben, user(2)))).toMatchObject({ kind: 'recorded' });
  });

  test('where the ledger of erasures needs a key that is not there', async () => {
    await backUpTestDatabase(restoring.db, restoring.folder);
    const ledger = join(restoring.folder, 'erasures.jsonl');
    writeFileSync(ledger, `${JSON.stringify({ at: '2026-03-01T12:00:00Z', keyId: 'k0', addressHash: 'x' })}\n`);
    const { code, stderr } = await restore(['latest', '--yes'], { ERASURE_LEDGER: ledger });
    expect([code, stderr]).toEqual([1, expect.stringContaining('The erasure ledger needs the keys k0')]);
    expect(await databases()).toEqual([nameOf(restoring.db)]);
  });

  test('by the later of two at once', async () => {
    await backUpTestDatabase(restoring.db, restoring.folder);
    const slow = restore(['latest', '--yes'], { PATH: pathWithPsql('sleep 2') });
    await expect.poll(databases).toHaveLength(2);
    const second = openDatabases(restoring.db.ownerUrl);
    await expect(second.lock(nameOf(restoring.db))).rejects.toThrow(
      `Another restore of ${nameOf(restoring.db)} is under way.`,
    );
    await second.close();
    expect((await slow).code).toBe(0);
  });
});

describe('an older schema', () => {
  test('is migrated where that is allowed', async () => {
    const { number, name } = (await readMigrations()).at(-1) ?? { number: 0, name: '' };
    const { file } = await backUpTestDatabase(restoring.db, restoring.folder, {
      // As the version before left it: what the newest migration did may be done again.
      change: (dump) => dump.replaceAll(new RegExp(`^${number}\\t${name}.*\\n`, 'gm'), ''),
    });
    expect((await restore([file, '--yes'])).code).toBe(1);
    const { code, stdout } = await restore([file, '--yes', '--allow-older-schema']);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`Migrated: ${name}.`)]);
  });
});
