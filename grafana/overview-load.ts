/** The second row of the overview: how bad it is. */
import { refusals } from '../services/api/http/refusals.ts';
import { ASKED_FOR, AT_EDGE, HTTP, increase, most, partOf, quantile, rate } from './promql.ts';
import { limits } from './limits.ts';
import type { Panel } from './panel.ts';

const requests = `${HTTP}_count`;
const asked = rate(requests);
/** 5xx. */
const FAILED = Object.entries(refusals)
  .filter(([, { status }]) => status >= 500)
  .map(([code]) => code)
  .join('|');

export const howBad: readonly Panel[] = [
  {
    id: 7,
    kind: 'graph',
    title: 'Requests by answer',
    says: 'Requests a second that reached an API. A fall to nothing is as bad as many 5xx: nobody gets through.',
    unit: 'reqps',
    queries: [
      { expr: partOf(rate(`${requests}{status=~"[23].."}`), asked), legend: 'answered', color: 'green' },
      { expr: partOf(rate(`${requests}{status=~"4.."}`), asked), legend: 'refused (4xx)', color: 'yellow' },
      { expr: partOf(rate(`${requests}{status=~"5.."}`), asked), legend: 'failed (5xx)', color: 'red' },
    ],
    width: 7,
    more: 'sealpost-api',
  },
  {
    id: 8,
    kind: 'graph',
    title: 'Time to answer',
    says: 'Half of all requests are faster than the lower line, 99 of 100 than the upper one; the third is the question that the scheduler asks through the edge. Above the limit people wait.',
    unit: 's',
    queries: [
      { expr: quantile(0.5, HTTP), legend: 'half' },
      { expr: quantile(0.99, HTTP), legend: '99 of 100' },
      { expr: most('sealpost_edge_probe_duration_seconds'), legend: 'asked through the edge' },
    ],
    width: 6,
    limit: { above: limits.ApiSlow },
    more: 'sealpost-api',
  },
  {
    id: 9,
    kind: 'graph',
    title: 'Codes: asked for, mailed, verified',
    says: 'Steps of codes a second; whom a 5xx refused a code is not among those that asked. The three go together: where one stays behind, the step before it is broken, and where all fall and the red line rises, no code can be asked for.',
    unit: 'ops',
    queries: [
      { expr: rate('sealpost_events_total{type="requested"}'), legend: 'asked for' },
      { expr: rate('sealpost_events_total{type="sent"}'), legend: 'mailed' },
      { expr: rate('sealpost_events_total{type="verified"}'), legend: 'verified' },
      {
        expr: partOf(rate(`${requests}{${ASKED_FOR}, status=~"5.."}`), asked),
        legend: 'refused (5xx)',
        color: 'red',
      },
    ],
    width: 6,
    more: 'sealpost-funnel',
  },
  {
    id: 17,
    kind: 'bars',
    title: 'Failed in the chosen time, by error code',
    says: 'How many requests the APIs answered with a 5xx, by error code, and about how many Caddy did, also those that reached no API. store_unavailable is the database, mail_unavailable and sending_paused are mail, internal_error is us.',
    queries: [
      {
        expr: `sort_desc(${increase(`sealpost_refusals_total{code=~"${FAILED}"}`, ['code'], '$__range')} > 0)`,
        legend: '{{code}}',
      },
      { expr: `${increase(`${AT_EDGE}, code=~"5.."}`, [], '$__range')} > 0`, legend: 'all, at the edge' },
    ],
    width: 5,
    limit: { above: 1 },
    none: 'None failed',
    more: 'sealpost-api',
  },
];
