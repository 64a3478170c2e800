/** What to do about dead rows and bloat: a sentence for each table or index that is worth it, the largest first. */
import type { IndexSize, TableSize } from '../store/bloat.ts';
import { inBytes } from './in-words.ts';

const DEAD = { rows: 10_000, share: 0.2 };
const MIB = 2 ** 20;
/** Less than that is not worth the work: it is filled again before long. */
const BLOAT = { tableBytes: 100 * MIB, indexBytes: 10 * MIB, share: 0.5 };
const DAY_MILLISECONDS = 86_400_000;

export function adviceOn(tables: readonly TableSize[], indexes: readonly IndexSize[], now: number): readonly string[] {
  return [...tables.flatMap((table) => onTable(table, now)), ...indexes.flatMap(onIndex)];
}

function onTable({ name, bytes, deadRows, deadShare, lastVacuum, bloatBytes }: TableSize, now: number) {
  if (deadRows >= DEAD.rows && deadShare >= DEAD.share) {
    const isRecent = lastVacuum !== null && now - lastVacuum.getTime() < DAY_MILLISECONDS;
    const why = isRecent
      ? 'a transaction that stays open keeps them: "sealpost status" says how old it is'
      : `vacuum (analyze) ${name};`;
    return [`${name}: ${deadRows} dead rows (${(deadShare * 100).toFixed(0)} %) -> ${why}`];
  }
  if (bloatBytes !== null && bloatBytes >= BLOAT.tableBytes && bloatBytes >= bytes * BLOAT.share) {
    return [
      `${name}: about ${inBytes(bloatBytes)} of ${inBytes(bytes)} are bloat, which new rows fill -> vacuum full ${name}; gives it back, and holds up everybody meanwhile: stop api and scheduler first`,
    ];
  }
  return [];
}

const onIndex = ({ name, bytes, bloatBytes }: IndexSize): readonly string[] =>
  bloatBytes !== null && bloatBytes >= BLOAT.indexBytes && bloatBytes >= bytes * BLOAT.share
    ? [`${name}: about ${inBytes(bloatBytes)} of ${inBytes(bytes)} are bloat -> reindex index concurrently ${name};`]
    : [];
