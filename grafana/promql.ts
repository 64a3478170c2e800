/** The queries of the panels. A counter is a rate in each process first and a sum after, so that several of them and restarts are right. */

/** As Grafana makes it of the step and the scrape interval: never shorter than four scrapes. */
const WINDOW = '$__rate_interval';

/** Every request to the API but those for health. */
export const HTTP = 'sealpost_http_request_duration_seconds';

const grouped = (by: readonly string[]): string => (by.length === 0 ? 'sum' : `sum by (${by.join(', ')}) `);

/** What all processes together count, per second. */
export const rate = (selector: string, ...by: readonly string[]): string =>
  `${grouped(by)}(rate(${selector}[${WINDOW}]))`;

/** The same over a quarter of an hour, for a ratio that a single event must not tip. */
export const calmRate = (selector: string): string => `sum(rate(${selector}[15m]))`;

/** How often it happened in a window, over all processes; of the chosen time where `window` is $__range. */
export const increase = (selector: string, by: readonly string[] = [], window = WINDOW): string =>
  `${grouped(by)}(increase(${selector}[${window}]))`;

/** The time or the size that this share of all stays below. */
export const quantile = (share: number, histogram: string, ...by: readonly string[]): string => {
  const [name, labels = ''] = histogram.split('{');
  const bucket = `${name}_bucket${labels && `{${labels}`}`;
  return `histogram_quantile(${share}, ${rate(bucket, 'le', ...by)})`;
};

/** The mean of what a histogram saw. */
export const mean = (histogram: string, labels: string, ...by: readonly string[]): string =>
  `${rate(`${histogram}_sum{${labels}}`, ...by)} / ${rate(`${histogram}_count{${labels}}`, ...by)}`;

/** 0 where `whole` is told and `part` is not, for a series that begins with its first event. */
export const partOf = (part: string, whole: string): string => `(${part} or 0 * ${whole})`;

/** 0 to 1; not a number while there is nothing to be a share of. */
export const share = (part: string, whole: string): string => `${partOf(part, whole)} / ${whole}`;

/** What several processes measure alike. */
export const most = (metric: string, ...by: readonly string[]): string =>
  by.length === 0 ? `max(${metric})` : `max by (${by.join(', ')}) (${metric})`;

/** 1 while all that should answer do; 0 also where none is there to be asked. */
export const allUp = (job: string): string => `min(up{job="${job}"}) or vector(0)`;

/** How long ago that was. */
export const since = (timestamp: string, ...by: readonly string[]): string => `time() - ${most(timestamp, ...by)}`;
