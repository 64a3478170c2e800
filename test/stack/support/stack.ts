/** The real compose file brought up from a fresh clone by testcontainers, spoken to as its users do, and taken down to nothing. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DockerComposeEnvironment, Wait } from 'testcontainers';
import { type Answered, ask, type Asked } from './ask.ts';
import { type Files, freshClone } from './clone.ts';

const run = promisify(execFile);

export const MAILBOX = 'http://127.0.0.1:8005';

export type Inspected = Readonly<{
  Id: string;
  Name: string;
  RestartCount: number;
  State: { Pid: number; Status: string; Health?: { Status: string } };
  Config: { Env: string[]; User: string; Image: string };
  HostConfig: Record<string, unknown>;
  NetworkSettings: { Networks: Record<string, { IPAddress: string; Gateway: string }> };
}>;

export type Stack = Awaited<ReturnType<typeof startStack>>;

export type StackOptions = Readonly<{ env?: Record<string, string>; files?: Files; overrides?: readonly string[] }>;

/** `docker compose up --wait`, as in the README. `overrides` are further compose files, for what a test needs around it. */
export async function startStack({ env, files: given, overrides = [] }: StackOptions = {}) {
  const lines = Object.entries(env ?? {}).map(([name, value]) => `${name}='${value}'\n`);
  const folder = await freshClone({ ...given, ...(env ? { '.env': lines.join('') } : {}) });
  const project = `sealpost-${randomBytes(4).toString('hex')}`;
  const files = ['compose.yaml', ...overrides];
  const environment = { ...process.env, COMPOSE_PROJECT_NAME: project, COMPOSE_FILE: files.join(':') };
  const started = await new DockerComposeEnvironment(folder, files)
    .withProjectName(project)
    .withAutoCleanup(false)
    .withDefaultWaitStrategy(Wait.forHealthCheck())
    .withWaitStrategy('secrets-1', Wait.forOneShotStartup())
    .withWaitStrategy('folders-1', Wait.forOneShotStartup())
    .withWaitStrategy('migrate-1', Wait.forOneShotStartup())
    .withClientOptions({ commandOptions: ['--wait'] })
    .up()
    .catch(async (error: unknown) => {
      const { stdout } = await run('docker', ['compose', 'logs', '--tail', '20'], { cwd: folder, env: environment });
      await down();
      throw new Error(`the stack does not come up:\n${stdout}`, { cause: error });
    });
  const ca = await compose('exec', '-T', 'caddy', 'cat', '/data/caddy/pki/authorities/local/root.crt').catch(() => '');
  return { folder, project, environment, started, ca, compose, docker, sealpost, token, inspect, answer, kill, stop };

  async function compose(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('docker', ['compose', '--progress', 'quiet', ...args], {
      cwd: folder,
      env: environment,
    });
    return stdout;
  }

  async function docker(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('docker', args, { cwd: folder, env: environment });
    return stdout;
  }

  async function sealpost(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(join(folder, 'sealpost'), args, { env: environment });
    return stdout.trim();
  }

  function token(userId: string, ...args: readonly string[]): Promise<string> {
    return sealpost('token', '--user', userId, ...args);
  }

  /** Every container of a service, or of the whole stack. */
  async function inspect(...services: readonly string[]): Promise<readonly Inspected[]> {
    const ids = (await compose('ps', '--all', '--quiet', ...services)).split('\n').filter(Boolean);
    const { stdout } = await run('docker', ['inspect', ...ids]);
    return JSON.parse(stdout) as Inspected[];
  }

  /** By https and the stack's own authority, unless the request says otherwise. */
  function answer(asked: Asked): Promise<Answered> {
    return ask({ ca, ...asked });
  }

  /** As a crash: `docker kill` would count as the operator's wish, and restart nothing. */
  async function kill(service: string, index = 0): Promise<void> {
    const containers = await inspect(service);
    process.kill(containers[index]?.State.Pid ?? Number.NaN, 'SIGKILL');
  }

  async function down(): Promise<void> {
    await run('docker', ['compose', 'down', '-v'], { cwd: folder, env: environment });
    await rm(folder, { recursive: true, force: true });
  }

  /** `docker compose down -v`; throws when anything of the project is left. */
  async function stop(): Promise<void> {
    await down();
    const left = await leftovers(project);
    if (left !== '') throw new Error(`docker compose down -v left:\n${left}`);
  }
}

/** Ids of containers, volumes and networks with the project's label. */
export async function leftovers(project: string): Promise<string> {
  const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${project}`];
  const commands = [
    ['ps', '--all'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ];
  const lists = await Promise.all(commands.map((command) => run('docker', [...command, ...filter])));
  return lists.map(({ stdout }) => stdout).join('');
}
