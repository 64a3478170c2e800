/** A graph of lines over time: its axes, its limit, what happened meanwhile, and its legend. */
import type { Panel } from '../../support/dashboards.ts';
import { COLOURS, lineColour } from './colours.ts';
import { ownOf, type Series, type Span } from './data.ts';
import { escaped, inUnit, marks } from './values.ts';

export type Event = Readonly<{ from: number; to: number; colour: string }>;

type Box = Readonly<{ left: number; top: number; width: number; height: number }>;
type Place = Readonly<{ box: Box; span: Span; top: number }>;

/** `width` and `height` are of the whole drawing, without the title. */
export function graph(
  panel: Panel,
  series: readonly Series[],
  span: Span,
  events: readonly Event[],
  size: readonly [number, number],
) {
  const [width, height] = size;
  const { unit, decimals, custom, max, thresholds } = panel.fieldConfig.defaults;
  const isStacked = custom?.stacking?.mode === 'normal';
  const drawn = isStacked ? stacked(series) : series;
  const seen = drawn.flatMap(({ values }) => values).filter(Number.isFinite);
  const ticks = marks(max ?? Math.max(0, ...seen), unit);
  const labels = ticks.map((tick) => inUnit(tick, unit, decimals === 0 && Number.isInteger(tick)));
  const left = 14 + Math.max(...labels.map(({ length }) => length)) * 6.2;
  const box: Box = { left, top: 8, width: width - left - 10, height: height - 28 };
  const place: Place = { box, span, top: ticks.at(-1) ?? 1 };
  const areas = drawn.map(({ values }, n) =>
    area(
      values,
      isStacked && n > 0 ? drawn[n - 1]?.values : undefined,
      place,
      colourOf(panel, series, n),
      isStacked ? 0.3 : 0.08,
    ),
  );
  return `<svg width="${width}" height="${height}">
    ${ticks.map((tick, n) => mark(tick, labels[n] ?? '', place)).join('')}
    ${hours(place)}${events.map((event) => happened(event, place)).join('')}${areas.join('')}
    ${thresholds.steps.map(({ value, color }) => limit(value, color, place, unit)).join('')}
  </svg>`;
}

export const legend = (panel: Panel, series: readonly Series[]): string =>
  panel.options.legend?.showLegend
    ? `<div class="legend">${series
        .map(({ name }, n) => `<span><i style="background:${colourOf(panel, series, n)}"></i>${escaped(name)}</span>`)
        .join('')}</div>`
    : '';

/** Its own where the panel gives it one, as Grafana does, else the next of the palette. */
const colourOf = (panel: Panel, series: readonly Series[], n: number): string => {
  const own = series[n] && (ownOf(panel, series[n], 'color') as { fixedColor: string } | undefined);
  return COLOURS[own?.fixedColor ?? ''] ?? lineColour(n);
};

/** Each on top of the ones before it. */
function stacked(series: readonly Series[]): readonly Series[] {
  const sums: number[] = [];
  return series.map(({ name, values }) => ({
    name,
    values: values.map((value, n) => {
      if (Number.isNaN(value)) return Number.NaN;
      sums[n] = (sums[n] ?? 0) + value;
      return sums[n];
    }),
  }));
}

const x = (n: number, { box, span }: Place): number => box.left + (n * span.step * box.width) / (span.to - span.from);
const y = (value: number, { box, top }: Place): number => box.top + box.height * (1 - value / top);

function area(
  values: readonly number[],
  below: readonly number[] | undefined,
  place: Place,
  colour: string,
  opacity: number,
) {
  const pieces: [number, number][][] = [[]];
  values.forEach((value, n) => {
    if (Number.isFinite(value)) pieces.at(-1)?.push([n, value]);
    else if (pieces.at(-1)?.length) pieces.push([]);
  });
  const point = ([n, value]: readonly [number, number]): string =>
    `${x(n, place).toFixed(1)},${y(value, place).toFixed(1)}`;
  return pieces
    .filter(({ length }) => length > 0)
    .map((piece) => {
      const line = piece.map(point).join(' ');
      const floor = piece.toReversed().map(([n]) => point([n, finite(below?.[n])]));
      return `<polygon points="${line} ${floor.join(' ')}" fill="${colour}" opacity="${opacity}"/>
        <polyline points="${line}" fill="none" stroke="${colour}" stroke-width="1.4"/>`;
    })
    .join('');
}

const finite = (value: number | undefined): number => (value !== undefined && Number.isFinite(value) ? value : 0);

function mark(tick: number, label: string, place: Place): string {
  const { left, width } = place.box;
  const at = y(tick, place).toFixed(1);
  return `<line x1="${left}" x2="${left + width}" y1="${at}" y2="${at}" class="grid"/>
    <text x="${left - 6}" y="${Number(at) + 4}" text-anchor="end">${escaped(label)}</text>`;
}

/** The clock below, in UTC, about every seventy pixels. */
export function hours(place: Pick<Place, 'box' | 'span'>): string {
  const { box, span } = place;
  const wanted = ((span.to - span.from) * 70) / box.width;
  const step = [60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600].find((one) => one >= wanted) ?? 86_400;
  const first = Math.ceil(span.from / step) * step;
  const times = Array.from({ length: Math.floor((span.to - first) / step) + 1 }, (_, n) => first + n * step);
  return times
    .map((time) => {
      const at = (box.left + ((time - span.from) * box.width) / (span.to - span.from)).toFixed(1);
      const clock = new Date(time * 1000).toISOString().slice(11, 16);
      return `<line x1="${at}" x2="${at}" y1="${box.top}" y2="${box.top + box.height}" class="grid"/>
        <text x="${at}" y="${box.top + box.height + 15}" text-anchor="middle">${clock}</text>`;
    })
    .join('');
}

function happened({ from, to, colour }: Event, { box, span }: Place): string {
  const at = (time: number): number => box.left + ((time - span.from) * box.width) / (span.to - span.from);
  const [start, end] = [Math.max(at(from), box.left), Math.min(at(to), box.left + box.width)];
  if (end < box.left || start > box.left + box.width) return '';
  const line = (place: number): string =>
    `<line x1="${place}" x2="${place}" y1="${box.top}" y2="${box.top + box.height}" stroke="${colour}" stroke-dasharray="4 3" opacity="0.8"/>`;
  const shade = `<rect x="${start}" y="${box.top}" width="${Math.max(0, end - start)}" height="${box.height}" fill="${colour}" opacity="0.09"/>`;
  return line(start) + (to > from ? line(end) + shade : '');
}

/** With what it is at, on its right end. */
function limit(value: number | null, color: string, place: Place, unit: string): string {
  if (value === null || value > place.top) return '';
  const { left, width } = place.box;
  const at = y(value, place).toFixed(1);
  const colour = COLOURS[color] ?? color;
  return `<line x1="${left}" x2="${left + width}" y1="${at}" y2="${at}" stroke="${colour}" stroke-width="1.5" stroke-dasharray="8 6"/>
    <text x="${left + width - 4}" y="${Number(at) < 14 ? Number(at) + 12 : Number(at) - 4}" text-anchor="end" style="fill:${colour}">alert at ${escaped(inUnit(value, unit))}</text>`;
}
