/** What somebody tries: guessing codes, asking for more than is allowed, signing in. */
import { calmRate, HTTP, increase, lately, most, partOf, rate, share } from './promql.ts';
import { limits, WRONG_CODES_MIN } from './limits.ts';
import type { Dashboard, Panel } from './panel.ts';

const events = (labels: string): string => rate(`sealpost_events_total{${labels}}`);
const WRONG = 'sealpost_events_total{type="attempted"}';
const TYPED = 'sealpost_events_total{type=~"attempted|verified"}';
const TOO_MUCH = [
  'rate_limited',
  'resend_cooldown',
  'hourly_limit',
  'daily_limit',
  'user_limit',
  'installation_limit',
  'user_paused',
  'address_locked',
  'too_many_attempts',
  'login_limited',
  'login_busy',
].join('|');
const NOT_WHO = 'unauthorized|invalid_credentials|invalid_refresh_token|forbidden|notification_refused';
/** Only what happens, for there are many codes. */
const happening = (codes: string): string => `${rate(`sealpost_refusals_total{code=~"${codes}"}`, 'code')} > 0`;
const login = `${HTTP}_count{route="/api/auth/login"`;

const guesses: readonly Panel[] = [
  {
    id: 1,
    kind: 'graph',
    title: 'Wrong codes',
    says: `Of all codes typed in 15 minutes, those that were wrong; the overview has their number. Above the line somebody guesses, if there are more than ${WRONG_CODES_MIN} wrong ones: fewer say little, and fire no alert.`,
    unit: 'percentunit',
    queries: [{ expr: share(calmRate(WRONG), calmRate(TYPED)), legend: 'wrong' }],
    limit: { above: limits.WrongCodesMany },
    max: 1,
    alerts: ['WrongCodesMany'],
  },
  {
    id: 2,
    kind: 'graph',
    title: 'Codes typed, by outcome',
    says: 'Codes typed a second: right, wrong, and wrong for the last time. Many last ones are codes killed by guessing.',
    unit: 'ops',
    queries: [
      { expr: events('type="verified", outcome="otp"'), legend: 'right' },
      { expr: events('type="attempted", outcome="wrong"'), legend: 'wrong' },
      { expr: events('type="attempted", outcome="last"'), legend: 'wrong, and the last' },
    ],
    stacked: true,
  },
  {
    id: 3,
    kind: 'graph',
    title: 'Addresses locked and codes dead',
    says: 'Codes that a last wrong attempt killed, a second, and guesses after that: not judged, for an address that is locked or a code that is dead. They tell the attacker nothing.',
    unit: 'ops',
    queries: [
      { expr: events('type="attempted", outcome="last"'), legend: 'codes killed' },
      ...['address_locked', 'too_many_attempts'].map((code) => ({
        expr: rate(`sealpost_refusals_total{code="${code}"}`),
        legend: `not judged: ${code}`,
      })),
    ],
  },
];

const asking: readonly Panel[] = [
  {
    id: 4,
    kind: 'graph',
    title: 'Refused: too much asked for',
    says: 'Requests beyond a limit a second, by error code. rate_limited is one IP, user_limit one user, installation_limit everybody together.',
    unit: 'ops',
    queries: [{ expr: happening(TOO_MUCH), legend: '{{code}}' }],
    stacked: true,
    none: 'Nothing is refused',
    alerts: ['RequestsRefusedMany'],
  },
  {
    id: 5,
    kind: 'graph',
    title: 'Refused: not allowed',
    says: 'Requests without a valid token, password or signature a second. A jump is a client with a wrong secret, or somebody who tries doors.',
    unit: 'ops',
    queries: [{ expr: happening(NOT_WHO), legend: '{{code}}' }],
    stacked: true,
    none: 'Nothing is refused',
  },
  {
    id: 6,
    kind: 'graph',
    title: 'Connections dropped',
    says: 'Connections turned away because as many as may be were open. Any is bad: a flood, or answers so slow that connections pile up.',
    queries: [{ expr: increase('sealpost_connections_dropped_total'), legend: 'dropped' }],
    more: 'sealpost-api',
  },
];

const people: readonly Panel[] = [
  {
    id: 7,
    kind: 'graph',
    title: 'Users paused',
    says: 'Users for whom no mail is sent because too many of theirs came back. Any is somebody who asks for codes to addresses that are not theirs.',
    queries: [{ expr: most(lately('sealpost_users_paused', 'watch-reputation')), legend: 'paused' }],
    limit: { above: limits.UsersPaused },
    alerts: ['UsersPaused'],
  },
  {
    id: 8,
    kind: 'graph',
    title: 'Sign-ins',
    says: 'Sign-ins of accounts a second, right and refused. Refused ones without right ones are somebody who guesses passwords.',
    unit: 'ops',
    queries: [
      { expr: partOf(rate(`${login}, status="200"}`), rate(`${login}}`)), legend: 'right' },
      { expr: partOf(rate(`${login}, status=~"4.."}`), rate(`${login}}`)), legend: 'refused' },
    ],
    stacked: true,
    none: 'Nobody has signed in yet',
  },
  {
    id: 9,
    kind: 'graph',
    title: 'Sessions',
    says: 'Sessions of accounts that have not ended; 1000 stand for all that are more. A jump without a new admin is a stolen password.',
    queries: [{ expr: most('sealpost_sessions'), legend: 'open' }],
  },
];

export const attack: Dashboard = {
  uid: 'sealpost-attack',
  title: 'Sealpost: attack',
  says: 'Who guesses, who asks for too much, who tries to sign in.',
  from: '6h',
  refresh: '1m',
  rows: [
    { height: 8, panels: guesses },
    { height: 8, panels: asking },
    { height: 8, panels: people },
  ],
};
