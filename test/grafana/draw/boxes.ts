/** The panels that are no graphs: one number, bars, and states over time. */
import type { Panel } from '../../support/dashboards.ts';
import { COLOURS } from './colours.ts';
import { newest, type Series, type Span } from './data.ts';
import { hours } from './graph.ts';
import { escaped, inUnit } from './values.ts';

type Size = readonly [width: number, height: number];

const wordFor = (panel: Panel, value: number) =>
  panel.fieldConfig.defaults.mappings.find(({ type }) => type === 'value')?.options[String(value)];

/** Of the last step that it has reached. */
const colourOf = (panel: Panel, value: number): string => {
  const step = panel.fieldConfig.defaults.thresholds.steps.findLast((one) => one.value === null || value >= one.value);
  return COLOURS[step?.color ?? 'green'] ?? '';
};

const shown = (panel: Panel, value: number): string => {
  const { unit, decimals, mappings } = panel.fieldConfig.defaults;
  if (Number.isNaN(value)) return mappings.some(({ type }) => type === 'special') ? 'None' : 'NaN';
  return wordFor(panel, value)?.text ?? inUnit(value, unit, decimals === 0);
};

export function stat(panel: Panel, [first]: readonly Series[], [width, height]: Size): string {
  const value = first ? newest(first) : Number.NaN;
  const text = first ? shown(panel, value) : (panel.fieldConfig.defaults.noValue ?? 'No data');
  const word = wordFor(panel, value);
  const size = Math.min(height * 0.42, (width / Math.max(4, text.length)) * 1.5);
  if (word) {
    const style = `background:${COLOURS[word.color]};width:${width}px;height:${height}px;font-size:${size}px`;
    return `<div class="stat filled" style="${style}">${escaped(text)}</div>`;
  }
  const colour = Number.isNaN(value) ? '#ccccdc' : colourOf(panel, value);
  const style = `color:${colour};width:${width}px;height:${height}px;font-size:${size}px`;
  return `<div class="stat" style="${style}">${first ? spark(first, colour, [width, height]) : ''}<b>${escaped(text)}</b></div>`;
}

function spark({ values }: Series, colour: string, [width, height]: Size): string {
  const top = Math.max(...values.filter(Number.isFinite), 0) || 1;
  const tall = height * 0.4;
  const points = values.flatMap((value, n) =>
    Number.isFinite(value)
      ? [`${((n * width) / (values.length - 1)).toFixed(1)},${(tall - (value / top) * tall * 0.9).toFixed(1)}`]
      : [],
  );
  if (points.length < 2) return '';
  const [start, end] = [points[0]?.split(',')[0], points.at(-1)?.split(',')[0]];
  return `<svg width="${width}" height="${tall}"><polygon points="${start},${tall} ${points.join(' ')} ${end},${tall}" fill="${colour}" opacity="0.2"/>
    <polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1"/></svg>`;
}

export function bars(panel: Panel, series: readonly Series[], [width, height]: Size): string {
  const names = Math.min(width * 0.4, 14 + Math.max(...series.map(({ name }) => name.length), 1) * 6.6);
  const most = panel.fieldConfig.defaults.max ?? (Math.max(...series.map(newest).filter(Number.isFinite), 0) || 1);
  const each = Math.min(38, height / Math.max(1, series.length));
  const rows = series.map((one, n) => {
    const value = newest(one);
    const long = Math.max(2, ((width - names - 90) * Math.min(Number.isFinite(value) ? value : 0, most)) / most);
    const middle = n * each + each / 2;
    const colour = colourOf(panel, value);
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
