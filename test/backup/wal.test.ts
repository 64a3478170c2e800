/** Base backups and WAL as files: where there is a gap, what is damaged, what is packed, and what goes. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { checkBase, isWhole, listBases } from '../../services/backup/base.ts';
import { forgetOldBases } from '../../services/backup/old-bases.ts';
import {
  currentSeries,
  firstGap,
  listSegments,
  packSegments,
  segmentOf,
  seriesAt,
} from '../../services/backup/series.ts';
import { facts, make, receive, segment, tools } from '../support/fake-base.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';
import { unstopped } from '../support/handlers.ts';

const all = (...names: string[]) => names.map((name) => ({ name, file: name, kind: 'whole' as const }));

describe('a segment', () => {
  test.each([
    [1, '0/3000028', '000000010000000000000003'],
    [1, '0/FF000000', '0000000100000000000000FF'],
    [16, '1A/0', '000000100000001A00000000'],
  ])('of timeline %i holds %s', (timeline, lsn, name) => {
    expect(segmentOf(timeline, lsn)).toBe(name);
  });

  test.each<[string, string[], string | undefined]>([
    ['none is missing', [segment(3), segment(4), segment(5)], undefined],
    ['one in the midst', [segment(3), segment(5)], segment(4)],
    ['the first', [segment(4)], segment(3)],
    ['all', [], segment(3)],
    ['what lies before does not count', [segment(1), segment(3)], undefined],
    ['over the end of a log', ['0000000100000000000000FF', '000000010000000100000000'], segment(3)],
  ])('that is missing is named: %s', (_, names, missing) => {
    expect(firstGap(all(...names), segment(3))).toBe(missing);
  });
});

describe('a base backup', () => {
  test('has its manifest beside it, of what it was made of and the first WAL that it needs', async () => {
    const folder = temporaryFolder();
    const made = await make(folder, '2026-03-01T02:30:00Z');
    expect(made.name).toBe('base_20260301_023000');
    expect(JSON.parse(readFileSync(`${made.folder}.json`, 'utf8'))).toEqual({
      format: 1,
      made_at: '2026-03-01T02:30:00.000Z',
      server: '18.4',
      schema: facts.schema,
      epoch: 1,
      keys: ['k1'],
      position: 5,
      segment: segment(3),
    });
    expect((await listBases(folder)).map(({ name }) => name)).toEqual([made.name]);
  });

  test.each<[string, string, RegExp]>([
    [
      'pg_basebackup fails',
      'echo "pg_basebackup: error: no" >&2; exit 1',
      /^pg_basebackup ended with exit code 1: pg_basebackup: error: no$/,
    ],
    ['PostgreSQL’s manifest says nothing', 'echo "{}" >"$2/backup_manifest"', /does not say what WAL it needs\.$/],
    ['it is killed', 'kill -9 $$', /^pg_basebackup ended with SIGKILL/],
  ])('is none where %s, and nothing of it is left', async (_, then, told) => {
    const folder = temporaryFolder();
    await expect(make(folder, '2026-03-01T02:30:00Z', {}, tools(then))).rejects.toThrow(told);
    expect(readdirSync(seriesAt(folder, '77', 1).base)).toEqual([]);
  });

  test('without its manifest is not whole, and a check names what is wrong', async () => {
    const folder = temporaryFolder();
    const base = await make(folder, '2026-03-01T02:30:00Z');
    receive(folder, [segment(3), segment(5)], '2026-03-01T03:00:00Z');
    expect(await checkBase(base, tools(), unstopped)).toEqual([
      `The WAL after ${base.name} has a gap: ${segment(4)} is missing.`,
    ]);
    receive(folder, [`${segment(4)}.gz`, `${segment(6)}.partial`], '2026-03-01T03:00:00Z');
    expect(await checkBase(base, tools(), unstopped)).toEqual([]);
    const damaged = tools('echo "pg_verifybackup: error: checksum mismatch for file x" >&2; exit 1');
    expect(await checkBase(base, damaged, unstopped)).toEqual([
      `${base.name} is damaged: pg_verifybackup ended with exit code 1: pg_verifybackup: error: checksum mismatch for file x`,
    ]);
    writeFileSync(`${base.folder}.json`, '{');
    const [listed] = await listBases(folder);
    expect(listed && isWhole(listed)).toBe(false);
    expect(listed && (await checkBase(listed, tools(), unstopped))).toEqual([
      `${base.name} is damaged: ${base.name}.json is no manifest.`,
    ]);
  });
});

describe('what is kept', () => {
  test('is every moment of so many days: the base that the first begins from, those after it, and the WAL since', async () => {
    const folder = temporaryFolder();
    const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-09'];
    for (const [n, day] of days.entries()) await make(folder, `${day}T02:30:00Z`, {}, tools('', `0/${n + 3}000028`));
    receive(folder, [1, 3, 4, 5, 6, 7].map(segment), '2026-03-09T12:00:00Z');
    expect(await forgetOldBases(folder, 7, Date.parse('2026-03-09T12:00:00Z'))).toBe(1);
    expect((await listBases(folder)).map(({ name }) => name)).toEqual([
      'base_20260309_023000',
      'base_20260303_023000',
      'base_20260302_023000',
    ]);
    expect((await listSegments(seriesAt(folder, '77', 1))).map(({ name }) => name)).toEqual([4, 5, 6, 7].map(segment));
    // The newest never goes.
    expect(await forgetOldBases(folder, 1, Date.parse('2027-03-09T12:00:00Z'))).toBe(2);
    expect((await listBases(folder)).map(({ name }) => name)).toEqual(['base_20260309_023000']);
  });

  test('of a series that ended before is nothing, unless its log goes furthest', async () => {
    const folder = temporaryFolder();
    // A cluster whose data are gone, one before a gap, and the one that goes on.
    await make(folder, '2026-03-01T02:30:00Z', { systemId: '66', position: 900 });
    await make(folder, '2026-03-01T02:30:00Z', { position: 20 });
    await make(folder, '2026-03-09T02:30:00Z', { position: 50 }, tools(), 2);
    receive(folder, [segment(3)], '2026-03-02T00:00:00Z', '66');
    receive(folder, [segment(3)], '2026-03-02T00:00:00Z');
    receive(folder, [segment(3)], '2026-03-09T12:00:00Z', '77', 2);
    expect(await forgetOldBases(folder, 7, Date.parse('2026-03-09T12:00:00Z'))).toBe(1);
    expect(readdirSync(folder).toSorted()).toEqual(['66_1', '77_2']);
  });

  test('is packed once it is whole, but for the newest, and stays what it was', async () => {
    const folder = temporaryFolder();
    const series = seriesAt(folder, '77', 1);
    receive(folder, [segment(3), segment(4), `${segment(5)}.partial`], '2026-03-01T03:00:00Z');
    expect(await packSegments(series, unstopped)).toBe(1);
    expect(readdirSync(series.wal).toSorted()).toEqual([`${segment(3)}.gz`, segment(4), `${segment(5)}.partial`]);
    expect(gunzipSync(readFileSync(join(series.wal, `${segment(3)}.gz`))).toString()).toBe('wal');
    expect(existsSync(join(series.wal, segment(3)))).toBe(false);
  });

  test('of a cluster goes to its newest series', async () => {
    const folder = temporaryFolder();
    expect((await currentSeries(folder, '77')).n).toBe(1);
    receive(folder, [], '2026-03-01T03:00:00Z', '77', 2);
    receive(folder, [], '2026-03-01T03:00:00Z', '88', 12);
    receive(folder, [], '2026-03-01T03:00:00Z', '77', 10);
    expect((await currentSeries(folder, '77')).n).toBe(10);
    await expect(currentSeries(join(folder, 'none'), '77')).rejects.toThrow('cannot be read (ENOENT)');
  });
});
