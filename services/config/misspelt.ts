/** Names that stand for nothing and are so near to a setting's that it is likelier misspelt than meant for something else. */

export type Misspelt = Readonly<{ name: string; meant: string }>;

/** In short names two letters tell two things apart: HTTP_PORT is not misspelt for SMTP_PORT. */
const LONG = 12;
const NEVER_NEAR = 5;

export function misspeltNames(given: readonly string[], known: readonly string[]): readonly Misspelt[] {
  const names = new Set(known);
  return given.flatMap((name) => {
    if (names.has(name) || name.length < NEVER_NEAR) return [];
    const upper = name.toUpperCase();
    const max = name.length < LONG ? 1 : 2;
    const [nearest] = known
      .filter((one) => Math.abs(one.length - name.length) <= max)
      .map((meant) => ({ meant, distance: distanceOf(upper, meant) }))
      .toSorted((a, b) => a.distance - b.distance);
    return nearest && nearest.distance <= max ? [{ name, meant: nearest.meant }] : [];
  });
}

/** Letters missing, too many, wrong, or two in the other order, each counted once (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  let [before, last, row]: [number[], number[], number[]] = [[], [], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    [before, last, row] = [last, row, [i]];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
  }
  return row[b.length] ?? 0;
}
