/** What becomes of codes: from the request to the proof, by purpose, and how long it takes. */
import { ASKED_FOR, HTTP, increase, partOf, quantile, rate, share } from './promql.ts';
import { limits } from './limits.ts';
import type { Dashboard, Panel, Query } from './panel.ts';

const events = (labels: string): string => `sealpost_events_total{${labels}, purpose=~"$purpose"}`;
const inRange = (labels: string): string => increase(events(labels), [], '$__range');
const asked = 'type="requested", outcome="new"';
const STEPS: readonly (readonly [legend: string, labels: string])[] = [
  ['asked for', asked],
  ['mailed', 'type="sent"'],
  ['delivered', 'type="delivered"'],
  ['verified', 'type="verified"'],
];
const LOST: readonly (readonly [legend: string, labels: string])[] = [
  ['expired', 'type="expired"'],
  ['replaced by a newer one', 'type="superseded"'],
  ['mail given up', 'type="send_failed"'],
  ['mail came back', 'type="bounced"'],
  ['last attempt was wrong', 'type="attempted", outcome="last"'],
];

/** Whoever is refused by a 5xx has asked in vain: no event tells of that. */
const ALL = `${HTTP}_count`;
const REFUSED = `${ALL}{${ASKED_FOR}, status=~"5.."}`;

const counted = (steps: typeof STEPS): Query[] => steps.map(([legend, labels]) => ({ legend, expr: inRange(labels) }));
const rated = (steps: typeof STEPS): Query[] =>
  steps.map(([legend, labels]) => ({ legend, expr: rate(events(labels)) }));

const times = (histogram: string): Query[] => [
  { expr: quantile(0.5, histogram), legend: 'half' },
  { expr: quantile(0.95, histogram), legend: '95 of 100' },
];

const sums: readonly Panel[] = [
  {
    id: 1,
    kind: 'bars',
    title: 'The way of a code, in the chosen time',
    says: 'How many codes came how far, and beside them the requests of all purposes that a 5xx refused, which count as asked for nowhere. A step that is much shorter than the one above it is where codes are lost.',
    queries: [
      ...counted(STEPS),
      {
        expr: partOf(increase(REFUSED, [], '$__range'), increase(ALL, [], '$__range')),
        legend: 'refused (5xx)',
        color: 'red',
      },
    ],
    width: 10,
  },
  {
    id: 2,
    kind: 'stat',
    title: 'Verified, in the chosen time',
    says: 'Of the codes asked for, those that were typed rightly; those that were refused are not among them. People give up some: below a fifth it is red, for something is broken, or somebody asks who never reads.',
    unit: 'percentunit',
    limit: { below: 0.2 },
    queries: [{ expr: `${inRange('type="verified"')} / ${inRange(asked)}`, legend: 'verified' }],
    width: 4,
    max: 1,
  },
  {
    id: 3,
    kind: 'bars',
    title: 'Where codes end unverified, in the chosen time',
    says: 'How codes ended that nobody verified. Expired ones are people who gave up, or mails that came late or not at all.',
    queries: counted(LOST),
    width: 10,
  },
];

const overTime: readonly Panel[] = [
  {
    id: 4,
    kind: 'graph',
    title: 'Steps of codes',
    says: 'Steps a second, and the requests of all purposes that a 5xx refused. The lines follow each other: where one stays behind, the step before it is broken; where all fall and the red one rises, no code can be asked for.',
    unit: 'ops',
    queries: [...rated(STEPS), { expr: partOf(rate(REFUSED), rate(ALL)), legend: 'refused (5xx)', color: 'red' }],
  },
  {
    id: 5,
    kind: 'graph',
    title: 'Share verified',
    says: 'Of the codes asked for in an hour, those verified in it, and the same of the week before. An hour far below its week means that mails or people no longer arrive.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(increase(events('type="verified"'), [], '1h'), increase(events(asked), [], '1h')),
        legend: 'in an hour',
      },
      {
        expr: share(increase(events('type="verified"'), [], '1w'), increase(events(asked), [], '1w')),
        legend: 'in a week',
      },
    ],
    more: 'sealpost-mail',
    alerts: ['VerifySuccessFalling'],
  },
];

const byPurpose: readonly Panel[] = [
  {
    id: 6,
    kind: 'graph',
    title: 'Asked for, by purpose',
    says: 'Codes and repeated mails asked for a second, by purpose. One purpose that jumps alone is one client that does.',
    unit: 'ops',
    queries: [{ expr: rate(events('type="requested"'), 'purpose'), legend: '{{purpose}}' }],
    stacked: true,
  },
  {
    id: 7,
    kind: 'graph',
    title: 'Verified, by purpose',
    says: 'Codes verified a second, by purpose. One that falls alone is a fault of the client that uses it.',
    unit: 'ops',
    queries: [{ expr: rate(events('type="verified"'), 'purpose'), legend: '{{purpose}}' }],
    stacked: true,
  },
  {
    id: 8,
    kind: 'graph',
    title: 'Codes that end unverified',
    says: 'How codes end a second that nobody verified. Mails given up or come back point to the mail service, wrong attempts to guessing.',
    unit: 'ops',
    queries: rated(LOST),
  },
];

const howLong: readonly Panel[] = [
  {
    id: 9,
    kind: 'graph',
    title: 'From the request until the mail is taken',
    says: 'How long the mail service let mails wait, of all purposes. Above the line people ask again.',
    unit: 's',
    queries: times('sealpost_mail_wait_seconds'),
    limit: { above: limits.MailLate },
    more: 'sealpost-mail',
  },
  {
    id: 10,
    kind: 'graph',
    title: 'From the code until it is verified',
    says: 'How long people took, of all purposes: the mail on its way, the inbox, the typing. If it grows, mails are late beyond the mail service.',
    unit: 's',
    queries: times('sealpost_verification_seconds'),
  },
];

export const funnel: Dashboard = {
  uid: 'sealpost-funnel',
  title: 'Sealpost: codes',
  says: 'What becomes of codes, from the request to the proof.',
  from: '24h',
  refresh: '1m',
  variables: [
    {
      name: 'purpose',
      label: 'Purpose',
      says: 'What the code is for.',
      metric: 'sealpost_events_total',
      values: 'purpose',
    },
  ],
  rows: [
    { height: 7, panels: sums },
    { height: 7, panels: overTime },
    { height: 7, panels: byPurpose },
    { height: 7, panels: howLong },
  ],
};
