/** When the alerts of prometheus/rules/api.yml fire, and when they do not: whether it is reached. */
import type { AlertCases } from '../case.ts';

export const apiCases: readonly AlertCases[] = [
  {
    alert: 'ApiDown',
    fires: [
      {
        when: 'the only api is gone from the network',
        given: { 'up{job="api",instance="a:1"}': '1x5 stale', 'up{job="scheduler",instance="s:1"}': '1x20' },
        at: '10m',
        labels: { severity: 'critical' },
        summary: 'No api answers.',
        description: 'Prometheus has reached no api for over a minute. No code is sent and none is checked.',
      },
      {
        when: 'both are there and answer nothing',
        given: { 'up{job="api",instance="a:1"}': '1x5 0x20', 'up{job="api",instance="b:1"}': '0x25' },
        at: '10m',
        labels: { severity: 'critical' },
        summary: 'No api answers.',
        description: 'Prometheus has reached no api for over a minute. No code is sent and none is checked.',
      },
    ],
    silent: [
      {
        when: 'one of two answers',
        given: { 'up{job="api",instance="a:1"}': '1x20', 'up{job="api",instance="b:1"}': '0x20' },
        at: '10m',
      },
      {
        when: 'it was away for half a minute, as when it is replaced',
        given: { 'up{job="api",instance="a:1"}': '1x5 0 1x5' },
        at: '6m',
      },
    ],
  },
  {
    alert: 'EdgeDown',
    fires: [
      {
        when: 'it does not answer',
        given: {
          'sealpost_edge_available{job="scheduler",instance="s:1"}': '1x5 0x10',
          'up{job="api",instance="a:1"}': '1x20',
          'sealpost_database_available{job="api",instance="a:1"}': '1x20',
        },
        at: '10m',
        labels: { severity: 'critical', depends_on: 'api,database' },
        summary: 'Clients are not served by the edge.',
        description:
          'https://API_DOMAIN/health has not been 200 for over two minutes, asked by way of Caddy, though an api runs: Caddy is away, does not reach it, or shows a certificate that clients refuse. The failed runs of the job watch-edge say which.',
      },
    ],
    silent: [
      {
        when: 'it was away for a moment',
        given: {
          'sealpost_edge_available{job="scheduler",instance="s:1"}': '1x5 0 1x10',
          'up{job="api",instance="a:1"}': '1x20',
        },
        at: '10m',
      },
      {
        when: 'the api is down, which has an alert of its own',
        given: {
          'sealpost_edge_available{job="scheduler",instance="s:1"}': '0x20',
          'up{job="api",instance="a:1"}': '0x20',
        },
        at: '10m',
      },
      {
        when: 'the database is',
        given: {
          'sealpost_edge_available{job="scheduler",instance="s:1"}': '0x20',
          'up{job="api",instance="a:1"}': '1x20',
          'sealpost_database_available{job="api",instance="a:1"}': '0x20',
        },
        at: '10m',
      },
      { when: 'none is watched', given: { 'up{job="api",instance="a:1"}': '1x20' }, at: '10m' },
    ],
  },
  {
    alert: 'CertificateExpiresSoon',
    fires: [
      {
        when: 'one of 90 days ends in ten',
        given: {
          'sealpost_certificate_expiry_timestamp_seconds{job="scheduler",instance="s:1"}': '864000x60',
          'sealpost_certificate_lifetime_seconds{job="scheduler",instance="s:1"}': '7776000x60',
        },
        at: '20m',
        labels: { severity: 'warning' },
        summary: 'The certificate of the API ends soon.',
        description:
          'It is good for 9d 23h 40m 0s more. Caddy should have renewed it when a third of its time was left.',
      },
      {
        when: 'it has ended',
        given: {
          'sealpost_certificate_expiry_timestamp_seconds{job="scheduler",instance="s:1"}': '60x60',
          'sealpost_certificate_lifetime_seconds{job="scheduler",instance="s:1"}': '7776000x60',
        },
        at: '20m',
        labels: { severity: 'warning' },
        summary: 'The certificate of the API ends soon.',
        description: 'It has ended. Caddy should have renewed it when a third of its time was left.',
      },
      {
        when: 'one of twelve hours ends in two',
        given: {
          'sealpost_certificate_expiry_timestamp_seconds{job="scheduler",instance="s:1"}': '7200x60',
          'sealpost_certificate_lifetime_seconds{job="scheduler",instance="s:1"}': '43200x60',
        },
        at: '20m',
        labels: { severity: 'warning' },
        summary: 'The certificate of the API ends soon.',
        description: 'It is good for 1h 40m 0s more. Caddy should have renewed it when a third of its time was left.',
      },
      {
        when: 'twenty days are left and the operator wants to know at thirty',
        given: {
          'sealpost_alert_threshold{job="scheduler",instance="s:1",name="certificate_seconds"}': '2592000x60',
          'sealpost_certificate_expiry_timestamp_seconds{job="scheduler",instance="s:1"}': '1728000x60',
          'sealpost_certificate_lifetime_seconds{job="scheduler",instance="s:1"}': '15552000x60',
        },
        at: '20m',
        labels: { severity: 'warning' },
        summary: 'The certificate of the API ends soon.',
        description:
          'It is good for 19d 23h 40m 0s more. Caddy should have renewed it when a third of its time was left.',
      },
    ],
    silent: [
      {
        when: 'one of 90 days has fifteen left',
        given: {
          'sealpost_certificate_expiry_timestamp_seconds{job="scheduler",instance="s:1"}': '1300000x60',
          'sealpost_certificate_lifetime_seconds{job="scheduler",instance="s:1"}': '7776000x60',
        },
        at: '20m',
      },
      {
        when: 'one of twelve hours has four left, and is about to be renewed',
        given: {
          'sealpost_certificate_expiry_timestamp_seconds{job="scheduler",instance="s:1"}': '15600x60',
          'sealpost_certificate_lifetime_seconds{job="scheduler",instance="s:1"}': '43200x60',
        },
        at: '20m',
      },
    ],
  },
];
