/** Which backup is the latest, and which go because they are old. */
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forgetOldDumps, latestOf, listDumps } from '../../services/backup/folder.ts';
import { nameOfDump } from '../../services/backup/manifest.ts';
import { backup, dumpText, temporaryFolder } from '../support/fake-pg-dump.ts';

const NAME = 'the_database_backup_20260301_020007.sql.gz';
const DAY = 86_400_000;

const dump = (epoch: number, position: number) => {
  const installation = ['only_row, epoch', [`t\t${epoch}`]] as const;
  const events = ['"position"', position === 0 ? [] : [String(position)]] as const;
  return dumpText({ tables: { installation, events } });
};

describe('the latest', () => {
  test.each<[string, readonly (readonly [epoch: number, position: number])[], number]>([
    [
      'of one log is the newest',
      [
        [1, 5],
        [1, 9],
      ],
      1,
    ],
    [
      'is not one of a database that was made anew since',
      [
        [1, 900],
        [1, 0],
        [1, 20],
      ],
      0,
    ],
    [
      'nor is it where that had been restored before',
      [
        [3, 900],
        [1, 0],
      ],
      0,
    ],
    [
      'after a restore is what was backed up since, although it does not go as far',
      [
        [1, 900],
        [2, 500],
      ],
      1,
    ],
    [
      'of two that go as far is the newer',
      [
        [1, 7],
        [1, 7],
      ],
      1,
    ],
  ])('%s', async (_, made, wanted) => {
    const folder = temporaryFolder();
    const files: string[] = [];
    for (const [n, [epoch, position]] of made.entries()) {
      files.push((await backup(folder, new Date(Date.UTC(2026, 2, 1 + n)), dump(epoch, position))).file);
    }
    expect(latestOf(await listDumps(folder))?.file).toBe(files[wanted]);
    // Neither it nor the newest ever goes.
    await forgetOldDumps(folder, 1, Date.UTC(2027, 0, 1));
    const stay = new Set([files[wanted], files.at(-1)]);
    expect((await listDumps(folder)).map(({ file }) => file)).toEqual(
      files.filter((file) => stay.has(file)).toReversed(),
    );
  });

  test('is none where none is whole', async () => {
    expect(latestOf([])).toBeUndefined();
    expect(latestOf([{ file: 'x', madeAt: new Date(), bytes: 1, manifest: 'damaged' }])).toBeUndefined();
  });
});

describe('what is old', () => {
  test('goes a second beyond its days and not a second before, but the newest good one stays however old', async () => {
    const folder = temporaryFolder();
    const now = Date.UTC(2026, 2, 31, 12);
    const ages = [40 * DAY, 30 * DAY + 1000, 30 * DAY - 1000, 33 * DAY];
    const made: string[] = [];
    for (const age of ages) made.push((await backup(folder, new Date(now - age))).file);
    writeFileSync(join(folder, 'notes.txt'), '');
    expect((await forgetOldDumps(folder, 30, now)).toSorted()).toEqual([made[0], made[1], made[3]].toSorted());
    expect(readdirSync(folder).toSorted()).toEqual(['notes.txt', made[2], `${made[2]}.json`]);
    expect(await forgetOldDumps(folder, 1, now)).toEqual([]);
    // One that nobody can vouch for keeps nothing.
    const half = nameOfDump('the_database', new Date(now - DAY / 2));
    writeFileSync(join(folder, half), '');
    expect(await forgetOldDumps(folder, 1, now)).toEqual([]);
    expect((await listDumps(folder)).map(({ file }) => file)).toEqual([half, made[2]]);
  });

  test('is also what dead runs left a day ago, and not what one is writing now', async () => {
    const folder = temporaryFolder();
    const now = Date.now();
    const left = [`${NAME}.part`, `${NAME}.json.new`, 'other.part'];
    for (const name of left) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), (now - DAY) / 1000 - 60, (now - DAY) / 1000 - 60);
    }
    writeFileSync(join(folder, `now${NAME}.part`), '');
    expect((await forgetOldDumps(folder, 30, now)).toSorted()).toEqual(left.slice(0, 2).toSorted());
    expect(readdirSync(folder).toSorted()).toEqual([`now${NAME}.part`, 'other.part']);
  });
});
