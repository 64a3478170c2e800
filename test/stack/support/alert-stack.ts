/** Alertmanager and what makes its files, of a fresh clone's compose file, and a server of this machine that takes what it posts. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { freshClone } from './clone.ts';

const run = promisify(execFile);

export type Alert = Readonly<{
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  endsAt?: string;
}>;
/** What was posted: to which path, and the alerts in it, each with its own status. */
export type Post = Readonly<{ path: string; status: string; alerts: readonly (Alert & { status: string })[] }>;

type Settings = Readonly<Record<string, string>>;
export type AlertStack = Awaited<ReturnType<typeof startAlertStack>>;

export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run('docker', args);
  return stdout + stderr;
}

/** A server of this machine that takes what is posted, and its address as containers find it. */
export async function startListener() {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      posts.push({ path: request.url ?? '', ...(JSON.parse(body) as Omit<Post, 'path'>) });
      response.end();
    });
  }).listen(0, '0.0.0.0');
  await once(server, 'listening');
  const gateway = await docker('network', 'inspect', 'bridge', '-f', '{{(index .IPAM.Config 0).Gateway}}');
  const [host, { port }] = [gateway.trim(), server.address() as AddressInfo];
  const url = (path: string): string => `http://${host}:${port}/${path}`;
  return { posts, host, url, close: () => void server.close() };
}

/** `settings` are those of .env; containers find this machine at `host`, and the server that takes all at `url`. */
export async function startAlertStack(settings: (host: string, url: (path: string) => string) => Settings) {
  const { posts, host, url, close } = await startListener();
  const given = settings(host, url);
  const folder = await freshClone();
  const project = `sealpost-${randomBytes(4).toString('hex')}`;
  const environment = { ...process.env, COMPOSE_PROJECT_NAME: project };
  try {
    await apply({});
  } catch (error) {
    await stop();
    throw error;
  }
  return { posts, url, compose, sealpost, apply, post, inspect, stop };

  async function compose(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('docker', ['compose', '--progress', 'quiet', ...args], {
      cwd: folder,
      env: environment,
    });
    return stdout;
  }

  /** What it says, also where it ends with another exit code than 0. */
  function sealpost(...args: readonly string[]): Promise<string> {
    const ran = run(join(folder, 'sealpost'), args, { env: environment });
    return ran.catch((error: { stdout: string }) => error).then(({ stdout }) => stdout);
  }

  /** Writes .env, and starts again as an operator does: `secrets` first, on which Alertmanager waits. */
  async function apply(others: Settings): Promise<void> {
    const lines = Object.entries({ ...given, ...others }).map(([name, value]) => `${name}='${value}'\n`);
    await writeFile(join(folder, '.env'), lines.join(''));
    await compose('up', '-d', '--wait', 'alertmanager');
  }

  async function inspect(): Promise<string> {
    return docker('inspect', (await compose('ps', '--quiet', 'alertmanager')).trim());
  }

  /** As Prometheus does it. */
  async function post(...alerts: readonly Alert[]): Promise<void> {
    const networks = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
    const addresses = await docker('inspect', '-f', networks, (await compose('ps', '--quiet', 'alertmanager')).trim());
    const answer = await fetch(`http://${addresses.trim().split(' ')[0]}:9093/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    if (!answer.ok) throw new Error(`Alertmanager answers ${answer.status}: ${await answer.text()}`);
  }

  async function stop(): Promise<void> {
    close();
    await compose('down', '-v');
    await rm(folder, { recursive: true, force: true });
  }
}
