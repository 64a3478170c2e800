/** A dashboard as a page: its panels in the grid, in dark, each drawn of its data. */
import { EVENTS } from '../../../grafana/build-dashboard.ts';
import type { Dashboard, Panel } from '../../support/dashboards.ts';
import { bars, stat, states } from './boxes.ts';
import { COLOURS } from './colours.ts';
import { type Ask, dataOf, type Series, type Span } from './data.ts';
import { type Event, graph, legend } from './graph.ts';
import { escaped } from './values.ts';

export const WIDTH = 1280;
const GAP = 8;
const CELL = 30;
const HEAD = 52;

const STYLE = `
  * { box-sizing: border-box; margin: 0 }
  body { background: #111217; color: #ccccdc; font: 12px 'Noto Sans', 'DejaVu Sans', sans-serif; width: ${WIDTH}px; padding: 0 ${GAP}px; position: relative }
  header { height: ${HEAD}px; display: flex; align-items: center; gap: 18px }
  header h1 { font-size: 16px; font-weight: 500 } header span { color: #8e8e9c } header nav { margin-left: auto; display: flex; gap: 8px }
  header nav a { border: 1px solid #2c3235; border-radius: 2px; padding: 3px 8px; background: #181b1f }
  section { position: absolute; background: #181b1f; border: 1px solid #24272d; border-radius: 2px; overflow: hidden }
  section h2 { font-size: 12.5px; font-weight: 500; padding: 6px 8px 4px; height: 27px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
  svg { display: block } line, rect { shape-rendering: crispEdges } text { fill: #9fa2ad; font-size: 10.5px } .grid { stroke: #24272d }
  .legend { padding: 0 10px; display: flex; flex-wrap: wrap; gap: 0 12px; height: 32px; overflow: hidden; font-size: 11px; line-height: 16px }
  .legend i { display: inline-block; width: 12px; height: 3px; border-radius: 2px; margin-right: 5px; vertical-align: middle }
  .stat { position: relative; display: flex; align-items: center; justify-content: center; font-weight: 500 } .stat b { font-weight: 500; text-align: center }
  .stat i { display: block; font: 11px sans-serif; color: #8e8e9c } .filled { color: #fff } .none { padding: 24px; text-align: center; color: #8e8e9c; font-size: 14px }
  footer { position: absolute; left: ${GAP}px; color: #6e7079; font-size: 11px }`;

const pixels = (cells: number): number => cells * (CELL + GAP) - GAP;

/** What happened in the span, of the dashboard's own queries. */
async function eventsOf(ask: Ask, span: Span): Promise<readonly Event[]> {
  const found = await Promise.all(
    EVENTS.map(async (event) => {
      const series = await ask(event.expr, event.title);
      const colour = COLOURS[event.color] ?? '';
      return series.flatMap(({ values }) =>
        'isTime' in event
          ? [...new Set(values.filter(Number.isFinite))].map((time) => ({ from: time / 1000, to: time / 1000, colour }))
          : spansOf(values, span).map(([from, to]) => ({ from, to, colour })),
      );
    }),
  );
  return found.flat();
}

function spansOf(values: readonly number[], { from, step }: Span): readonly (readonly [number, number])[] {
  const spans: [number, number][] = [];
  values.forEach((value, n) => {
    if (!(value > 0)) return;
    const last = spans.at(-1);
    const at = from + n * step;
    if (last && at - last[1] <= step) last[1] = at;
    else spans.push([at, at]);
  });
  return spans;
}

/** HTML, with its height in pixels. Throws where Prometheus cannot read a query. */
export async function page(
  dashboard: Dashboard,
  ask: Ask,
  span: Span,
): Promise<Readonly<{ html: string; height: number }>> {
  const events = await eventsOf(ask, span);
  const column = (WIDTH - 2 * GAP + GAP) / 24;
  const sections = await Promise.all(
    dashboard.panels.map(async (panel) => {
      const { x, y, w, h } = panel.gridPos;
      const [width, height] = [w * column - GAP, pixels(h)];
      const place = `left:${GAP + x * column}px;top:${HEAD + y * (CELL + GAP)}px;width:${width}px;height:${height}px`;
      const drawn = inside(panel, await dataOf(panel, ask), span, events, [width - 2, height - 29]);
      return `<section style="${place}"><h2>${escaped(panel.title)}</h2>${drawn}</section>`;
    }),
  );
  const bottom = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => HEAD + (y + h) * (CELL + GAP)));
  const links = dashboard.links.map(({ title }) => `<a>${escaped(title)}</a>`).join('');
  const foot = 'Drawn of the queries of this dashboard, from a stack under load on a test machine; not by Grafana.';
  const html = `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body>
    <header><h1>${escaped(dashboard.title)}</h1><span>${escaped(dashboard.description)}</span><nav>${links}</nav></header>
    ${sections.join('')}<footer style="top:${bottom + 2}px">${foot}</footer></body>`;
  return { html, height: bottom + 24 };
}

function inside(
  panel: Panel,
  series: readonly Series[],
  span: Span,
  events: readonly Event[],
  size: readonly [number, number],
) {
  const [width, height] = size;
  if (panel.type === 'stat') return stat(panel, series, size);
  if (panel.type === 'state-timeline') return states(panel, series, span, size);
  if (panel.type === 'bargauge') return bars(panel, series, [width, height - 8]);
  if (series.length === 0) return `<div class="none">${escaped(panel.fieldConfig.defaults.noValue ?? 'No data')}</div>`;
  const below = legend(panel, series);
  return graph(panel, series, span, events, [width, height - (below ? 36 : 0)]) + below;
}
