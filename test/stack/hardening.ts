/** What each container is denied, which secrets and networks it has, and what the programs may do in the database. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { OPERATORS_SECRETS, stack } from './support/one-stack.ts';
import type { Inspected } from './support/stack.ts';

const run = promisify(execFile);

let containers: readonly Inspected[];
const serviceOf = ({ Name }: Inspected): string => Name.slice(stack.project.length + 2, -2);
const byService = <T>(value: (container: Inspected) => T): Record<string, T> =>
  Object.fromEntries(containers.map((container) => [serviceOf(container), value(container)]));

/** A value for every service, and others for some. */
const each = <T>(value: T, others: Record<string, T> = {}): Record<string, T> => ({
  ...byService(() => value),
  ...others,
});

type Mount = { Type: string; Target: string; ReadOnly?: boolean; VolumeOptions?: { Subpath?: string } };
const mountsOf = ({ HostConfig }: Inspected): readonly Mount[] => (HostConfig.Mounts ?? []) as Mount[];

describe('every container', () => {
  beforeAll(async () => {
    containers = await stack.inspect();
  });

  test('cannot write to its image, gain a privilege, or use more than it is given', () => {
    expect(containers.length).toBe(13);
    for (const container of containers) {
      const { HostConfig } = container;
      expect(HostConfig, serviceOf(container)).toMatchObject({
        ReadonlyRootfs: true,
        Privileged: false,
        SecurityOpt: ['no-new-privileges:true'],
        CapDrop: ['ALL'],
        Init: true,
        PidsLimit: 256,
        PidMode: '',
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '30', compress: 'true' } },
      });
      expect(HostConfig.Memory, serviceOf(container)).toBeGreaterThan(0);
      expect(JSON.stringify(HostConfig), serviceOf(container)).not.toContain('docker.sock');
    }
    expect(byService(({ HostConfig }) => HostConfig.CapAdd)).toEqual(
      each<unknown>(null, {
        postgres: ['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_SETGID', 'CAP_SETUID'],
        caddy: ['CAP_NET_BIND_SERVICE'],
        secrets: ['CAP_DAC_OVERRIDE'],
        folders: ['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER'],
      }),
    );
    const restarts = byService(({ HostConfig }) => (HostConfig.RestartPolicy as { Name: string }).Name);
    expect(restarts).toEqual(each('unless-stopped', { secrets: 'no', folders: 'no', migrate: 'no' }));
  });

  test('runs without capabilities as a user of its own; Caddy as root with one, which binds ports', async () => {
    for (const container of containers.filter(({ State }) => State.Pid > 0)) {
      const service = serviceOf(container);
      const { stdout } = await run('docker', ['top', container.Id, '-eo', 'pid,comm']);
      const programs = stdout
        .split('\n')
        .slice(1)
        .filter((line) => line && !/docker-init|tini/.test(line));
      expect(programs.length, service).toBeGreaterThan(0);
      for (const line of programs) {
        const status = await readFile(`/proc/${line.trim().split(/\s+/)[0]}/status`, 'utf8').catch(() => undefined);
        if (status === undefined) continue; // A health check that has ended.
        const field = (name: string): string => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '';
        expect(field('NoNewPrivs'), service).toBe('1');
        const bindPorts = (1 << 10).toString(16).padStart(16, '0');
        const isCaddy = service === 'caddy';
        expect([field('Uid') === '0', field('CapEff')], line).toEqual([isCaddy, isCaddy ? bindPorts : '0'.repeat(16)]);
      }
    }
  });

  test('shows no secret, whether it was made or is the operator’s, and also when it has ended', async () => {
    const volume = ['-v', `${stack.project}_secrets:/secrets:ro`, '--user', 'root', 'sealpost'];
    const { stdout } = await run('docker', [
      'run',
      '--rm',
      ...volume,
      'sh',
      '-c',
      'cat /secrets/made/* | wc -c; tail -n +1 $(ls -d /secrets/*/* | grep -v -e yml$ -e tmpl$)',
    ]);
    const secrets = stdout.split('\n').filter((line) => line.length > 15 && !line.startsWith('==>'));
    for (const given of Object.values(OPERATORS_SECRETS)) expect(secrets).toContain(given);
    expect(secrets.length).toBeGreaterThan(6);
    const holders = containers.filter((container) => secrets.some((one) => JSON.stringify(container).includes(one)));
    expect(holders.map(serviceOf)).toEqual([]);
  });

  test('reads the secrets it needs, and no other', () => {
    const found = byService((container) =>
      mountsOf(container)
        .filter(({ Target }) => Target.startsWith('/run/secrets/'))
        .map(({ Target, ReadOnly, VolumeOptions }) => {
          expect([ReadOnly, `/run/secrets/${VolumeOptions?.Subpath}`]).toEqual([true, Target]);
          return VolumeOptions?.Subpath;
        })
        .toSorted(),
    );
    expect(found).toEqual(
      each<unknown>([], {
        postgres: ['postgres'],
        migrate: ['app', 'backup', 'database'],
        mailbox: ['mail'],
        api: ['app', 'mail'],
        scheduler: ['app', 'backup', 'mail', 'off-site'],
        receiver: ['backup'],
        grafana: ['grafana'],
        alertmanager: ['alertmanager'],
      }),
    );
  });

  test('shares a network with whom it speaks to only; the inner networks lead nowhere else', async () => {
    const networks = byService(({ NetworkSettings }) =>
      Object.keys(NetworkSettings.Networks)
        .map((name) => name.replace(`${stack.project}_`, ''))
        .toSorted(),
    );
    expect(networks).toEqual({
      secrets: ['none'],
      folders: ['none'],
      postgres: ['database'],
      migrate: ['database', 'egress'],
      mailbox: ['mail'],
      api: ['database', 'edge', 'mail', 'metrics'],
      scheduler: ['database', 'egress', 'mail', 'metrics'],
      receiver: ['database', 'metrics'],
      caddy: ['edge', 'mail', 'metrics'],
      prometheus: ['metrics'],
      alertmanager: ['egress', 'metrics'],
      grafana: ['metrics'],
    });
    for (const name of ['database', 'mail', 'metrics']) {
      const { stdout } = await run('docker', ['network', 'inspect', '-f', '{{.Internal}}', `${stack.project}_${name}`]);
      expect(stdout.trim(), name).toBe('true');
    }
  });
});

