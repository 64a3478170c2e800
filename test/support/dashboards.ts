/** The dashboards as they are committed, as far as tests look at them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Target = Readonly<{ refId: string; expr: string; legendFormat: string; datasource: { uid: string } }>;

export type Step = Readonly<{ value: number | null; color: string }>;

export type Panel = Readonly<{
  id: number;
  type: 'timeseries' | 'stat' | 'bargauge' | 'state-timeline';
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { uid: string };
  links?: readonly { url: string }[];
  options: { legend?: { showLegend: boolean } };
  fieldConfig: {
    defaults: {
      unit: string;
      decimals?: number;
      max?: number;
      noValue?: string;
      thresholds: { steps: readonly Step[] };
      mappings: readonly { type: string; options: Record<string, { text: string; color: string }> }[];
      custom?: { stacking?: { mode: string }; thresholdsStyle?: { mode: string } };
    };
  };
  targets: readonly Target[];
}>;

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
