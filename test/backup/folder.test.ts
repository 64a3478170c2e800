/** The folder of backups: what counts as one, what a damaged one is told by. */
import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { checkDump, isGood, listDumps } from '../../services/backup/folder.ts';
import { nameOfDump, timeOfDump } from '../../services/backup/manifest.ts';
import { unstopped } from '../support/handlers.ts';
import { backup, dumpText, temporaryFolder } from '../support/fake-pg-dump.ts';

const NAME = 'the_database_backup_20260301_020007.sql.gz';

/** What is wrong with each there is. */
async function check(folder: string): Promise<readonly string[]> {
  const dumps = await listDumps(folder);
  return (await Promise.all(dumps.map((dump) => checkDump(folder, dump, unstopped)))).flat();
}

test('a name holds its moment, and only the guide’s form is one', () => {
  const at = new Date('2026-12-31T23:59:58Z');
  expect(nameOfDump('the_database', at)).toBe('the_database_backup_20261231_235958.sql.gz');
  expect(timeOfDump(nameOfDump('a_backup_b', at))).toEqual(at);
  for (const other of [
    'x.sql.gz',
    'x_backup_20261231_235958.sql',
    'x_backup_20261231_235958.sql.gz.part',
    '_backup_20261231_235958.sql.gz',
  ]) {
    expect(timeOfDump(other), other).toBeUndefined();
  }
});

describe('a backup that was interrupted', () => {
  test.each<[string, (file: string) => void, readonly string[]]>([
    [
      'while it was dumped',
      (file) => {
        renameSync(file, `${file}.part`);
        rmSync(`${file}.json`);
      },
      [],
    ],
    [
      'while its manifest was written',
      (file) => {
        renameSync(file, `${file}.part`);
        renameSync(`${file}.json`, `${file}.json.new`);
      },
      [],
    ],
    ['before it had its name', (file) => renameSync(file, `${file}.part`), []],
    ['while it was deleted', (file) => rmSync(`${file}.json`), [NAME]],
  ])('%s is never listed as good', async (_, interrupt, listed) => {
    const folder = temporaryFolder();
    await backup(folder);
    interrupt(join(folder, NAME));
    const dumps = await listDumps(folder);
    expect(dumps.map(({ file }) => file)).toEqual(listed);
    expect(dumps.filter(isGood)).toEqual([]);
  });
});

describe('a check', () => {
  test('finds nothing wrong with what was written', async () => {
    const folder = temporaryFolder();
    await backup(folder);
    expect(await check(folder)).toEqual([]);
  });

  const damaged = `${NAME} is damaged: its SHA-256 is not the one in its manifest.`;
  const unpackable = `${NAME} is damaged: it cannot be unpacked.`;

  test.each<[string, (file: string, bytes: Buffer) => void, readonly string[]]>([
    ['a file cut short', (file, bytes) => truncateSync(file, bytes.length - 20), [unpackable]],
    ['an empty file', (file) => truncateSync(file, 0), [unpackable]],
    [
      'a file with something behind it',
      (file, bytes) => writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(9)])),
      [damaged],
    ],
    [
      'another dump in its place',
      (file) => writeFileSync(file, gzipSync(dumpText({ tables: { events: ['"position"', []] } }))),
      [damaged],
    ],
    ['a text that is not packed', (file, bytes) => writeFileSync(file, gunzipSync(bytes)), [unpackable]],
    [
      'a manifest that is none',
      (file) => writeFileSync(`${file}.json`, '{"format": 2}'),
      [`${NAME}.json is damaged: it is no manifest.`],
    ],
    ['half a manifest', (file) => truncateSync(`${file}.json`, 20), [`${NAME}.json is damaged: it is no manifest.`]],
    ['no manifest, of a dump that is whole', (file) => rmSync(`${file}.json`), []],
    [
      'no manifest, of one that is not',
      (file) => {
        rmSync(`${file}.json`);
        writeFileSync(file, gzipSync(dumpText({ end: '' })));
      },
      [`${NAME} is not whole: the end of the dump is missing.`],
    ],
  ])('of %s names the file and what is wrong', async (_, damage, told) => {
    const folder = temporaryFolder();
    await backup(folder);
    damage(join(folder, NAME), readFileSync(join(folder, NAME)));
    expect(await check(folder)).toEqual(told);
  });

  test('finds every single flipped byte', async () => {
    const folder = temporaryFolder();
    await backup(folder);
    const bytes = readFileSync(join(folder, NAME));
    const unnoticed: number[] = [];
    for (let at = 0; at < bytes.length; at += 3) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      writeFileSync(join(folder, NAME), flipped);
      if ((await check(folder)).length === 0) unnoticed.push(at);
    }
    expect(unnoticed).toEqual([]);
  });

  test('tells what the manifest and the dump disagree on', async () => {
    const folder = temporaryFolder();
    const made = await backup(folder);
    const { accounts: _, ...rows } = made.rows;
    writeFileSync(
      join(folder, `${NAME}.json`),
      JSON.stringify({ ...made, position: 8, rows: { ...rows, events: 4, more: 1 } }),
    );
    expect(await check(folder)).toEqual([
      `${NAME} has 0 rows of accounts, and its manifest none.`,
      `${NAME} has 3 rows of events, and its manifest 4.`,
      `${NAME} has no rows of more, and its manifest 1.`,
      `${NAME} ends at event 7, its manifest at 8.`,
    ]);
  });

  test('of a folder that is not there says so', async () => {
    await expect(listDumps('/no/such/folder')).rejects.toThrow('The folder /no/such/folder cannot be read (ENOENT).');
  });
});
