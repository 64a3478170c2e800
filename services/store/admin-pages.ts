/**
 * What an admin pages through, newest first. No page reads more than a bounded number of rows, however many there are: a search
 * looks through the newest and says where to go on, and a total is counted as far as that is cheap and then estimated.
 */
import { parseEmailAddress } from '../core/email-address.ts';

export type Page<Place> = Readonly<{
  page: number;
  limit: number;
  /** Goes on behind this place, whatever the page. */
  after?: Place | undefined;
}>;

export type Paged<Row, Place> = Readonly<{
  rows: readonly Row[];
  total: number;
  totalIsEstimate: boolean;
  /** Where the next page goes on; absent where nothing follows. */
  next?: Place | undefined;
}>;

export type Bounds = Readonly<{
  /** So many rows a search looks through, the newest behind its place. */
  searched: number;
  /** So many rows are counted for a total. */
  counted: number;
}>;

export const BOUNDS: Bounds = { searched: 250_000, counted: 100_000 };

/** Of the newest rows: how many were looked at, how many of these were meant, and how many there may be in all. */
export type Count = Readonly<{ looked: number; found: number; estimate: number }>;

/** Which rows of a list: behind a place, so many. */
export type Slice<Place> = Readonly<{ after: Place; limit: number; offset: number }>;

/** A list that can be searched: each one statement, whose rows are bounded. */
export type List<Row, Place> = Readonly<{
  /** Before all rows. */
  start: Place;
  placeOf(row: Row): Place;
  countOf(address: string, counted: number): Promise<number>;
  rowsOf(address: string, slice: Slice<Place>, counted: number): Promise<readonly Row[]>;
  count(pattern: string, counted: number): Promise<Count>;
  rows(pattern: string, slice: Slice<Place>, searched: number): Promise<readonly Row[]>;
  /** The place of the last row that a search behind this place looks at; undefined where it comes to the end before. */
  reached(after: Place, searched: number): Promise<Place | undefined>;
}>;

/** A whole address finds its own rows, of any age; anything else, or one that is not there, what contains it. */
export async function pageOf<Row, Place>(
  list: List<Row, Place>,
  { page, limit, after }: Page<Place>,
  search: string,
  { searched, counted }: Bounds = BOUNDS,
): Promise<Paged<Row, Place>> {
  const offset = after === undefined ? (page - 1) * limit : 0;
  const slice = { after: after ?? list.start, limit: limit + 1, offset };
  const address = parseEmailAddress(search);
  const own = address.ok ? await list.countOf(address.address, counted) : 0;
  if (address.ok && own > 0) {
    return paged(await list.rowsOf(address.address, slice, counted), { looked: own, found: own, estimate: own });
  }
  const pattern = containing(search);
  const rows = await list.rows(pattern, slice, searched);
  const found = paged(rows, await list.count(pattern, counted));
  return found.next === undefined ? { ...found, next: await list.reached(slice.after, searched) } : found;

  function paged(some: readonly Row[], count: Count): Paged<Row, Place> {
    const last = some.length > limit ? some[limit - 1] : undefined;
    const next = last && list.placeOf(last);
    return { rows: some.slice(0, limit), next, ...totalOf(count, counted, offset + some.length) };
  }
}

/** Beyond what was counted, the share of it that was meant is taken for that of all. */
export function totalOf({ looked, found, estimate }: Count, counted: number, seen: number) {
  if (looked <= counted) return { total: found, totalIsEstimate: false };
  return { total: Math.max(seen, found, Math.round((found / looked) * estimate)), totalIsEstimate: true };
}

/** What a person types to search, wherever it stands; its % and _ are meant as they are. Addresses are kept in lower case. */
function containing(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
