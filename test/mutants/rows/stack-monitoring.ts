/** Faults of what is watched, how often, and what the dashboard shows. */
import { mutantsOf } from '../file-rows.ts';

const TEST = 'test/stack-files/monitoring.test.ts';
const SCRAPED = 'every api and scheduler, the edge';
const SHOWN = 'the dashboard asks what its titles say';

export const stackMonitoringMutants = [
  ...mutantsOf('prometheus/prometheus.yml', TEST, [
    [
      'the schedulers are not scraped',
      ['F25'],
      '  - job_name: scheduler\n    dns_sd_configs: [{ names: [scheduler.metrics], type: A, port: 9464, refresh_interval: 5s }]\n',
      '',
      SCRAPED,
    ],
    [
      'one api only is scraped',
      ['F25'],
      '    dns_sd_configs: [{ names: [api.metrics], type: A, port: 9464, refresh_interval: 5s }]',
      "    static_configs: [{ targets: ['api.metrics:9464'] }]",
      SCRAPED,
    ],
    [
      'the apis are scraped at their public port',
      ['T22'],
      'names: [api.metrics], type: A, port: 9464',
      'names: [api.metrics], type: A, port: 3001',
      SCRAPED,
    ],
    ['scraped once in 15 minutes', ['F25'], 'scrape_interval: 15s', 'scrape_interval: 15m', SCRAPED],
    ['the operator’s own rules are not read', ['F25'], ', /etc/prometheus/own/*.yml]', ']', SCRAPED],
    [
      'rules are not read',
      ['F25'],
      'rule_files: [/etc/prometheus/rules/*.yml, /etc/prometheus/own/*.yml]\n',
      '',
      SCRAPED,
    ],
    [
      'alerts go nowhere',
      ['F25'],
      "alerting:\n  alertmanagers:\n    - static_configs: [{ targets: ['alertmanager:9093'] }]\n",
      '',
      SCRAPED,
    ],
  ]),
  ...mutantsOf('grafana/dashboards/sealpost.json', TEST, [
    [
      'waiting mails of several apis are added up',
      ['F25'],
      'max(sealpost_outbox_mails)',
      'sum(sealpost_outbox_mails)',
      SHOWN,
    ],
    [
      'the median is shown as the 99th percentile',
      ['F25'],
      'histogram_quantile(0.99, ',
      'histogram_quantile(0.5, ',
      SHOWN,
    ],
    [
      'a panel asks for what nobody exports',
      ['F25'],
      'sealpost_refusals_total',
      'sealpost_refused_total',
      'every metric of a panel',
    ],
    [
      'a panel asks by a label that nobody gives',
      ['F25'],
      'sum by (result) (',
      'sum by (outcome) (',
      'every metric of a panel',
    ],
  ]),
  ...mutantsOf('services/runtime/metrics/mail.ts', TEST, [
    [
      'a metric has another name than its panel asks for',
      ['F25'],
      "'sealpost_outbox_oldest_seconds'",
      "'sealpost_outbox_oldest_mail_seconds'",
      'every metric of a panel',
    ],
  ]),
  ...mutantsOf('grafana/provisioning/datasources/stack.yaml', TEST, [
    [
      'dashboards name a source that is not there',
      ['F25'],
      'uid: prometheus\n',
      'uid: metrics\n',
      'Grafana knows both by the uids',
    ],
    [
      'a browser is to ask Prometheus itself',
      ['T22'],
      '    access: proxy\n    url: http://prometheus:9090',
      '    access: direct\n    url: http://prometheus:9090',
      'Grafana knows both by the uids',
    ],
  ]),
  ...mutantsOf('grafana/provisioning/dashboards/stack.yaml', TEST, [
    [
      'a dashboard is changed by whom looks at it',
      ['F25'],
      'allowUiUpdates: false',
      'allowUiUpdates: true',
      'Grafana knows both by the uids',
    ],
  ]),
];
