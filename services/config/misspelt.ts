/** Names that stand for nothing and are so near to a setting's that it is likelier misspelt than meant for something else. */

export type Misspelt = Readonly<{ name: string; meant: string }>;

/** In short names two letters tell two things apart: GRAFANA_HOST is not misspelt for GRAFANA_PORT. */
const LONG = 16;
const NEVER_NEAR = 4;

export function misspeltNames(given: readonly string[], known: readonly string[]): readonly Misspelt[] {
  const names = new Set(known);
  return given.flatMap((name) => {
    if (names.has(name) || name.length <= NEVER_NEAR) return [];
    const [nearest] = known
      .map((meant) => ({ meant, distance: distanceOf(name.toUpperCase(), meant) }))
      .toSorted((a, b) => a.distance - b.distance);
    const max = name.length < LONG ? 1 : 2;
    return nearest && nearest.distance <= max ? [{ name, meant: nearest.meant }] : [];
  });
}

/** Letters missing, too many, wrong, or two in the other order, each counted once (optimal string alignment). */
export function distanceOf(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? at(i - 2, j - 2) + 1 : Infinity;
      const change = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, change, swap));
    }
  }
  return at(a.length, b.length);
}
