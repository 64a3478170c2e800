/** Values in the units of the panels, as a person reads them, and the marks of an axis. */

/** Three digits, and no more after the point than are said. */
const rounded = (value: number, places: number): string => String(Number(Number(value.toPrecision(3)).toFixed(places)));

type Scale = readonly (readonly [from: number, divisor: number, unit: string])[];

const scales: Readonly<Record<string, Scale>> = {
  s: [
    [2 * 86_400, 86_400, ' days'],
    [2 * 3600, 3600, ' hours'],
    [120, 60, ' mins'],
    [1, 1, ' s'],
    [1e-3, 1e-3, ' ms'],
    [0, 1e-6, ' µs'],
  ],
  bytes: [
    [2 ** 40, 2 ** 40, ' TiB'],
    [2 ** 30, 2 ** 30, ' GiB'],
    [2 ** 20, 2 ** 20, ' MiB'],
    [2 ** 10, 2 ** 10, ' KiB'],
    [0, 1, ' B'],
  ],
  short: [
    [1e6, 1e6, ' Mil'],
    [1e4, 1e3, ' K'],
    [0, 1, ''],
  ],
  percentunit: [[0, 0.01, '%']],
  reqps: [[0, 1, ' req/s']],
  ops: [[0, 1, ' ops/s']],
};

/** Zero is plain; `whole` rounds what is counted. */
export function inUnit(value: number, unit: string, whole = false): string {
  if (value === 0) return unit === 'short' ? '0' : `0${scales[unit]?.at(-1)?.[2].replace(' µs', ' s') ?? ''}`;
  const scale = scales[unit]?.find(([from]) => Math.abs(value) >= from) ?? ([0, 1, ''] as const);
  const shown = value / scale[1];
  return `${whole && Math.abs(shown) < 1000 && scale[1] === 1 ? Math.round(shown) : rounded(shown, unit === 'percentunit' ? 2 : 6)}${scale[2]}`;
}

/** Four or five round marks from 0 to beyond `most`. */
export function marks(most: number, unit: string): readonly number[] {
  const top = most > 0 ? most : 1;
  const time = top > 2 * 86_400 ? 86_400 : top > 2 * 3600 ? 3600 : top > 120 ? 60 : 1;
  const base = unit === 's' ? time : unit === 'bytes' ? 1024 ** Math.floor(Math.log(top) / Math.log(1024)) : 1;
  const rough = top / base / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = base * power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(top / step - 1e-9) + 1 }, (_, n) => n * step);
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
