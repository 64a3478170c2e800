/** `sealpost swarm`: nothing in its file that a swarm refuses, and nothing published that was for this machine alone. */
import { expect, test } from 'vitest';
import { swarmFile } from '../../services/cli/swarm.ts';

const project = {
  services: {
    api: {
      image: 'sealpost:latest',
      command: ['node', 'services/api/main.ts'],
      entrypoint: null,
      depends_on: { migrate: { condition: 'service_completed_successfully', required: true } },
      mem_limit: '1073741824',
      pids_limit: 256,
      scale: 3,
      restart: 'unless-stopped',
      cap_drop: ['ALL'],
      read_only: true,
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp:mode=1777,size=64m'],
      volumes: [{ type: 'volume', source: 'ledger', target: '/var/lib/sealpost' }],
    },
    migrate: { image: 'sealpost:latest', restart: 'no' },
    caddy: {
      image: 'caddy:2',
      restart: 'unless-stopped',
      ports: [
        { mode: 'ingress', target: 443, published: '443', protocol: 'tcp' },
        { mode: 'ingress', host_ip: '127.0.0.1', target: 8005, published: '8005', protocol: 'tcp' },
      ],
    },
    mailbox: { image: 'sealpost:latest', scale: 0 },
    cli: { image: 'sealpost:latest', profiles: ['cli'] },
  },
  networks: { database: { name: 'sealpost_database', ipam: {}, internal: true } },
  volumes: { ledger: {} },
};

test('the file has what a swarm knows: replicas, limits, mounts, and who is started again when', () => {
  expect(swarmFile(project)).toMatchObject({
    version: '3.13',
    services: {
      api: {
        image: 'sealpost:latest',
        cap_drop: ['ALL'],
        read_only: true,
        volumes: [
          { type: 'volume', source: 'ledger', target: '/var/lib/sealpost' },
          { type: 'tmpfs', target: '/tmp' },
        ],
        deploy: {
          replicas: 3,
          endpoint_mode: 'dnsrr',
          restart_policy: { condition: 'any' },
          resources: { limits: { memory: '1073741824', pids: 256 } },
        },
      },
      migrate: { deploy: { restart_policy: { condition: 'on-failure' } } },
    },
    networks: { database: { driver: 'overlay', internal: true } },
    volumes: { ledger: {} },
  });
});

test('it has nothing that a swarm refuses, no service that is turned off, and no port of this machine alone', () => {
  const text = JSON.stringify(swarmFile(project));
  for (const word of [
    'depends_on',
    'mem_limit',
    'pids_limit',
    'scale',
    'security_opt',
    'entrypoint',
    'mailbox',
    'cli',
    '8005',
  ]) {
    expect(text).not.toContain(`"${word}"`);
  }
  expect(text).not.toContain('8005');
  expect(text).toContain('"published":443');
});

test('a service to the letter: published on each machine itself, started anew before the old one ends, found by its containers', () => {
  const { services, networks } = swarmFile({
    services: {
      caddy: {
        ...project.services.caddy,
        pids_limit: 256,
        tmpfs: ['/run/caddy:mode=700'],
        volumes: [
          { type: 'bind', source: '/srv/caddy', target: '/etc/caddy', read_only: true, bind: {} },
          { type: 'bind', source: '/srv/app', target: '/srv/web', bind: { create_host_path: false } },
          { type: 'bind', source: '/srv/x', target: '/x', bind: { create_host_path: true, propagation: 'rslave' } },
        ],
        environment: { PORT: '3001' },
        networks: { edge: { aliases: ['caddy.edge'] } },
        command: null,
        logging: { driver: 'json-file' },
      },
      secrets: { image: 'sealpost:latest', restart: 'no' },
    },
    networks: {
      edge: {
        name: 'sealpost_edge',
        enable_ipv6: true,
        ipam: { config: [{ subnet: '172.31.240.0/24' }, { subnet: 'fd5e:a190:57::/64' }] },
      },
      egress: null,
    },
  }) as { services: Record<string, unknown>; networks: unknown };
  const common = { endpoint_mode: 'dnsrr', replicas: 1, update_config: { order: 'start-first' } };
  expect(services).toEqual({
    caddy: {
      image: 'caddy:2',
      environment: { PORT: '3001' },
      networks: { edge: { aliases: ['caddy.edge'] } },
      logging: { driver: 'json-file' },
      ports: [{ target: 443, published: 443, protocol: 'tcp', mode: 'host' }],
      volumes: [
        { type: 'bind', source: '/srv/caddy', target: '/etc/caddy', read_only: true },
        { type: 'bind', source: '/srv/app', target: '/srv/web' },
        { type: 'bind', source: '/srv/x', target: '/x', bind: { propagation: 'rslave' } },
        { type: 'tmpfs', target: '/run/caddy' },
      ],
      deploy: { ...common, restart_policy: { condition: 'any', delay: '2s' }, resources: { limits: { pids: 256 } } },
    },
    secrets: {
      image: 'sealpost:latest',
      volumes: [],
      deploy: { ...common, restart_policy: { condition: 'on-failure', delay: '2s' }, resources: { limits: {} } },
    },
  });
  expect(networks).toEqual({
    edge: { driver: 'overlay', ipam: { config: [{ subnet: '172.31.240.0/24' }] } },
    egress: { driver: 'overlay' },
  });
});

test('a project without networks and volumes has none', () => {
  expect(swarmFile({ services: {} })).toEqual({ version: '3.13', services: {}, networks: {}, volumes: {} });
});
