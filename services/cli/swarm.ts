/** `sealpost swarm`: the file that `docker compose config --format json` prints, in the form that `docker stack deploy` takes. */
import { json } from 'node:stream/consumers';
import type { Command } from 'commander';

type Service = Readonly<Record<string, unknown>>;
type Mount = Readonly<{ bind?: Readonly<Record<string, unknown>> }>;
type Project = Readonly<{
  services: Readonly<Record<string, Service>>;
  networks?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
  volumes?: Readonly<Record<string, unknown>>;
}>;

/** What a swarm refuses, or has another word for. */
const DROPPED = new Set([
  'build',
  'container_name',
  'depends_on',
  'env_file',
  'mem_limit',
  'pids_limit',
  'profiles',
  'pull_policy',
  'restart',
  'scale',
  'security_opt',
  'shm_size',
  'tmpfs',
  'deploy',
]);

export function addSwarm(program: Command): void {
  program
    .command('swarm')
    .description('turn what "docker compose config --format json" prints into a file for "docker stack deploy"')
    .action(async () => {
      console.log(JSON.stringify(swarmFile((await json(process.stdin)) as Project), undefined, 2));
    });
}

/** A service that ends is not started again once it succeeded; the others wait for what they need by being started again. */
export function swarmFile({ services, networks = {}, volumes = {} }: Project): object {
  const kept = Object.entries(services).filter(([, service]) => service.scale !== 0 && !service.profiles);
  return {
    version: '3.13',
    services: Object.fromEntries(kept.map(([name, service]) => [name, swarmService(service)])),
    networks: Object.fromEntries(Object.entries(networks).map(([name, network]) => [name, overlay(network)])),
    volumes,
  };
}

function swarmService(service: Service): object {
  const { mem_limit: memory, pids_limit: pids, scale, restart, ports, tmpfs = [], volumes = [] } = service;
  const rest = Object.fromEntries(
    Object.entries(service).filter(([name, value]) => !DROPPED.has(name) && value !== null),
  );
  const limits = { ...(memory ? { memory: `${String(memory)}` } : {}), ...(pids ? { pids } : {}) };
  return {
    ...rest,
    ...(Array.isArray(ports) ? { ports: ports.filter(isPublic).map(published) } : {}),
    // A swarm has no tmpfs but as a mount, writable by all (mode 1777).
    volumes: [...(volumes as readonly Mount[]).map(existing), ...(tmpfs as readonly string[]).map(mount)],
    deploy: {
      // A name leads to each of a service's containers, as Caddy counts on, and not to one address before them.
      endpoint_mode: 'dnsrr',
      replicas: typeof scale === 'number' ? scale : 1,
      restart_policy: { condition: restart === 'no' ? 'on-failure' : 'any', delay: '2s' },
      resources: { limits },
      update_config: { order: 'start-first' },
    },
  };
}

// A swarm publishes on every address of a machine: what is for its own address alone is left out.
const isPublic = (port: Readonly<Record<string, unknown>>): boolean => port.host_ip === undefined;

function published(port: Readonly<Record<string, unknown>>): object {
  const { target, published: outside, protocol } = port;
  return { target, published: Number(outside), protocol, mode: 'host' };
}

type Ipam = Readonly<{ config: readonly Readonly<{ subnet: string }>[] }>;

// An overlay has no IPv6.
function overlay(network: Readonly<Record<string, unknown>> | null): object {
  const { internal, ipam } = (network ?? {}) as { internal?: boolean; ipam?: Partial<Ipam> };
  const config = ipam?.config?.filter(({ subnet }) => !subnet.includes(':'));
  return { driver: 'overlay', ...(internal ? { internal } : {}), ...(config ? { ipam: { ...ipam, config } } : {}) };
}

/** A swarm never makes the folder of a mount, and has no word for it. */
function existing({ bind, ...rest }: Mount): object {
  const { create_host_path: _, ...options } = bind ?? {};
  return { ...rest, ...(Object.keys(options).length > 0 ? { bind: options } : {}) };
}

function mount(text: string): object {
  return { type: 'tmpfs', target: text.replace(/:.*$/, '') };
}
