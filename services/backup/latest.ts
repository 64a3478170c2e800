/** Which of all backups brings back most: the latest dump, or a base backup whose WAL goes on beyond it. */
import { type Base, isWhole, type WholeBase } from './base.ts';
import type { WholeDump } from './folder.ts';
import { ahead, type Progress, readProgress, receivedUntil } from './series.ts';

/** The database that is there now: how far its own series goes is known. */
export type LiveLog = Progress & Readonly<{ systemId: string }>;

/** The base to replay in place of this dump; undefined where the dump goes furthest. */
export async function baseBeyond(
  bases: readonly Base[],
  dump: WholeDump | undefined,
  live: LiveLog | undefined,
): Promise<WholeBase | undefined> {
  const whole = bases.filter(isWhole);
  const furthest = await furthestOf(whole, live);
  if (!dump || !furthest) return furthest?.base;
  const further = ahead(furthest.reached, dump.manifest);
  const ofLive = live !== undefined && dump.manifest.system_id === live.systemId;
  if (further > 0 || (further === 0 && ofLive && !furthest.isLive)) return furthest.base;
  // Newest first: the last base of the same cluster, if what followed it is there until after the dump was made.
  const same = whole.find(({ series }) => series.systemId === dump.manifest.system_id);
  const until = same && (await receivedUntil(same.series));
  return until && until >= dump.madeAt ? same : undefined;
}

/** Of bases that reach as far, one of another cluster than the live one, which may have been made anew; then the newest. */
async function furthestOf(bases: readonly WholeBase[], live: LiveLog | undefined) {
  const reached = await Promise.all(
    bases.map(async (base) => {
      const isLive = base.series.systemId === live?.systemId;
      const looked = isLive ? live : await readProgress(base.series);
      return { base, isLive, reached: looked && ahead(looked, base.manifest) > 0 ? looked : base.manifest };
    }),
  );
  return reached.toSorted((a, b) => ahead(b.reached, a.reached) || Number(a.isLive) - Number(b.isLive))[0];
}

/** The newest whole base made before a moment whose WAL is there until then; undefined where there is none. */
export async function baseBefore(bases: readonly Base[], at: Date): Promise<WholeBase | undefined> {
  for (const base of bases.filter(isWhole)) {
    if (Date.parse(base.manifest.made_at) > at.getTime()) continue;
    const until = await receivedUntil(base.series);
    if (until && until >= at) return base;
  }
  return undefined;
}
