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
import type { Panel, Query } from './panel.ts';

/** Prometheus, as provisioned or as chosen at the top of the dashboard. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

const REF_IDS = 'ABCDEFGH';

/** The builders of all kinds have these alike. */
type Builder = timeseries.PanelBuilder | stat.PanelBuilder | bargauge.PanelBuilder | statetimeline.PanelBuilder;

export function buildPanel(panel: Panel, place: GridPos): Builder {
  const { unit = 'short' } = panel;
  const builder = kinds[panel.kind](panel)
    .id(panel.id)
    .title(panel.title)
    .description(descriptionOf(panel))
    .datasource(DATASOURCE)
    .gridPos(place)
    .unit(unit)
    .min(0)
    .mappings(mappingsOf(panel))
    .thresholds(thresholdsOf(panel))
    .targets(panel.queries.map((query, at) => target(query, at, panel.kind === 'bars')));
  if (unit === 'short' && panel.kind !== 'graph') builder.decimals(0);
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.none !== undefined) builder.noValue(panel.none);
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
      .colorMode(panel.states ? BigValueColorMode.Background : BigValueColorMode.Value)
      .graphMode(panel.states ? BigValueGraphMode.None : BigValueGraphMode.Area)
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

const newest = (): ReduceDataOptionsBuilder => new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);

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
  const steps = !limit
    ? [{ value: null, color: 'green' }]
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

function mappingsOf({ states, unit }: Panel): ValueMapping[] {
  if (states) return [{ type: MappingType.ValueToText, options: states }];
  if (unit !== 'percentunit') return [];
  const result = { text: 'None', color: 'text' };
  return [{ type: MappingType.SpecialValue, options: { match: SpecialValueMatch.NotANumber, result } }];
}
