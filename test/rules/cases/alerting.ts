/** When the alerts of prometheus/rules/monitoring.yml fire, and when they do not: the monitoring itself. */
import type { AlertCases } from '../case.ts';

const up = (job: string, instance: string): string => `up{job="${job}",instance="${instance}"}`;
const warning = { severity: 'warning' };
const critical = { severity: 'critical' };

export const alertingCases: readonly AlertCases[] = [
  {
    alert: 'AlertmanagerDown',
    fires: [
      {
        when: 'it does not answer',
        given: { [up('alertmanager', 'alertmanager:9093')]: '1x5 0x20' },
        at: '10m',
        labels: critical,
        summary: 'No alert can be sent.',
        description:
          'Prometheus has not reached Alertmanager for over two minutes. This one is seen in Prometheus and Grafana alone.',
      },
    ],
    silent: [
      {
        when: 'it answers',
        given: {
          [up('alertmanager', 'alertmanager:9093')]: '1x20',
          'prometheus_notifications_alertmanagers_discovered{job="prometheus",instance="localhost:9090"}': '1x20',
        },
        at: '10m',
      },
    ],
  },
  {
    alert: 'NotificationsFailing',
    fires: [
      {
        when: 'the mail server refuses them',
        given: {
          'alertmanager_notifications_failed_total{job="alertmanager",instance="alertmanager:9093",integration="email",reason="other"}':
            '0x5 0+1x20',
        },
        at: '20m',
        labels: { ...critical, integration: 'email' },
        summary: 'Alerts do not arrive by email.',
        description: '10 notifications failed within ten minutes. The log of Alertmanager has the reason.',
      },
      {
        when: 'the first of all fails, with which its counter begins',
        given: {
          'alertmanager_notifications_failed_total{job="alertmanager",instance="alertmanager:9093",integration="slack",reason="other"}':
            '_x9 1x20',
        },
        at: '17m',
        labels: { ...critical, integration: 'slack' },
        summary: 'Alerts do not arrive by slack.',
        description: '1 notifications failed within ten minutes. The log of Alertmanager has the reason.',
      },
      {
        when: 'Prometheus cannot hand them over',
        given: {
          'prometheus_notifications_dropped_total{job="prometheus",instance="localhost:9090",alertmanager="a"}':
            '0x5 0+1x20',
        },
        at: '20m',
        labels: critical,
        summary: 'Alerts do not arrive.',
        description: '10 notifications failed within ten minutes. The log of Alertmanager has the reason.',
      },
    ],
    silent: [
      {
        when: 'Alertmanager has just started, and none has failed',
        given: {
          'alertmanager_notifications_failed_total{job="alertmanager",instance="alertmanager:9093",integration="email",reason="other"}':
            '_x9 0x20',
        },
        at: '17m',
      },
      {
        when: 'some failed yesterday',
        given: {
          'alertmanager_notifications_failed_total{job="alertmanager",instance="alertmanager:9093",integration="email",reason="other"}':
            '9x30',
        },
        at: '20m',
      },
    ],
  },
  {
    alert: 'RulesFailing',
    fires: [
      {
        when: 'an own rule cannot be evaluated',
        given: {
          'prometheus_rule_evaluation_failures_total{job="prometheus",instance="localhost:9090",rule_group="own"}':
            '0+1x30',
        },
        at: '20m',
        labels: warning,
        summary: 'The monitoring runs by old or broken rules.',
        description:
          'Rules fail, or Prometheus or Alertmanager could not read what was changed. Alerts may be missing.',
      },
      {
        when: 'Alertmanager could not read its file',
        given: {
          'alertmanager_config_last_reload_successful{job="alertmanager",instance="alertmanager:9093"}': '0x30',
        },
        at: '20m',
        labels: { ...warning, job: 'alertmanager', instance: 'alertmanager:9093' },
        summary: 'The monitoring runs by old or broken rules.',
        description:
          'Rules fail, or Prometheus or Alertmanager could not read what was changed. Alerts may be missing.',
      },
    ],
    silent: [
      {
        when: 'all is read',
        given: {
          'prometheus_config_last_reload_successful{job="prometheus",instance="localhost:9090"}': '1x30',
          'alertmanager_config_last_reload_successful{job="alertmanager",instance="alertmanager:9093"}': '1x30',
        },
        at: '20m',
      },
    ],
  },
];
