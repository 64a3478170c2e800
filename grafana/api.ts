/** The API by the RED method, route by route, and what its processes have left. */
import { AT_EDGE, HTTP, increase, mean, most, partOf, quantile, rate } from './promql.ts';
import { limits } from './limits.ts';
import type { Dashboard, Panel } from './panel.ts';

const WHERE = 'route=~"$route", instance=~"$instance"';
const requests = (labels = ''): string => `${HTTP}_count{${labels && `${labels}, `}${WHERE}}`;
const INSTANCE = 'instance=~"$instance"';
const own = (metric: string): string => `${metric}{${INSTANCE}}`;
const ownProcess = (metric: string): string => `${metric}{job="api", ${INSTANCE}}`;

const red: readonly Panel[] = [
  {
    id: 1,
    kind: 'graph',
    title: 'Requests by route',
    says: 'Requests answered a second. A route that falls to nothing is a client that stopped, or a way that is cut.',
    unit: 'reqps',
    queries: [{ expr: rate(requests(), 'method', 'route'), legend: '{{method}} {{route}}' }],
    stacked: true,
  },
  {
    id: 2,
    kind: 'graph',
    title: 'Requests that failed, by route',
    says: 'Of the requests of a route, those answered with a 5xx, and of all what the alerts count: not what is refused on purpose, such as all that no mail can be sent for. Above the line the error budget of a month is gone in two days.',
    unit: 'percentunit',
    queries: [
      {
        expr: `${partOf(rate(requests('status=~"5.."'), 'route'), rate(requests(), 'route'))} / ${rate(requests(), 'route')}`,
        legend: '{{route}}',
      },
      { expr: 'sealpost:http_requests_failed:ratio_rate5m', legend: 'as the alerts count' },
    ],
    limit: { above: limits.ErrorBudgetBurningFast },
    alerts: ['ErrorBudgetBurningFast', 'ErrorBudgetBurningSlowly'],
  },
  {
    id: 3,
    kind: 'graph',
    title: 'Time to answer, 99 of 100, by route',
    says: 'What 99 of 100 requests of a route stay below. One slow route is its own statement; all slow at once are the database or the process.',
    unit: 's',
    queries: [{ expr: quantile(0.99, `${HTTP}{${WHERE}}`, 'route'), legend: '{{route}}' }],
    limit: { above: limits.ApiSlow },
    alerts: ['ApiSlow'],
  },
];

const refused: readonly Panel[] = [
  {
    id: 4,
    kind: 'graph',
    title: 'Refusals by code',
    says: 'Requests refused a second, by error code. 5xx codes are ours or a service away; a code of the client that jumps is a new version of it, or an attack.',
    unit: 'ops',
    queries: [{ expr: `${rate(own('sealpost_refusals_total'), 'code')} > 0`, legend: '{{code}}' }],
    stacked: true,
    none: 'Nothing is refused',
    more: 'sealpost-attack',
  },
  {
    id: 5,
    kind: 'graph',
    title: 'The edge failed',
    says: 'Answers of Caddy with a 5xx a second, also its own. If it fails and the API does not, the way between them is broken.',
    unit: 'reqps',
    queries: [
      { expr: partOf(rate(`${AT_EDGE}, code=~"5.."}`), rate(`${AT_EDGE}}`)), legend: 'by the edge' },
      { expr: partOf(rate(requests('status=~"5.."')), rate(requests())), legend: 'by the API' },
    ],
  },
  {
    id: 6,
    kind: 'graph',
    title: 'Connections dropped',
    says: 'Connections turned away because as many as may be were open. Any is bad: a flood, or answers so slow that connections pile up.',
    queries: [{ expr: increase(own('sealpost_connections_dropped_total')), legend: 'dropped' }],
    more: 'sealpost-attack',
    alerts: ['ConnectionsDropped'],
  },
];

const batches: readonly Panel[] = [
  {
    id: 7,
    kind: 'graph',
    title: 'Time of the store',
    says: 'What 99 of 100 batches took in the database, by step. It is most of the time to answer; if both grow, look at the database.',
    unit: 's',
    queries: [
      { expr: quantile(0.99, own('sealpost_store_duration_seconds'), 'step'), legend: '{{step}}' },
      { expr: quantile(0.99, own('sealpost_batch_duration_seconds')), legend: 'whole batch' },
    ],
    more: 'sealpost-database',
  },
  {
    id: 8,
    kind: 'graph',
    title: 'Commands in a batch',
    says: 'How many commands one batch decides, on average. It grows with the load, and is what keeps the database calm then.',
    queries: [{ expr: mean('sealpost_batch_commands', INSTANCE), legend: 'commands' }],
  },
  {
    id: 9,
    kind: 'graph',
    title: 'Lost races',
    says: 'Commands decided again because another process recorded first. Some are usual with several APIs; many mean that many ask for one address.',
    unit: 'ops',
    queries: [{ expr: rate(own('sealpost_lost_races_total')), legend: 'lost' }],
  },
];

const saturation: readonly Panel[] = [
  {
    id: 10,
    kind: 'graph',
    title: 'Event loop',
    says: 'How late the process comes to its work, 99 of 100 times. Above a tenth of a second it has more to do than one core can.',
    unit: 's',
    queries: [{ expr: most(ownProcess('nodejs_eventloop_lag_p99_seconds'), 'instance'), legend: '{{instance}}' }],
  },
  {
    id: 11,
    kind: 'graph',
    title: 'Processor',
    says: 'Cores that each API uses. At 1 it can do no more: another API can.',
    unit: 'percentunit',
    queries: [{ expr: rate(ownProcess('process_cpu_seconds_total'), 'instance'), legend: '{{instance}}' }],
  },
  {
    id: 12,
    kind: 'graph',
    title: 'Heap',
    says: 'Memory in use. A line that climbs from day to day is a leak; near the limit the process ends.',
    unit: 'bytes',
    queries: [{ expr: most(ownProcess('nodejs_heap_size_used_bytes'), 'instance'), legend: '{{instance}}' }],
    limit: { above: limits.HeapHigh },
  },
  {
    id: 13,
    kind: 'graph',
    title: 'Rounds that failed',
    says: 'Failed rounds of what processes do again and again, by program and loop. Some while the database is away are usual; lasting ones are a fault.',
    queries: [{ expr: increase('sealpost_loop_failures_total', ['job', 'loop']), legend: '{{job}} {{loop}}' }],
    none: 'No round has failed',
    alerts: ['LoopFailing'],
  },
];

export const api: Dashboard = {
  uid: 'sealpost-api',
  title: 'Sealpost: API',
  says: 'Requests, errors and times of each route, and what the processes have left.',
  from: '6h',
  refresh: '1m',
  variables: [
    { name: 'route', label: 'Route', says: 'A pattern of paths.', metric: `${HTTP}_count`, values: 'route' },
    { name: 'instance', label: 'API', says: 'One process.', metric: 'up{job="api"}', values: 'instance' },
  ],
  rows: [
    { height: 8, panels: red },
    { height: 7, panels: refused },
    { height: 7, panels: batches },
    { height: 7, panels: saturation },
  ],
};
