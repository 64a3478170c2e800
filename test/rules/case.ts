/** When an alert fires and when it stays silent, as a table; promtool runs it. */

/** Series by their selector, each with its samples in promtool's notation: `0+10x60` begins with 0 and grows by 10 sixty times. */
export type Given = Readonly<Record<string, string>>;

export type Fires = Readonly<{
  /** What happened, in a word or three. */
  when: string;
  given: Given;
  /** The time at which it is looked for. */
  at: string;
  labels: Readonly<Record<string, string>>;
  summary: string;
  description: string;
}>;

export type Silent = Readonly<{ when: string; given: Given; at: string }>;

export type AlertCases = Readonly<{
  alert: string;
  /** Minutes between two samples, and between two looks of Prometheus: 1 where nothing is said. */
  minutes?: number;
  fires: readonly Fires[];
  silent: readonly Silent[];
}>;

export const EXTERNAL = { site: 'api.example.com', grafana: 'https://grafana.example.com' };
