/** Which base backups, WAL and whole series are too old, and go. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { basesOf, isWhole, manifestOf } from './base.ts';
import { ahead, listSegments, listSeries, readProgress, receivedUntil, type Series } from './series.ts';

/**
 * Deletes bases that are older than so many days, but for the newest whole one and the one that the first of those days begins
 * from; then the WAL that none of the others needs. A series that ended before goes whole, unless it is the one that goes furthest.
 * Resolves to how many bases went.
 */
export async function forgetOldBases(folder: string, days: number, now: number = Date.now()): Promise<number> {
  const since = now - days * 86_400_000;
  let gone = 0;
  const all = await listSeries(folder);
  const furthest = await furthestOf(all);
  for (const series of all) {
    const until = await receivedUntil(series);
    if (series.wal !== furthest && until && until.getTime() < since) {
      gone += (await basesOf(series)).length;
      await rm(dirname(series.wal), { recursive: true, force: true });
      continue;
    }
    const bases = (await basesOf(series)).filter(isWhole).toSorted((a, b) => (a.name < b.name ? 1 : -1));
    const firstNeeded = bases.findIndex(({ manifest }) => Date.parse(manifest.made_at) <= since);
    const kept = firstNeeded < 0 ? bases : bases.slice(0, firstNeeded + 1);
    for (const { folder: old } of bases.slice(kept.length)) {
      await rm(manifestOf(old), { force: true });
      await rm(old, { recursive: true, force: true });
      gone++;
    }
    const oldest = kept.at(-1)?.manifest.segment;
    if (oldest === undefined) continue;
    for (const { name, file } of await listSegments(series)) {
      if (name.slice(8) < oldest.slice(8)) await rm(join(series.wal, file), { force: true });
    }
  }
  return gone;
}

/** Of several series the one whose log goes furthest, by its folder of WAL. */
async function furthestOf(all: readonly Series[]): Promise<string | undefined> {
  const reached = await Promise.all(
    all.map(async (series) => {
      const marks = [await readProgress(series), ...(await basesOf(series)).map(({ manifest }) => manifest)];
      const known = marks.filter((one) => one !== undefined).toSorted((a, b) => ahead(b, a));
      return { wal: series.wal, mark: known[0] ?? { epoch: 0, position: 0 } };
    }),
  );
  return reached.toSorted((a, b) => ahead(b.mark, a.mark))[0]?.wal;
}
