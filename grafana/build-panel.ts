/** A panel as Grafana reads it: by the builders of its own SDK, which know what each kind of panel takes. */
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type GridPos,
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { runbookOf } from './alerts.ts';
import type { Panel, Query, States } from './panel.ts';
import { UNKNOWN } from './promql.ts';

/** Prometheus, as provisioned or as chosen at the top of the dashboard. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

const REF_IDS = 'ABCDEFGH';

const NOT_KNOWN = 'Not known';

/** The builders of all kinds have these alike. */
type Builder = timeseries.PanelBuilder | stat.PanelBuilder | bargauge.PanelBuilder | statetimeline.PanelBuilder;

export function buildPanel(panel: Panel, place: GridPos): Builder {
  const { unit = 'short' } = panel;
  const builder = kinds[panel.kind](panel)
    .id(panel.id)
    .title(titleOf(panel))
    .description(descriptionOf(panel))
    .datasource(DATASOURCE)
    .gridPos(place)
    .unit(unit)
    .min(0)
    .mappings(mappingsOf(panel))
    .thresholds(thresholdsOf(panel))
    .targets(panel.queries.map((query, at) => target(query, at, isOfNow(panel))));
  if (unit === 'short' && panel.kind !== 'graph') builder.decimals(0);
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.none !== undefined || isOfNow(panel)) builder.noValue(panel.none ?? NOT_KNOWN);
  panel.queries.forEach((query, at) => override(builder, query, REF_IDS.charAt(at)));
  if (panel.more !== undefined) {
    // Of a panel it is a plain link, which keeps the time only so.
    const url = `/d/${panel.more}?\${__url_time_range}`;
    builder.links([new DashboardLinkBuilder('More').type(DashboardLinkType.Link).url(url)]);
  }
  return builder;
}

const kinds = {
  graph: (panel: Panel) =>
    new timeseries.PanelBuilder()
      .lineWidth(1)
      .fillOpacity(panel.stacked ? 30 : 8)
      .showPoints(VisibilityMode.Never)
      .legend(
        new VizLegendOptionsBuilder()
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .showLegend(panel.queries.length > 1 || panel.queries.some(({ legend }) => legend.includes('{{')))
          .calcs([]),
      )
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
      .stacking(new StackingConfigBuilder().mode(panel.stacked ? StackingMode.Normal : StackingMode.None))
      .thresholdsStyle(
        new GraphThresholdsStyleConfigBuilder().mode(
          panel.limit ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
        ),
      ),
  stat: (panel: Panel) =>
    new stat.PanelBuilder()
      .colorMode(panel.states && !panel.unit ? BigValueColorMode.Background : BigValueColorMode.Value)
      .graphMode(BigValueGraphMode.None)
      .reduceOptions(newest()),
  bars: () =>
    new bargauge.PanelBuilder()
      .displayMode(BarGaugeDisplayMode.Basic)
      .orientation(VizOrientation.Horizontal)
      .namePlacement(BarGaugeNamePlacement.Left)
      .reduceOptions(newest()),
  states: () =>
    new statetimeline.PanelBuilder()
      .showValue(VisibilityMode.Never)
      .mergeValues(true)
      .rowHeight(0.8)
      .legend(
        new VizLegendOptionsBuilder()
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .showLegend(false)
          .calcs([]),
      ),
} as const satisfies Record<Panel['kind'], (panel: Panel) => Builder>;

/** Of one moment: `lastNotNull` would pass over what is no number, to an older one. */
const newest = (): ReduceDataOptionsBuilder => new ReduceDataOptionsBuilder().calcs(['last']).values(false);

/** Asked for at the end of the chosen time only: over the time, what is not told any more would stand there as it was. */
const isOfNow = ({ kind }: Panel): boolean => kind === 'stat' || kind === 'bars';

/** Of a stack of areas, the upper edge of one is no figure of its own. */
const titleOf = ({ title, stacked }: Panel): string => (stacked ? `${title} (stacked)` : title);

function override(builder: Builder, { color, count }: Query, refId: string): void {
  const properties = [
    ...(color ? [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }] : []),
    ...(count
      ? [
          { id: 'unit', value: 'short' },
          { id: 'decimals', value: 0 },
          { id: 'thresholds', value: { mode: 'absolute', steps: [{ value: null, color: 'text' }] } },
        ]
      : []),
  ];
  if (properties.length > 0) builder.overrideByQuery(refId, properties);
}

function target({ expr, legend }: Query, at: number, isInstant: boolean): DataqueryBuilder {
  const query = new DataqueryBuilder().refId(REF_IDS.charAt(at)).datasource(DATASOURCE).expr(expr).legendFormat(legend);
  return isInstant ? query.instant() : query.range();
}

/** What it shows and what is bad, and where it is written what to do. */
function descriptionOf({ says, alerts = [] }: Panel): string {
  const runbooks = alerts.map((alert) => `[${alert}](${runbookOf(alert)})`);
  return runbooks.length === 0 ? says : `${says}\n\nWhat to do: ${runbooks.join(', ')}`;
}

/** The colours of values, and of a graph its one line. */
function thresholdsOf({ kind, limit }: Panel): ThresholdsConfigBuilder {
  const [good, bad] = kind === 'graph' ? ['transparent', 'red'] : ['green', 'red'];
  // What nothing is said to be bad of is not said to be good, either.
  const steps = !limit
    ? [{ value: null, color: kind === 'stat' ? 'text' : 'green' }]
    : 'above' in limit
      ? [
          { value: null, color: good },
          { value: limit.above, color: bad },
        ]
      : [
          { value: null, color: kind === 'graph' ? 'transparent' : bad },
          { value: limit.below, color: kind === 'graph' ? bad : good },
        ];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

const special = (match: SpecialValueMatch, text: string, color: string): ValueMapping => ({
  type: MappingType.SpecialValue,
  options: { match, result: { text, color } },
});

function mappingsOf({ kind, states, unit, none = NOT_KNOWN }: Panel): ValueMapping[] {
  const words: States = { [UNKNOWN]: { text: NOT_KNOWN, color: 'gray' }, ...states };
  return [
    ...(kind === 'graph' ? [] : [{ type: MappingType.ValueToText as const, options: words }]),
    ...(kind === 'stat' ? [special(SpecialValueMatch.Null, none, 'gray')] : []),
    ...(unit === 'percentunit' ? [special(SpecialValueMatch.NotANumber, 'None', 'text')] : []),
  ];
}
