/** When the alerts of prometheus/rules/codes.yml fire, and when they do not. */
import type { AlertCases } from '../case.ts';

const event = (type: string, outcome: string): string =>
  `sealpost_events_total{job="api",instance="a:1",type="${type}",purpose="verification",outcome="${outcome}"}`;
const refused = (code: string): string => `sealpost_refusals_total{job="api",instance="a:1",code="${code}"}`;
const threshold = 'sealpost_alert_threshold{job="scheduler",instance="s:1",name="wrong_codes_ratio"}';

const [asked, verified] = [event('requested', 'new'), event('verified', 'otp')];

const rateLimited = {
  severity: 'warning',
  code: 'rate_limited',
};

export const codesCases: readonly AlertCases[] = [
  {
    alert: 'VerifySuccessFalling',
    minutes: 20,
    fires: [
      {
        when: 'eight of ten got through all week, and now two do',
        given: { [asked]: '0+40x520', [verified]: '0+32x450 14400+8x70' },
        at: '153h',
        labels: { severity: 'warning', depends_on: 'api,database,mail,sending' },
        summary: 'Fewer people get through than usual.',
        description:
          'Of the codes of the last hour 20% were typed rightly: less than six tenths of what this week had.',
      },
    ],
    silent: [
      {
        when: 'half got through all week, and half do',
        given: { [asked]: '0+40x520', [verified]: '0+20x520' },
        at: '153h',
      },
      {
        when: 'the few of a night did not',
        given: { [asked]: '0+40x450 18000+1x70', [verified]: '0+32x450 14400x70' },
        at: '153h',
      },
    ],
  },
  {
    alert: 'WrongCodesMany',
    fires: [
      {
        when: 'nine of ten are wrong',
        given: { [event('attempted', 'wrong')]: '0+18x60', [event('attempted', 'last')]: '0x60', [verified]: '0+2x60' },
        at: '30m',
        labels: { severity: 'warning' },
        summary: 'Somebody guesses codes.',
        description:
          '90% of the codes typed within 15 minutes were wrong. Guesses stay bounded: docs/security.md says how.',
      },
      {
        when: 'four of ten are, and the operator wants to know at three',
        given: { [threshold]: '0.3x60', [event('attempted', 'wrong')]: '0+8x60', [verified]: '0+12x60' },
        at: '30m',
        labels: { severity: 'warning' },
        summary: 'Somebody guesses codes.',
        description:
          '40% of the codes typed within 15 minutes were wrong. Guesses stay bounded: docs/security.md says how.',
      },
    ],
    silent: [
      {
        when: 'three of ten are, as people mistype',
        given: { [event('attempted', 'wrong')]: '0+6x60', [verified]: '0+14x60' },
        at: '30m',
      },
      {
        when: 'a few people mistype at night',
        given: { [event('attempted', 'wrong')]: '0x10 6x50', [verified]: '0x60' },
        at: '20m',
      },
    ],
  },
  {
    alert: 'RequestsRefusedMany',
    fires: [
      {
        when: 'a network asks fifty times a minute too often',
        given: { [refused('rate_limited')]: '0+50x30' },
        at: '20m',
        labels: rateLimited,
        summary: 'Many requests are refused: rate_limited.',
        description:
          '500 requests were refused as rate_limited within ten minutes: a user or a network asks for far more than others, or a limit is too low.',
      },
    ],
    silent: [
      {
        when: 'people ask again too soon, or mistype',
        given: {
          [refused('rate_limited')]: '0+1x30',
          [refused('resend_cooldown')]: '0+90x30',
          [refused('otp_incorrect')]: '0+90x30',
        },
        at: '20m',
      },
    ],
  },
  {
    alert: 'UsersPaused',
    fires: [
      {
        when: 'two are',
        given: { 'sealpost_users_paused{job="api",instance="a:1"}': '2x30' },
        at: '10m',
        labels: { severity: 'info' },
        summary: 'No mail is sent for some users.',
        description: 'For 2 users no mail is sent, because too many of theirs came back. Nobody else is held back.',
      },
    ],
    silent: [{ when: 'none is', given: { 'sealpost_users_paused{job="api",instance="a:1"}': '0x30' }, at: '10m' }],
  },
];
