/** The dashboards as they are committed, as far as tests look at them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Target = Readonly<{
  refId: string;
  expr: string;
  legendFormat: string;
  instant?: boolean;
  datasource: { uid: string };
}>;

export type Step = Readonly<{ value: number | null; color: string }>;

export type Panel = Readonly<{
  id: number;
  type: 'timeseries' | 'stat' | 'bargauge' | 'state-timeline';
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { uid: string };
  links?: readonly { url: string }[];
  options: { legend?: { showLegend: boolean }; reduceOptions?: { calcs: readonly string[] } };
  fieldConfig: {
    defaults: {
      unit: string;
      decimals?: number;
      max?: number;
      noValue?: string;
      thresholds: { steps: readonly Step[] };
      mappings: readonly Mapping[];
      custom?: { stacking?: { mode: string }; thresholdsStyle?: { mode: string } };
    };
    overrides: readonly Readonly<{ matcher: { id: string; options: string }; properties: Properties }>[];
  };
  targets: readonly Target[];
}>;

/** Of some values, or of what is no number or not there. */
export type Mapping =
  | Readonly<{ type: 'value'; options: Readonly<Record<string, Readonly<{ text: string; color: string }>>> }>
  | Readonly<{
      type: 'special';
      options: Readonly<{ match: string; result: Readonly<{ text: string; color: string }> }>;
    }>;

type Properties = readonly Readonly<{ id: string; value: unknown }>[];

export type Dashboard = Readonly<{
  uid: string;
  title: string;
  description: string;
  editable: boolean;
  refresh: string;
  schemaVersion: number;
  time: { from: string; to: string };
  tags: readonly string[];
  links: readonly { title: string; url: string; keepTime: boolean }[];
  templating: { list: readonly { name: string; type: string; current: { value: string }; definition?: string }[] };
  annotations: { list: readonly { name: string; expr: string; datasource: { uid: string } }[] };
  panels: readonly Panel[];
}>;

const folder = join(import.meta.dirname, '../../grafana/dashboards');

/** By file name, its text. */
export const committed: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
);

export const dashboards: readonly Dashboard[] = Object.values(committed).map((text) => JSON.parse(text) as Dashboard);
