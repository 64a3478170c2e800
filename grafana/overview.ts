/** The first look: is it well, and if not, whose is it, how bad is it, and since when. One screen. */
import {
  allUp,
  calmRate,
  COPY,
  DATABASE,
  EDGE,
  FEW,
  HTTP,
  increase,
  MAIL,
  most,
  orUnknown,
  PAUSED,
  share,
} from './promql.ts';
import { limits, WRONG_CODES_MIN } from './limits.ts';
import { howBad } from './overview-load.ts';
import { processes } from './overview-processes.ts';
import { type Dashboard, type Panel, WELL } from './panel.ts';

const requests = `${HTTP}_count`;
/** What is refused for a reason of our own: neither the database's nor the mail service's, and no limit. */
const OURS = 'sealpost_refusals_total{code=~"internal_error|otp_key_unavailable|keys_unavailable"}';
/** 1 where no API can be asked. */
const NO_API = '(vector(1) unless on () max(up{job="api"}) > 0)';
const NO_LEADER = 2;
/** One that runs and does not hold the lease does nothing. */
const SCHEDULER = `max(sealpost_scheduler_leading) == 1 or ${NO_LEADER} * (max(up{job="scheduler"}) == 1) or vector(0)`;
const FIRING = 'ALERTS{alertstate="firing", alertname!="Watchdog"}';
const WRONG = increase('sealpost_events_total{type="attempted"}', [], '15m');
const wrongShare = share(
  calmRate('sealpost_events_total{type="attempted"}'),
  calmRate('sealpost_events_total{type=~"attempted|verified"}'),
);

const whose: readonly Panel[] = [
  {
    id: 1,
    kind: 'stat',
    title: 'Us',
    says: 'Of all requests of 15 minutes, those that failed for a reason of our own; 100% while no API answers. Any that last are a bug, or a key that one process lacks.',
    unit: 'percentunit',
    queries: [{ expr: `${NO_API} or ${share(calmRate(OURS), calmRate(requests))}`, legend: 'failed' }],
    limit: { above: limits.ErrorBudgetBurningFast },
    none: 'None asked',
    more: 'sealpost-api',
  },
  {
    id: 2,
    kind: 'stat',
    title: 'The mail service',
    says: 'Whether the mail service took the last mail of every API. While it is away, codes are refused and only a probe goes out; while the database is away, it is not known.',
    queries: [{ expr: MAIL, legend: 'mail service' }],
    states: WELL,
    more: 'sealpost-mail',
  },
  {
    id: 3,
    kind: 'stat',
    title: 'The database',
    says: 'Whether the database answered every API when it was last asked. While it is away, all that needs it answers 503.',
    queries: [{ expr: DATABASE, legend: 'database' }],
    states: WELL,
    more: 'sealpost-database',
  },
  {
    id: 4,
    kind: 'stat',
    title: 'The network, the edge',
    says: 'Whether the API answers through Caddy as a client asks it, with a certificate that clients take; not known while no scheduler works to ask. If it is well and no requests come, look at DNS and the firewall.',
    queries: [{ expr: EDGE, legend: 'edge' }],
    states: WELL,
    more: 'sealpost-api',
    alerts: ['EdgeDown'],
  },
  {
    id: 5,
    kind: 'stat',
    title: 'An attack, by wrong codes',
    says: `Of all codes typed in 15 minutes, the share of wrong ones, and their number. Up to ${WRONG_CODES_MIN} wrong ones are too few to judge; of more, above half somebody guesses.`,
    unit: 'percentunit',
    queries: [
      { expr: `${wrongShare} and on () ${WRONG} > ${WRONG_CODES_MIN} or on () 0 * ${WRONG} + ${FEW}`, legend: 'share' },
      { expr: WRONG, legend: 'wrong', count: true },
    ],
    states: { [FEW]: { text: 'Few', color: 'green' } },
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

const sinceWhen: readonly Panel[] = [
  {
    id: 10,
    kind: 'states',
    title: 'Since when: what works',
    says: "Each part of the stack over time, red while it is away, grey while nobody knows. What turned red first is where to look; at a stack's start all is grey or red for a moment, and that says nothing.",
    queries: [
      { expr: EDGE, legend: 'edge' },
      { expr: allUp('api'), legend: 'APIs' },
      { expr: DATABASE, legend: 'database' },
      { expr: MAIL, legend: 'mail service' },
      { expr: orUnknown(`1 - ${PAUSED}`), legend: 'sending' },
      { expr: SCHEDULER, legend: 'scheduler' },
      { expr: COPY, legend: 'copy of the log' },
    ],
    width: 14,
    states: { ...WELL, [NO_LEADER]: { text: 'No leader', color: 'red' } },
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