const psqlOf = ['exec', '-T', '-u', 'postgres', 'postgres', 'psql', '-v', 'ON_ERROR_STOP=1', '-At'];

const psql = (...statements: readonly string[]): Promise<string> =>
  stack.compose(...psqlOf, '-d', 'request_marketplace_prod', ...statements.flatMap((statement) => ['-c', statement]));

describe('the database', () => {
  test("the programs' role owns nothing, and cannot change or delete an event, make a table, or read a password", async () => {
    const rights = await psql(
      "select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = 'request_app'",
    );
    expect(rights.trim()).toBe('f|f|f');
    const refused = ["update events set type = 'x'", 'delete from events', 'truncate events', 'create table t (i int)'];
    for (const statement of [...refused, 'select * from pg_authid', 'create database other']) {
      await expect(psql('set role request_app', statement), statement).rejects.toThrow('permission denied');
    }
    expect(await psql('set role request_app', 'select count(*) from events')).toMatch(/^SET\n\d+\n$/);
  });

  test('a login without the password is refused, also from its own container', async () => {
    const asked = stack.compose(
      'exec',
      '-T',
      'postgres',
      'psql',
      '-w',
      '-h',
      '127.0.0.1',
      '-U',
      'postgres',
      '-c',
      'select 1',
    );
    await expect(asked).rejects.toThrow('no password supplied');
    await expect(
      stack.compose('exec', '-T', 'postgres', 'psql', '-w', '-U', 'postgres', '-c', 'select 1'),
    ).rejects.toThrow('Peer authentication failed');
  });

  test("D2: the guide's settings hold", async () => {
    const shown = await psql('show max_connections', 'show shared_buffers', 'show effective_cache_size', 'show fsync');
    expect(shown.trim().split('\n')).toEqual(['100', '256MB', '1GB', 'on']);
  });
});
