/** The months of reports: by name, and the one before a moment. */
import type { Month } from '../store/monthly-figures.ts';

const NAME = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** By its name, such as 2026-03; undefined for any other text. */
export function monthOf(name: string): Month | undefined {
  const [, year, month] = NAME.exec(name) ?? [];
  if (year === undefined) return undefined;
  const at = (offset: number): Date => new Date(Date.UTC(Number(year), Number(month) - 1 + offset, 1));
  return { name, from: at(0), to: at(1) };
}

/** The last whole month before this moment. */
export function monthBefore(now: Date): Month {
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  const found = monthOf(last.toISOString().slice(0, 7));
  if (!found) throw new RangeError(`${now.toISOString()} has no month before it.`);
  return found;
}
