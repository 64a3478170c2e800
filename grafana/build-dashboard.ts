/** A dashboard as Grafana reads it: its panels in the grid, what can be chosen, what happened meanwhile, and the ways to the others. */
import {
  AnnotationQueryBuilder,
  type Dashboard as Built,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type GridPos,
  QueryVariableBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { RUNBOOKS } from './alerts.ts';
import { buildPanel, DATASOURCE } from './build-panel.ts';
import type { Dashboard, Panel, Variable } from './panel.ts';

/** What happened, drawn over every graph: a series that is above 0 then, or the time itself. */
export const EVENTS = [
  {
    name: 'Process starts',
    expr: 'process_start_time_seconds{job=~"api|scheduler|receiver"} * 1000',
    color: 'blue',
    title: '{{job}} started',
    isTime: true,
  },
  {
    name: 'Versions',
    expr: '(max by (job, version) (sealpost_build_info) unless max by (job, version) (sealpost_build_info offset 2m)) and on (job) sealpost_build_info offset 2m',
    color: 'purple',
    title: '{{job}} {{version}}',
  },
  {
    name: 'Mail service away',
    expr: '1 - min(sealpost_mail_available) > 0',
    color: 'orange',
    title: 'Mail service away',
  },
  {
    name: 'Brake',
    expr: 'max by (reason) (sealpost_sending_paused) > 0',
    color: 'yellow',
    title: 'Sending paused: {{reason}}',
  },
  {
    name: 'Alerts',
    expr: 'max by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})',
    color: 'red',
    title: '{{alertname}}',
  },
] as const satisfies readonly Readonly<{ name: string; expr: string; color: string; title: string; isTime?: true }>[];

export function buildDashboard(dashboard: Dashboard, all: readonly Dashboard[]): Built {
  const { uid, title, says, from, refresh, variables = [] } = dashboard;
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(says)
    .tags(['sealpost'])
    .readonly()
    .timezone('browser')
    .time({ from: `now-${from}`, to: 'now' })
    .refresh(refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([datasource(), ...variables.map(variable)])
    .annotations(EVENTS.map((event) => annotation(event)))
    .links(linksTo(all.filter((other) => other.uid !== uid)));
  for (const [panel, place] of placed(dashboard)) builder.withPanel(buildPanel(panel, place));
  return visible(builder.build());
}

/** The SDK hides every link and event in a menu unless it is told not to, and has no word for that. */
function visible(built: Built): Built {
  const links = [
    ...(built.links ?? []),
    ...(built.panels ?? []).flatMap((panel) => ('links' in panel ? (panel.links ?? []) : [])),
  ];
  for (const one of [...links, ...(built.annotations.list ?? [])]) delete one.placement;
  return built;
}

/** Row by row, from the left. Throws where a row is not as wide as the grid. */
export function placed({ uid, rows }: Dashboard): readonly (readonly [Panel, GridPos])[] {
  let y = 0;
  return rows.flatMap(({ height, panels }) => {
    let x = 0;
    const row = panels.map((panel): [Panel, GridPos] => {
      const w = panel.width ?? 24 / panels.length;
      const place = { x, y, w, h: height };
      x += w;
      return [panel, place];
    });
    if (x !== 24) throw new Error(`A row of ${uid} is ${x} wide and not 24: it begins with "${panels[0]?.title}".`);
    y += height;
    return row;
  });
}

/** As the stack provisions it, or another Prometheus that scrapes the same. */
const datasource = (): DatasourceVariableBuilder =>
  new DatasourceVariableBuilder('datasource')
    .label('Prometheus')
    .type('prometheus')
    .current({ selected: true, text: 'Prometheus', value: 'prometheus' });

const variable = ({ name, label, says, metric, values }: Variable): QueryVariableBuilder => {
  const query = `label_values(${metric}, ${values})`;
  return new QueryVariableBuilder(name)
    .label(label)
    .description(says)
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: 'All', value: '$__all' });
};

function annotation(event: Readonly<{ name: string; expr: string; color: string; title: string; isTime?: boolean }>) {
  const { name, expr, color, title, isTime = false } = event;
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .hide(false)
    .iconColor(color)
    .expr(expr)
    .step('60s')
    .titleFormat(title)
    .textFormat('')
    .tagKeys('')
    .useValueForTime(isTime);
}

const linksTo = (others: readonly Dashboard[]): DashboardLinkBuilder[] =>
  [
    ...others.map(({ uid, title, says }) => ({
      title: title.replace('Sealpost: ', ''),
      url: `/d/${uid}`,
      tooltip: says,
    })),
    { title: 'runbooks', url: RUNBOOKS, tooltip: 'What to do when an alert fires.' },
  ].map(({ title, url, tooltip }) =>
    new DashboardLinkBuilder(title)
      .type(DashboardLinkType.Link)
      .icon(url === RUNBOOKS ? 'doc' : 'dashboard')
      .url(url)
      .tooltip(tooltip)
      .keepTime(url !== RUNBOOKS),
  );
