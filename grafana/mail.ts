/** The mail service and the mails that wait for it. */
import { increase, lately, MAIL, measured, most, orUnknown, PAUSED, quantile, rate, share } from './promql.ts';
import { limits } from './limits.ts';
import { type Dashboard, type Panel, WELL } from './panel.ts';

const backlog = (metric: string): string => most(lately(metric, 'watch-backlog'));
const reputation = (metric: string): string => most(lately(metric, 'watch-reputation'));
const SEND = 'sealpost_mail_send_duration_seconds';

const now: readonly Panel[] = [
  {
    id: 1,
    kind: 'stat',
    title: 'The mail service',
    says: 'Whether it took the last mail of every API. While it is away, only a probe goes out, every ten seconds; while the database is away, it is not known.',
    queries: [{ expr: MAIL, legend: 'mail service' }],
    states: WELL,
    alerts: ['MailServiceUnavailable'],
  },
  {
    id: 2,
    kind: 'stat',
    title: 'The brake',
    says: 'Whether mail goes to everybody. When too many bounced or were called spam, only addresses that are known to be read get one.',
    queries: [{ expr: orUnknown(PAUSED), legend: 'brake' }],
    states: { '0': { text: 'Off', color: 'green' }, '1': { text: 'On', color: 'red' } },
    alerts: ['SendingPaused'],
  },
  {
    id: 3,
    kind: 'stat',
    title: 'Oldest mail that waits',
    says: 'How long the oldest mail has waited for the mail service. Above the line people ask again.',
    unit: 's',
    queries: [{ expr: orUnknown(backlog('sealpost_outbox_oldest_seconds')), legend: 'oldest' }],
    limit: { above: limits.MailLate },
  },
  {
    id: 4,
    kind: 'stat',
    title: 'Quota used',
    says: 'Of the mails that SES allows the account in 24 hours, those sent, by whomever. At 100% no code goes out.',
    unit: 'percentunit',
    queries: [
      {
        expr: measured('max(sealpost_ses_sent_last_24_hours) / (max(sealpost_ses_max_24_hour_send) > 0)', 'poll-ses'),
        legend: 'used',
      },
    ],
    limit: { above: limits.SesQuotaNearlyUsed },
    max: 1,
    none: 'No limit known',
    alerts: ['SesQuotaNearlyUsed'],
  },
  {
    id: 5,
    kind: 'stat',
    title: 'Bounces',
    says: 'Of the mails of 24 hours, those that came back for good. Amazon reviews an account from the line on.',
    unit: 'percentunit',
    queries: [{ expr: orUnknown(reputation('sealpost_mail_bounce_ratio')), legend: 'bounced' }],
    limit: { above: limits.BounceRateHigh },
    alerts: ['BounceRateHigh'],
  },
  {
    id: 6,
    kind: 'stat',
    title: 'Complaints',
    says: 'Of the mails of 24 hours, those called spam. Amazon reviews an account from the line on.',
    unit: 'percentunit',
    queries: [{ expr: orUnknown(reputation('sealpost_mail_complaint_ratio')), legend: 'complained' }],
    limit: { above: limits.ComplaintRateHigh },
    alerts: ['ComplaintRateHigh'],
  },
];

const sending: readonly Panel[] = [
  {
    id: 7,
    kind: 'graph',
    title: 'Mails handed over',
    says: 'Requests to the mail service a second, by result. Anything but accepted that lasts is bad.',
    unit: 'ops',
    queries: [{ expr: rate(`${SEND}_count`, 'result'), legend: '{{result}}' }],
    stacked: true,
  },
  {
    id: 8,
    kind: 'graph',
    title: 'Time of a request to the mail service',
    says: 'How long it takes to answer. If it grows, mails wait, though it is neither our queue nor our pace.',
    unit: 's',
    queries: [
      { expr: quantile(0.5, SEND), legend: 'half' },
      { expr: quantile(0.99, SEND), legend: '99 of 100' },
    ],
  },
  {
    id: 9,
    kind: 'graph',
    title: 'Refusals of the mail service',
    says: 'How often it refused, by whose fault it is. recipient and message are of one mail; all others stop every mail.',
    queries: [{ expr: increase('sealpost_mail_refusals_total', ['reason']), legend: '{{reason}}' }],
    alerts: ['MailRefused'],
  },
];

