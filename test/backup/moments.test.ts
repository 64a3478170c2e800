/** Which base backup brings back a moment, and which the most. */
import { describe, expect, test } from 'vitest';
import { listBases } from '../../services/backup/base.ts';
import { baseBefore, baseBeyond } from '../../services/backup/latest.ts';
import { receivedUntil } from '../../services/backup/series.ts';
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
    expect((await baseBeyond(await listBases(folder), latest))?.name).toBe(wanted);
  });
});
