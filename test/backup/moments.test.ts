/** Which base backup brings back a moment, and which the most. */
import { describe, expect, test } from 'vitest';
import { listBases } from '../../services/backup/base.ts';
import { baseBefore, baseBeyond, type LiveLog } from '../../services/backup/latest.ts';
import { receivedUntil, seriesAt, writeProgress } from '../../services/backup/series.ts';
import { make, receive, segment } from '../support/fake-base.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';

const dump = (epoch: number, position: number, systemId: string, at: string) =>
  ({ madeAt: new Date(at), manifest: { epoch, position, system_id: systemId } }) as Parameters<typeof baseBeyond>[1];

describe('a moment', () => {
  test('is reached from the newest base before it whose WAL goes on until then', async () => {
    const folder = temporaryFolder();
    const [first, second] = [await make(folder, '2026-03-01T02:30:00Z'), await make(folder, '2026-03-02T02:30:00Z')];
    receive(folder, [segment(3)], '2026-03-02T09:00:00Z');
    const at = async (time: string) => (await baseBefore(await listBases(folder), new Date(time)))?.name;
    expect(await at('2026-03-02T09:00:00Z')).toBe(second.name);
    expect(await at('2026-03-02T02:30:00Z')).toBe(second.name);
    expect(await at('2026-03-02T02:29:59Z')).toBe(first.name);
    expect(await at('2026-03-02T09:00:01Z')).toBeUndefined();
    expect(await at('2026-03-01T02:29:59Z')).toBeUndefined();
    expect(await receivedUntil(second.series)).toEqual(new Date('2026-03-02T09:00:00Z'));
  });

  test.each<[string, Parameters<typeof baseBeyond>[1], string | undefined]>([
    ['without a dump the base is taken', undefined, 'base_20260302_023000'],
    ['the WAL goes on beyond the dump', dump(1, 9, '77', '2026-03-02T08:00:00Z'), 'base_20260302_023000'],
    ['the WAL ended before the dump', dump(1, 9, '77', '2026-03-02T10:00:00Z'), undefined],
    [
      'the base goes further than an old dump of another cluster',
      dump(1, 2, '66', '2026-03-02T08:00:00Z'),
      'base_20260302_023000',
    ],
    ['the dump is of another cluster, and goes further', dump(1, 900, '66', '2026-03-02T08:00:00Z'), undefined],
    ['a restore came between', dump(2, 3, '77', '2026-03-02T08:00:00Z'), 'base_20260302_023000'],
  ])('the latest: %s', async (_, latest, wanted) => {
    const folder = temporaryFolder();
    for (const day of ['01', '02']) await make(folder, `2026-03-${day}T02:30:00Z`);
    receive(folder, [segment(3)], '2026-03-02T09:00:00Z');
    expect((await baseBeyond(await listBases(folder), latest, undefined))?.name).toBe(wanted);
  });
});

/** The series of a cluster that is gone, and of the one that took its place and was backed up at once. */
async function twoClusters(): Promise<string> {
  const folder = temporaryFolder();
  await make(folder, '2026-03-01T02:30:00Z', { position: 0 });
  await make(folder, '2026-03-02T02:30:00Z', { position: 0, systemId: '88' });
  for (const systemId of ['77', '88']) receive(folder, [segment(3)], '2026-03-02T09:00:00Z', systemId);
  return folder;
}

const latest = async (folder: string, live: LiveLog | undefined) =>
  (await baseBeyond(await listBases(folder), undefined, live))?.series.systemId;

describe('a database that was made anew', () => {
  test('and holds nothing is not what the latest backup is of', async () => {
    const folder = await twoClusters();
    expect(await latest(folder, { systemId: '88', epoch: 1, position: 0 })).toBe('77');
    expect(await latest(folder, { systemId: '77', epoch: 1, position: 0 })).toBe('88');
    const empty = dump(1, 0, '88', '2026-03-02T08:00:00Z');
    const live = { systemId: '88', epoch: 1, position: 0 };
    expect((await baseBeyond(await listBases(folder), empty, live))?.series.systemId).toBe('77');
  });

  test('nor while it holds less than was seen of the one that is gone', async () => {
    const folder = await twoClusters();
    writeProgress(seriesAt(folder, '77', 1), { epoch: 1, position: 900 });
    expect(await latest(folder, { systemId: '88', epoch: 1, position: 899 })).toBe('77');
    expect(await latest(folder, { systemId: '88', epoch: 1, position: 901 })).toBe('88');
    expect(await latest(folder, { systemId: '88', epoch: 2, position: 1 })).toBe('88');
    expect(await latest(folder, undefined)).toBe('77');
  });
});
