/** The queries of the panels. A counter is a rate in each process first and a sum after, so that several of them and restarts are right. */

/** As Grafana makes it of the step and the scrape interval: never shorter than four scrapes. */
const WINDOW = '$__rate_interval';

/** Every request to the API but those for health. */
export const HTTP = 'sealpost_http_request_duration_seconds';

/** What Caddy answered, also without an API. */
export const AT_EDGE = 'caddy_http_request_duration_seconds_count{handler="subroute"';

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

/** In place of a figure that nobody measures any more: a panel says "Not known" of it. No figure of ours is below 0. */
export const UNKNOWN = -1;
/** In place of a share of too few to judge by. */
export const FEW = -2;

export const orUnknown = (expr: string): string => `${expr} or vector(${UNKNOWN})`;

/** What an API's loop measures, with the seconds after which it is too old: a scrape, and some rounds. */
const LOOPS = { 'watch-backlog': 60, 'watch-reputation': 120 } as const;

/** A gauge of those APIs whose loop still measures it: a process keeps what it found last, and a panel must not. */
export const lately = (metric: string, loop: keyof typeof LOOPS): string =>
  `${metric} and on (instance) time() - sealpost_loop_last_success_timestamp_seconds{job="api", loop="${loop}"} < ${LOOPS[loop]}`;

const LEADS = 'max(sealpost_scheduler_leading) == 1';

/** What the scheduler tells; not known while none works. Absent where the one that works does not tell it. */
export const told = (expr: string, while_ = LEADS): string =>
  `(${expr}) and on () (${while_}) or on () (vector(${UNKNOWN}) unless on () (${while_}))`;

/** What a job of the scheduler measures: not known, either, where the job is overdue as the alert JobOverdue means it. */
export function measured(expr: string, job: 'measure' | 'watch-wal' | 'compare-sample' | 'poll-ses'): string {
  const of = (metric: string): string => `max(${metric}{job_name="${job}"})`;
  const age = `time() - ${of('sealpost_job_last_success_timestamp_seconds')}`;
  return told(expr, `${LEADS} unless on () ${age} > 2 * ${of('sealpost_job_overdue_after_seconds')}`);
}

/** Requests for a code or for another mail of it. */
export const ASKED_FOR = 'route=~"/api/email-verification/(send|resend)-otp"';

/** As the scheduler finds it, by Caddy; while none does, it is known only that a Caddy which does not answer is away. */
export const EDGE = orUnknown(`min(sealpost_edge_available) and on () (${LEADS}) or min(up{job="caddy"}) == 0`);
/** While the database is away, no mail is tried. */
export const MAIL = orUnknown(`min(${lately('sealpost_mail_available', 'watch-backlog')})`);
export const DATABASE = orUnknown('min(sealpost_database_available)');
/** 1 while so many mails came back that not everybody gets one. */
export const PAUSED = `max(${lately('sealpost_sending_paused', 'watch-reputation')})`;
/** A receiver tries again each second, and each failure counts; it says so once when it receives again. */
const RECEIVER_FAILS = `sum(increase(sealpost_loop_failures_total{loop="receive-wal"}[${WINDOW}])) > 0 unless on () time() - max(sealpost_loop_last_success_timestamp_seconds{loop="receive-wal"}) < 300`;
export const COPY = `min(up{job="receiver"}) == 0 or 0 * (${RECEIVER_FAILS}) or ${measured('max(sealpost_wal_receiver_active)', 'watch-wal')}`;

/** 1 while all that should answer do; 0 also where none is there to be asked. */
export const allUp = (job: string): string => `min(up{job="${job}"}) or vector(0)`;

/** How long ago that was. */
export const since = (timestamp: string, ...by: readonly string[]): string => `time() - ${most(timestamp, ...by)}`;
