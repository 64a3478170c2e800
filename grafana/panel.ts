/** What a panel is here, whatever draws it: its query in words and in PromQL, its place, its line, and the alerts that it explains. */
import type { AlertName } from './alert-names.ts';

export type Uid =
  | 'sealpost-overview'
  | 'sealpost-funnel'
  | 'sealpost-mail'
  | 'sealpost-api'
  | 'sealpost-database'
  | 'sealpost-jobs'
  | 'sealpost-attack';

/** s: seconds, short: a number, reqps and ops: a second, percentunit: 0 to 1. */
export type Unit = 's' | 'bytes' | 'percentunit' | 'reqps' | 'ops' | 'short';

export type Color = 'green' | 'red' | 'orange' | 'yellow' | 'blue' | 'gray';

/** `color`: where one line must not look like any other. `count`: beside a share, how many it is of; it has no limit. */
export type Query = Readonly<{ expr: string; legend: string; color?: Color; count?: true }>;

/** By value, the word and the colour. */
export type States = Readonly<Record<string, Readonly<{ text: string; color: Color }>>>;

export type Panel = Readonly<{
  /** Never changed and never given again: alerts and bookmarks name it. */
  id: number;
  kind: 'graph' | 'stat' | 'bars' | 'states';
  title: string;
  /** One or two sentences: what it shows, and what is bad. */
  says: string;
  /** Without one it is a number or a state. */
  unit?: Unit;
  queries: readonly Query[];
  /** Of 24; where it is not said, the panels of a row are as wide as each other. */
  width?: number;
  /** The line that is bad to be above, or below. */
  limit?: Readonly<{ above: number } | { below: number }>;
  /** What it cannot be beyond: a ratio is at most 1. */
  max?: number;
  /** Beside "Not known", which every panel of what is now has. */
  states?: States;
  /** The title says so. */
  stacked?: boolean;
  /** What stands there while there are no data; of what is now it is grey, and "Not known" where nothing is said. */
  none?: string;
  /** The dashboard that says more. */
  more?: Uid;
  alerts?: readonly AlertName[];
}>;

export type Row = Readonly<{ height: number; panels: readonly Panel[] }>;

export type Variable = Readonly<{ name: string; label: string; says: string; metric: string; values: string }>;

export type Dashboard = Readonly<{
  uid: Uid;
  title: string;
  says: string;
  /** Such as 6h. */
  from: string;
  refresh: string;
  variables?: readonly Variable[];
  rows: readonly Row[];
}>;

export const WELL: States = { '1': { text: 'Well', color: 'green' }, '0': { text: 'Away', color: 'red' } };
