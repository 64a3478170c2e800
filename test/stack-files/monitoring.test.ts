/** What is watched: who is scraped and how often, where alerts go, and what Grafana finds. The dashboards are in test/grafana. */
import { expect, test } from 'vitest';
import { yamlOf } from '../support/stack-files.ts';

const byName = (name: string, port: number): object => ({
  dns_sd_configs: [{ names: [name], type: 'A', port, refresh_interval: '5s' }],
});
const at = (...targets: readonly string[]): object => ({ static_configs: [{ targets }] });

test('every api and scheduler, the edge and the monitoring itself are scraped each 15 s, and alerts have where to go', () => {
  expect(yamlOf('prometheus/prometheus.yml')).toEqual({
    global: {
      scrape_interval: '15s',
      evaluation_interval: '15s',
      external_labels: { site: '${API_DOMAIN}', grafana: '${GRAFANA_URL}' },
    },
    rule_files: ['/etc/prometheus/rules/*.yml', '/etc/prometheus/own/*.yml'],
    alerting: {
      alert_relabel_configs: [{ action: 'labeldrop', regex: 'grafana' }],
      alertmanagers: [at('alertmanager:9093')],
    },
    scrape_configs: [
      { job_name: 'api', ...byName('api.metrics', 9464) },
      { job_name: 'scheduler', ...byName('scheduler.metrics', 9464) },
      { job_name: 'receiver', ...byName('receiver.metrics', 9464) },
      { job_name: 'caddy', ...at('caddy.metrics:9180') },
      { job_name: 'prometheus', ...at('localhost:9090') },
      { job_name: 'alertmanager', ...at('alertmanager:9093') },
    ],
  });
});

test('Grafana knows both by the uids that dashboards name, and takes the dashboards from the files alone', () => {
  const common = { access: 'proxy', editable: false };
  expect(yamlOf('grafana/provisioning/datasources/stack.yaml')).toEqual({
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        uid: 'prometheus',
        type: 'prometheus',
        ...common,
        url: 'http://prometheus:9090',
        isDefault: true,
        jsonData: { timeInterval: '15s' },
      },
      {
        name: 'Alertmanager',
        uid: 'alertmanager',
        type: 'alertmanager',
        ...common,
        url: 'http://alertmanager:9093',
        jsonData: { implementation: 'prometheus' },
      },
    ],
  });
  const path = '/etc/grafana/dashboards';
  expect(yamlOf('grafana/provisioning/dashboards/stack.yaml')).toEqual({
    apiVersion: 1,
    providers: [{ name: 'sealpost', type: 'file', allowUiUpdates: false, options: { path } }],
  });
});
