/** Who of the stack can reach whom, what is published and where, and whose word about a client's address is taken. */
import { expect, test } from 'vitest';
import { limitSettings } from '../../services/config/limits.ts';
import { caddyfile, compose, each, linesIn, ofEach } from '../support/stack-files.ts';

test('a service shares a network with whom it speaks to only, under the names that are looked for there', () => {
  expect(ofEach(({ networks }) => networks)).toEqual({
    secrets: undefined,
    folders: undefined,
    postgres: ['database'],
    migrate: ['database', 'egress'],
    mailbox: ['mail'],
    api: { edge: { aliases: ['api.edge'] }, database: {}, mail: {}, metrics: { aliases: ['api.metrics'] } },
    scheduler: { database: {}, mail: {}, egress: {}, metrics: { aliases: ['scheduler.metrics'] } },
    receiver: { database: {}, metrics: { aliases: ['receiver.metrics'] } },
    caddy: { edge: {}, mail: {}, metrics: { aliases: ['caddy.metrics'] } },
    prometheus: ['metrics'],
    alertmanager: ['metrics', 'egress'],
    grafana: ['metrics'],
    cli: ['database', 'mail', 'egress'],
  });
  expect(ofEach(({ network_mode }) => network_mode)).toEqual(each(undefined, { secrets: 'none', folders: 'none' }));
});

test('database, mail and metrics lead nowhere else; only the edge has addresses of its own choice', () => {
  expect(compose.networks).toEqual({
    edge: {
      enable_ipv6: '${EDGE_IPV6:-true}',
      ipam: {
        config: [{ subnet: '${EDGE_SUBNET:-172.31.240.0/24}' }, { subnet: '${EDGE_SUBNET_IPV6:-fd5e:a190:57::/64}' }],
      },
    },
    database: { internal: true },
    mail: { internal: true },
    metrics: { internal: true },
    egress: {},
  });
});

test('only Caddy publishes: 80 and 443 to everybody, the mailbox and the monitoring on 127.0.0.1', () => {
  const ports = [
    '${HTTP_PORT:-80}:80',
    '${HTTPS_PORT:-443}:443',
    '${HTTPS_PORT:-443}:443/udp',
    '127.0.0.1:${MAILBOX_PORT:-8005}:8005',
    '127.0.0.1:${GRAFANA_PORT:-3000}:3000',
    '127.0.0.1:${PROMETHEUS_PORT:-9090}:9090',
    '127.0.0.1:${ALERTMANAGER_PORT:-9093}:9093',
  ];
  expect(ofEach((service) => service.ports)).toEqual(each(undefined, { caddy: ports }));
});

test('the apis take the word of the edge’s network and of no other', () => {
  for (const name of ['api', 'scheduler', 'migrate', 'cli']) {
    const trusted = { TRUSTED_PROXIES: '${EDGE_SUBNET:-172.31.240.0/24}' };
    expect(compose.services[name]?.environment, name).toMatchObject(trusted);
  }
  // Without this setting nobody's word is taken.
  expect(limitSettings.TRUSTED_PROXIES.schema.parse(undefined)).toEqual([]);
});

test('the edge asks for the apis by their name on the edge’s network, and at the port that they are told', () => {
  const proxy = ['{$API_DOMAIN}', 'handle', 'reverse_proxy', 'dynamic a'];
  expect(linesIn(caddyfile('caddy/Caddyfile'), ...proxy)).toEqual([
    'name api.edge',
    'port {$PORT}',
    'refresh 1s',
    'versions ipv4',
  ]);
  const port = '${PORT:-3001}';
  for (const name of ['api', 'caddy']) expect(compose.services[name]?.environment, name).toMatchObject({ PORT: port });
});
