/** When the alerts of prometheus/rules/api.yml fire, and when they do not: the budget of errors. */
import type { AlertCases } from '../case.ts';

const counted = (status: number, route = '/api/email-verification/send-otp'): string =>
  `sealpost_http_request_duration_seconds_count{job="api",instance="a:1",method="POST",route="${route}",status="${status}"}`;
const fetched = 'sealpost_loop_last_success_timestamp_seconds{job="api",instance="a:1",loop="fetch-issuer-keys"}';
const refused = (code: string): string => `sealpost_refusals_total{job="api",instance="a:1",code="${code}"}`;

export const errorBudgetCases: readonly AlertCases[] = [
  {
    alert: 'ErrorBudgetBurningFast',
    fires: [
      {
        when: 'five of a hundred fail',
        given: { [counted(200)]: '0+95x90', [counted(500)]: '0+5x90' },
        at: '80m',
        labels: { severity: 'critical', depends_on: 'api,database' },
        summary: 'The api fails requests.',
        description: '5% of the requests of the last hours failed: the error budget of 30 days is gone within days.',
      },
      {
        when: 'the keys of the issuer are not to be had',
        given: {
          [counted(200)]: '0+95x90',
          [counted(503)]: '0+5x90',
          [refused('keys_unavailable')]: '0+5x90',
          [fetched]: '60x90',
        },
        at: '80m',
        labels: { severity: 'critical', depends_on: 'api,database' },
        summary: 'The api fails requests.',
        description: '5% of the requests of the last hours failed: the error budget of 30 days is gone within days.',
      },
    ],
    silent: [
      {
        when: 'strangers name keys that the issuer does not publish',
        given: {
          [counted(200)]: '0+80x90',
          [counted(503)]: '0+20x90',
          [refused('keys_unavailable')]: '0+20x90',
          [fetched]: '0+60x90',
        },
        at: '80m',
      },
      {
        when: 'one of a thousand fails, which the budget is for',
        given: { [counted(200)]: '0+999x90', [counted(500)]: '0+1x90' },
        at: '80m',
      },
      {
        when: 'they failed an hour ago and do not any more',
        given: { [counted(200)]: '0+95x150', [counted(500)]: '0+5x60 300x90' },
        at: '110m',
      },
      {
        when: 'one of the three of a quiet night failed',
        given: { [counted(200)]: '0x30 2x60', [counted(500)]: '0x30 1x60' },
        at: '32m',
      },
      {
        when: 'mails are refused on purpose',
        given: { [counted(200)]: '0+80x90', [counted(503)]: '0+20x90', [refused('sending_paused')]: '0+20x90' },
        at: '80m',
      },
    ],
  },
  {
    alert: 'ErrorBudgetBurningSlowly',
    fires: [
      {
        when: 'four of a thousand fail all day',
        given: { [counted(200)]: '0+996x250', [counted(500)]: '0+4x250' },
        at: '4h',
        labels: { severity: 'warning', depends_on: 'api,database' },
        summary: 'The api fails some requests all the time.',
        description: '0.3983% of the requests of the last days failed: more than the error budget allows.',
      },
    ],
    silent: [
      {
        when: 'the operator allows ten of a thousand',
        given: {
          'sealpost_alert_threshold{job="scheduler",instance="s:1",name="error_ratio"}': '0.01x250',
          [counted(200)]: '0+996x250',
          [counted(500)]: '0+4x250',
        },
        at: '4h',
      },
      { when: 'none fails', given: { [counted(200)]: '0+1000x250', [counted(400)]: '0+500x250' }, at: '4h' },
    ],
  },
];
