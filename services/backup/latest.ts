/** Which of all backups brings back most: the latest dump, or a base backup whose WAL goes on beyond it. */
import { type Base, isWhole, type WholeBase } from './base.ts';
import type { WholeDump } from './folder.ts';
import { receivedUntil } from './series.ts';

/** The base to replay in place of this dump; undefined where the dump goes furthest. */
export async function baseBeyond(bases: readonly Base[], dump: WholeDump | undefined): Promise<WholeBase | undefined> {
  const whole = bases.filter(isWhole);
  const furthest = whole.toSorted(
    (a, b) => b.manifest.epoch - a.manifest.epoch || b.manifest.position - a.manifest.position,
  )[0];
  if (!dump || !furthest) return furthest;
  const ahead = furthest.manifest.epoch - dump.manifest.epoch || furthest.manifest.position - dump.manifest.position;
  if (ahead > 0) return furthest;
  // Newest first: the last base of the same cluster, if what followed it is there until after the dump was made.
  const same = whole.find(({ series }) => series.systemId === dump.manifest.system_id);
  const until = same && (await receivedUntil(same.series));
  return until && until >= dump.madeAt ? same : undefined;
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
