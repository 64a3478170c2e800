/** The panels that are no graphs: one number, bars, and states over time. */
import type { Panel } from '../../support/dashboards.ts';
import { COLOURS } from './colours.ts';
import { newest, ownOf, type Series, type Span } from './data.ts';
import { hours } from './graph.ts';
import { escaped, inUnit } from './values.ts';

type Size = readonly [width: number, height: number];

const wordFor = (panel: Panel, value: number) =>
  panel.fieldConfig.defaults.mappings.flatMap(({ type, options }) =>
    type === 'value' ? [options[String(value)]] : [],
  )[0];

/** Of the last step that it has reached; a count beside a share has none. */
const colourOf = (panel: Panel, value: number, one?: Series): string => {
  const word = wordFor(panel, value);
  if (word) return COLOURS[word.color] ?? '';
  if (one && ownOf(panel, one, 'thresholds')) return COLOURS.text ?? '';
  const step = panel.fieldConfig.defaults.thresholds.steps.findLast((own) => own.value === null || value >= own.value);
  return COLOURS[step?.color ?? 'green'] ?? '';
};

const shown = (panel: Panel, value: number, one?: Series): string => {
  const { unit, decimals, mappings } = panel.fieldConfig.defaults;
  if (one && ownOf(panel, one, 'unit') === 'short') return inUnit(value, 'short', true);
  if (Number.isNaN(value)) return mappings.some(({ type }) => type === 'special') ? 'None' : 'NaN';
  return wordFor(panel, value)?.text ?? inUnit(value, unit, decimals === 0);
};

/** One number, or two beside each other with their names. */
export function stat(panel: Panel, series: readonly Series[], [width, height]: Size): string {
  const { noValue = 'No data', unit } = panel.fieldConfig.defaults;
  const texts = series.length > 0 ? series.map((one) => shown(panel, newest(one), one)) : [noValue];
  const each = width / texts.length;
  const size = Math.min(height * 0.42, (each / Math.max(4, ...texts.map(({ length }) => length))) * 1.5);
  const [first] = series;
  const word = first && wordFor(panel, newest(first));
  if (word && unit === 'short') {
    const style = `background:${COLOURS[word.color]};width:${width}px;height:${height}px;font-size:${size}px`;
    return `<div class="stat filled" style="${style}">${escaped(texts[0] ?? '')}</div>`;
  }
  const numbers = texts.map((text, n) => {
    const one = series[n];
    const colour = !one ? COLOURS.gray : Number.isNaN(newest(one)) ? COLOURS.text : colourOf(panel, newest(one), one);
    const name = one && series.length > 1 ? `<i>${escaped(one.name)}</i>` : '';
    return `<b style="color:${colour};width:${each}px">${name}${escaped(text)}</b>`;
  });
  return `<div class="stat" style="width:${width}px;height:${height}px;font-size:${size}px">${numbers.join('')}</div>`;
}

export function bars(panel: Panel, series: readonly Series[], [width, height]: Size): string {
  if (series.length === 0) return `<div class="none">${escaped(panel.fieldConfig.defaults.noValue ?? 'No data')}</div>`;
  const names = Math.min(width * 0.4, 14 + Math.max(...series.map(({ name }) => name.length), 1) * 6.6);
  const most = panel.fieldConfig.defaults.max ?? (Math.max(...series.map(newest).filter(Number.isFinite), 0) || 1);
  const each = Math.min(38, height / Math.max(1, series.length));
  const rows = series.map((one, n) => {
    const value = newest(one);
    const long = Math.max(2, ((width - names - 90) * Math.min(Number.isFinite(value) ? value : 0, most)) / most);
    const middle = n * each + each / 2;
    const own = ownOf(panel, one, 'color') as { fixedColor: string } | undefined;
    const colour = COLOURS[own?.fixedColor ?? ''] ?? colourOf(panel, value);
    return `<text x="${names - 8}" y="${middle + 4}" text-anchor="end">${escaped(one.name)}</text>
      <rect x="${names}" y="${n * each + 3}" width="${width - names - 90}" height="${each - 6}" fill="#22252b"/>
      <rect x="${names}" y="${n * each + 3}" width="${long}" height="${each - 6}" fill="${colour}" opacity="0.55"/>
      <text x="${width - 82}" y="${middle + 4}" style="fill:${colour}">${escaped(shown(panel, value))}</text>`;
  });
  return `<svg width="${width}" height="${height}">${rows.join('')}</svg>`;
}

export function states(panel: Panel, series: readonly Series[], span: Span, [width, height]: Size): string {
  if (series.length === 0) return `<div class="none">${escaped(panel.fieldConfig.defaults.noValue ?? 'No data')}</div>`;
  const left = 14 + Math.max(...series.map(({ name }) => name.length)) * 6.4;
  const box = { left, top: 4, width: width - left - 10, height: height - 24 };
  const each = Math.min(34, box.height / series.length);
  const rows = series.map(({ name, values }, n) => {
    const runs = runsOf(values).map(([from, to, value]) => {
      const at = (place: number): number =>
        left + (Math.min(place, values.length - 1) * box.width) / (values.length - 1);
      const word = wordFor(panel, value);
      const colour = word ? COLOURS[word.color] : '#555';
      return `<rect x="${at(from)}" y="${box.top + n * each + each * 0.1}" width="${at(to) - at(from)}" height="${each * 0.8}" fill="${colour}" opacity="0.85"/>`;
    });
    return `<text x="${left - 8}" y="${box.top + n * each + each / 2 + 4}" text-anchor="end">${escaped(name)}</text>${runs.join('')}`;
  });
  return `<svg width="${width}" height="${height}">${hours({ box, span })}${rows.join('')}</svg>`;
}

/** From where to where a value stays the same; what is absent is left out. */
function runsOf(values: readonly number[]): readonly (readonly [from: number, to: number, value: number])[] {
  const runs: [number, number, number][] = [];
  values.forEach((value, n) => {
    if (Number.isNaN(value)) return;
    const last = runs.at(-1);
    if (last && last[1] === n && last[2] === value) last[1] = n + 1;
    else runs.push([n, n + 1, value]);
  });
  return runs;
}
