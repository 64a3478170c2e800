/** Faults of what is watched, how often, and what the dashboard shows. */
import { mutantsOf } from '../file-rows.ts';

const TEST = 'test/stack-files/monitoring.test.ts';
const SCRAPED = 'every api and scheduler, the edge';
const QUERIES = 'test/grafana/queries.test.ts';

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
      "  alertmanagers:\n    - static_configs: [{ targets: ['alertmanager:9093'] }]\n",
      '',
      SCRAPED,
    ],
  ]),
  ...mutantsOf('grafana/dashboards/sealpost-mail.json', QUERIES, [
    [
      'waiting mails of several apis are added up',
      ['F25'],
      'max(sealpost_outbox_mails and',
      'sum(sealpost_outbox_mails and',
      'what several processes measure alike',
    ],
    [
      'the median is shown as the 99th percentile',
      ['F25'],
      'histogram_quantile(0.99, sum by (le) (rate(sealpost_mail_send',
      'histogram_quantile(0.5, sum by (le) (rate(sealpost_mail_send',
      'a legend tells the share',
    ],
    [
      'a panel asks for what nobody exports',
      ['F25'],
      'sealpost_mail_refusals_total',
      'sealpost_mail_refused_total',
      'sealpost-mail: Refusals',
    ],
    [
      'a panel asks by a label that nobody gives',
      ['F25'],
      'sum by (result) (',
      'sum by (outcome) (',
      'Mails handed over',
    ],
    [
      'the sum comes before the rate, so that a restart is a flood',
      ['F25'],
      'sum(rate(sealpost_events_total{type=\\"sent\\"}[$__rate_interval]))',
      'rate(sum(sealpost_events_total{type=\\"sent\\"})[$__rate_interval:])',
      'Pace',
    ],
  ]),
  ...mutantsOf('grafana/dashboards/sealpost-mail.json', 'test/grafana/known.test.ts', [
    [
      'the brake is off because nobody looks any more',
      ['F25'],
      'max(sealpost_sending_paused and on (instance) time() - sealpost_loop_last_success_timestamp_seconds{job=\\"api\\", loop=\\"watch-reputation\\"} < 120) or vector(-1)',
      'max(sealpost_sending_paused)',
      'sealpost-mail: The brake goes by nothing',
    ],
  ]),
  ...mutantsOf('grafana/jobs.ts', 'test/grafana/dashboards.test.ts', [
    [
      'a dashboard is not what its source says',
      ['F25'],
      "title: 'Jobs that fail'",
      "title: 'Jobs'",
      'are what "npm run dashboards" writes',
    ],
  ]),
  ...mutantsOf('grafana/dashboards/sealpost-overview.json', 'test/grafana/dashboards.test.ts', [
    [
      'an alert leads to a panel that does not name its runbook',
      ['F25'],
      '[HeapHigh](/runbooks#heaphigh)',
      '[HeapHigh](/runbooks#heap)',
      'lead from each alert to one panel',
    ],
    ['a panel has the number of another', ['F25'], '"id": 15', '"id": 14', 'of sealpost-overview has a number'],
  ]),
  ...mutantsOf('services/runtime/metrics/mail.ts', QUERIES, [
    [
      'a metric has another name than its panel asks for',
      ['F25'],
      "'sealpost_outbox_oldest_seconds'",
      "'sealpost_outbox_oldest_mail_seconds'",
      'How long mails wait',
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