const waiting: readonly Panel[] = [
  {
    id: 10,
    kind: 'graph',
    title: 'Mails that wait',
    says: 'Mails without an answer of the mail service. A line that only climbs is asked for faster than it is sent.',
    queries: [{ expr: backlog('sealpost_outbox_mails'), legend: 'waiting' }],
  },
  {
    id: 11,
    kind: 'graph',
    title: 'How long mails wait',
    says: 'The oldest one, what one asked for now has to wait, and what 99 of 100 waited. Above the line people ask again.',
    unit: 's',
    queries: [
      { expr: backlog('sealpost_outbox_oldest_seconds'), legend: 'oldest' },
      { expr: backlog('sealpost_outbox_wait_seconds'), legend: 'promised' },
      { expr: quantile(0.99, 'sealpost_mail_wait_seconds'), legend: 'waited, 99 of 100' },
    ],
    limit: { above: limits.MailLate },
    alerts: ['MailLate'],
  },
  {
    id: 12,
    kind: 'graph',
    title: 'Pace',
    says: 'Mails sent a second, what we hand over at most, and what SES allows. Sent at our pace means that the outbox grows.',
    unit: 'ops',
    queries: [
      { expr: rate('sealpost_events_total{type="sent"}'), legend: 'sent' },
      { expr: backlog('sealpost_mail_rate_per_second'), legend: 'our pace' },
      { expr: most('sealpost_ses_max_send_rate'), legend: 'allowed by SES' },
    ],
  },
];

const feedback: readonly Panel[] = [
  {
    id: 13,
    kind: 'graph',
    title: 'Reports of the mail service',
    says: 'Deliveries, bounces and complaints reported, a second. None at all while mails are sent: the reports do not arrive, and bounces go unseen.',
    unit: 'ops',
    queries: [
      { expr: rate('sealpost_mail_feedback_total{known="true"}', 'kind'), legend: '{{kind}}' },
      { expr: rate('sealpost_mail_feedback_total{known="false"}'), legend: 'of mails that are not ours' },
    ],
    alerts: ['MailReportsMissing'],
  },
  {
    id: 14,
    kind: 'graph',
    title: 'The mail service given up',
    says: 'How often an API stopped handing mails over, by reason. unreached is the network or SES itself, all else a refusal.',
    queries: [{ expr: increase('sealpost_mail_unavailable_total', ['reason']), legend: '{{reason}}' }],
  },
  {
    id: 15,
    kind: 'graph',
    title: "The account's two weeks at SES",
    says: 'Of all attempts of the account in two weeks, those rejected, bounced and complained of, also of other programs. Rejects are mails that SES accepted and then found a virus in; what it refuses at once is not among them.',
    unit: 'percentunit',
    queries: ['rejects', 'bounces', 'complaints'].map((count) => ({
      expr: share(
        `max(sealpost_ses_statistics{count="${count}"})`,
        '(max(sealpost_ses_statistics{count="attempts"}) > 0)',
      ),
      legend: count,
    })),
    none: 'SES has counted nothing yet',
    alerts: ['SesRejects'],
  },
];

export const mail: Dashboard = {
  uid: 'sealpost-mail',
  title: 'Sealpost: mail',
  says: 'The mail service, and the mails that wait for it.',
  from: '6h',
  refresh: '1m',
  rows: [
    { height: 4, panels: now },
    { height: 7, panels: sending },
    { height: 7, panels: waiting },
    { height: 7, panels: feedback },
  ],
};
