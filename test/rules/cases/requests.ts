/** When the alerts of prometheus/rules/api.yml fire, and when they do not: how requests fare. */
import type { AlertCases } from '../case.ts';

const counted = (status: number, route = '/api/email-verification/send-otp'): string =>
  `sealpost_http_request_duration_seconds_count{job="api",instance="a:1",method="POST",route="${route}",status="${status}"}`;
const bucket = (le: string, route: string): string =>
  `sealpost_http_request_duration_seconds_bucket{job="api",instance="a:1",method="POST",route="${route}",status="200",le="${le}"}`;

/** A hundred requests a minute, of which two in a hundred take between one and two and a half seconds. */
const slow = (route: string) => ({
  [bucket('0.5', route)]: '0+98x60',
  [bucket('1', route)]: '0+98x60',
  [bucket('2.5', route)]: '0+100x60',
  [bucket('+Inf', route)]: '0+100x60',
  [counted(200, route)]: '0+100x60',
});

export const requestCases: readonly AlertCases[] = [
  {
    alert: 'ApiSlow',
    fires: [
      {
        when: 'two of a hundred take two seconds',
        given: slow('/api/email-verification/send-otp'),
        at: '30m',
        labels: { severity: 'warning', depends_on: 'api,database' },
        summary: 'The api answers slowly.',
        description: 'One request of a hundred takes longer than 1.75s.',
      },
    ],
    silent: [
      { when: 'it is an admin who searches', given: slow('/api/admin/email-management/user-emails'), at: '30m' },
      {
        when: 'the operator allows five seconds',
        given: {
          'sealpost_alert_threshold{job="scheduler",instance="s:1",name="slow_seconds"}': '5x60',
          ...slow('/api/email-verification/send-otp'),
        },
        at: '30m',
      },
    ],
  },
  {
    alert: 'ConnectionsDropped',
    fires: [
      {
        when: 'some are turned away each minute',
        given: { 'sealpost_connections_dropped_total{job="api",instance="a:1"}': '0x10 0+20x20' },
        at: '20m',
        labels: { severity: 'warning' },
        summary: 'The api turns connections away.',
        description: '100 connections were turned away within five minutes, because as many as may be were open.',
      },
    ],
    silent: [
      {
        when: 'some were, before',
        given: { 'sealpost_connections_dropped_total{job="api",instance="a:1"}': '400x30' },
        at: '20m',
      },
    ],
  },
  {
    alert: 'LoopFailing',
    fires: [
      {
        when: 'it fails each minute at one of two apis, and has not gone well since the start',
        given: {
          'sealpost_loop_failures_total{job="api",instance="a:1",loop="claim-mails"}': '0+1x40',
          'sealpost_loop_failures_total{job="api",instance="b:1",loop="claim-mails"}': '0x40',
          'sealpost_loop_last_success_timestamp_seconds{job="api",instance="b:1",loop="claim-mails"}': '0+60x40',
          'sealpost_database_available{job="api",instance="a:1"}': '1x40',
        },
        at: '30m',
        labels: { severity: 'warning', depends_on: 'database,mail', loop: 'claim-mails', job: 'api', instance: 'a:1' },
        summary: 'The api fails again and again at claim-mails.',
        description:
          'claim-mails failed 5 times within five minutes, and not once went well in two. The log has loop_failing with the reason.',
      },
    ],
    silent: [
      {
        when: 'each second round of it goes well',
        given: {
          'sealpost_loop_failures_total{job="api",instance="a:1",loop="claim-mails"}': '0+1x40',
          'sealpost_loop_last_success_timestamp_seconds{job="api",instance="a:1",loop="claim-mails"}': '0+60x40',
        },
        at: '30m',
      },
      {
        when: 'it failed twice',
        given: { 'sealpost_loop_failures_total{job="api",instance="a:1",loop="find-key"}': '0x20 2x20' },
        at: '23m',
      },
      {
        when: 'the database is away, which has an alert of its own',
        given: {
          'sealpost_loop_failures_total{job="api",instance="a:1",loop="claim-mails"}': '0+60x40',
          'sealpost_database_available{job="api",instance="a:1"}': '0x40',
        },
        at: '30m',
      },
      {
        when: 'the database is back',
        given: {
          'sealpost_loop_failures_total{job="api",instance="a:1",loop="claim-mails"}': '0+60x20 1200x20',
          'sealpost_loop_last_success_timestamp_seconds{job="api",instance="a:1",loop="claim-mails"}':
            '_x20 1200+60x20',
          'sealpost_database_available{job="api",instance="a:1"}': '0x20 1x20',
        },
        at: '23m',
      },
      {
        when: 'the database is back, and this one has had nothing to do since',
        given: {
          'sealpost_loop_failures_total{job="api",instance="a:1",loop="count-steps"}': '0x17 5x20',
          'sealpost_database_available{job="api",instance="a:1"}': '1x15 0x5 1x20',
        },
        at: '23m',
      },
    ],
  },
];
