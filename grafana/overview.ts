/** The first look: is it well, and if not, whose is it, how bad is it, and since when. One screen. */
import { allUp, calmRate, HTTP, most, partOf, quantile, rate, share } from './promql.ts';
import { limits } from './limits.ts';
import { processes } from './overview-processes.ts';
import { type Dashboard, type Panel, WELL } from './panel.ts';

const requests = `${HTTP}_count`;
const asked = rate(requests);
/** What is refused for a reason of our own: neither the database's nor the mail service's, and no limit. */
const OURS = 'sealpost_refusals_total{code=~"internal_error|otp_key_unavailable|keys_unavailable"}';
/** As the scheduler finds it; while none does, whether Caddy tells Prometheus anything. */
const EDGE = `min(sealpost_edge_available) or ${allUp('caddy')}`;
/** 1 where no API can be asked. */
const NO_API = '(vector(1) unless on () max(up{job="api"}) > 0)';
const FIRING = 'ALERTS{alertstate="firing", alertname!="Watchdog"}';
const attempts = calmRate('sealpost_events_total{type=~"attempted|verified"}');

const whose: readonly Panel[] = [
  {
    id: 1,
    kind: 'stat',
    title: 'Us',
    says: 'Of all requests of 15 minutes, those that failed for a reason of our own; 100% while no API answers. Any that last are a bug, or a key that one process lacks.',
    unit: 'percentunit',
    queries: [{ expr: `${share(calmRate(OURS), calmRate(requests))} or ${NO_API}`, legend: 'failed' }],
    limit: { above: limits.ErrorBudgetBurningFast },
    none: 'None asked',
    more: 'sealpost-api',
  },
  {
    id: 2,
    kind: 'stat',
    title: 'The mail service',
    says: 'Whether the mail service takes mails from every API. While it is away, codes are refused and only a probe goes out.',
    queries: [{ expr: 'min(sealpost_mail_available)', legend: 'mail service' }],
    states: WELL,
    more: 'sealpost-mail',
  },
  {
    id: 3,
    kind: 'stat',
    title: 'The database',
    says: 'Whether the database answered every API when it was last asked. While it is away, everything but health answers 503.',
    queries: [{ expr: 'min(sealpost_database_available)', legend: 'database' }],
    states: WELL,
    more: 'sealpost-database',
  },
  {
    id: 4,
    kind: 'stat',
    title: 'The network, the edge',
    says: 'Whether the API answers through Caddy as a client asks it, with a certificate that clients take. If it is well and no requests come, look at DNS and the firewall.',
    queries: [{ expr: EDGE, legend: 'edge' }],
    states: WELL,
    more: 'sealpost-api',
    alerts: ['EdgeDown'],
  },
  {
    id: 5,
    kind: 'stat',
    title: 'An attack, by wrong codes',
    says: 'Of all codes typed in 15 minutes, those that were wrong. People mistype some; above the line somebody guesses.',
    unit: 'percentunit',
    queries: [{ expr: share(calmRate('sealpost_events_total{type="attempted"}'), attempts), legend: 'wrong' }],
    limit: { above: limits.WrongCodesMany },
    more: 'sealpost-attack',
  },
  {
    id: 6,
    kind: 'stat',
    title: 'Alerts that fire',
    says: 'Alerts that fire now, but for the one that always does. Any is worth a look at the panel of alerts below.',
    queries: [{ expr: `count(${FIRING}) or vector(0)`, legend: 'firing' }],
    limit: { above: 1 },
  },
];

const howBad: readonly Panel[] = [
  {
    id: 7,
    kind: 'graph',
    title: 'Requests by answer',
    says: 'Requests a second over all APIs. A fall to nothing is as bad as many 5xx: nobody gets through.',
    unit: 'reqps',
    queries: [
      { expr: partOf(rate(`${requests}{status=~"[23].."}`), asked), legend: 'answered' },
      { expr: partOf(rate(`${requests}{status=~"4.."}`), asked), legend: 'refused (4xx)' },
      { expr: partOf(rate(`${requests}{status=~"5.."}`), asked), legend: 'failed (5xx)' },
    ],
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
    limit: { above: limits.ApiSlow },
    more: 'sealpost-api',
  },
  {
    id: 9,
    kind: 'graph',
    title: 'Codes: asked for, mailed, verified',
    says: 'Steps of codes a second. The three go together; where one stays behind, the step before it is broken.',
    unit: 'ops',
    queries: [
      { expr: rate('sealpost_events_total{type="requested"}'), legend: 'asked for' },
      { expr: rate('sealpost_events_total{type="sent"}'), legend: 'mailed' },
      { expr: rate('sealpost_events_total{type="verified"}'), legend: 'verified' },
    ],
    more: 'sealpost-funnel',
  },
];

const sinceWhen: readonly Panel[] = [
  {
    id: 10,
    kind: 'states',
    title: 'Since when: what works',
    says: 'Each part of the stack over time, red while one of its processes does not answer or it is away. What turned red first is where to look.',
    queries: [
      { expr: EDGE, legend: 'edge' },
      { expr: allUp('api'), legend: 'APIs' },
      { expr: 'min(sealpost_database_available)', legend: 'database' },
      { expr: 'min(sealpost_mail_available)', legend: 'mail service' },
      { expr: '1 - max(sealpost_sending_paused)', legend: 'sending' },
      { expr: allUp('scheduler'), legend: 'scheduler' },
      { expr: 'min(up{job="receiver"})', legend: 'WAL receiver' },
    ],
    width: 14,
    states: WELL,
    alerts: ['ApiDown', 'TargetDown'],
  },
  {
    id: 11,
    kind: 'states',
    title: 'Since when: alerts',
    says: 'Each alert while it fires. The one that began first is often the cause of the others.',
    queries: [{ expr: most(FIRING, 'alertname'), legend: '{{alertname}}' }],
    width: 10,
    states: { '1': { text: 'Fires', color: 'red' } },
    none: 'No alert fires',
  },
];

export const overview: Dashboard = {
  uid: 'sealpost-overview',
  title: 'Sealpost: overview',
  says: 'Is it well? Whose is it, how bad is it, since when.',
  from: '3h',
  refresh: '30s',
  rows: [
    { height: 4, panels: whose },
    { height: 6, panels: howBad },
    { height: 6, panels: sinceWhen },
    { height: 6, panels: processes },
  ],
};
