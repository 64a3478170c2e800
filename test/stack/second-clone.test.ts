/** Two clones on one machine: under one name the second is refused and the first goes on; with settings of its own it runs beside it. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from './support/ask.ts';
import { freshClone } from './support/clone.ts';
import { type Edge, startEdge } from './support/edge-alone.ts';

const run = promisify(execFile);
const SECOND = 'sealpost-second-clone';

/** Those of docs/docker.md but for the images, which are not made here. */
const own = {
  COMPOSE_PROJECT_NAME: SECOND,
  EDGE_SUBNET: '172.31.241.0/24',
  EDGE_SUBNET_IPV6: 'fd5e:a190:58::/64',
  HTTP_PORT: '8080',
  HTTPS_PORT: '8443',
  MAILBOX_PORT: '8006',
  GRAFANA_PORT: '3001',
  PROMETHEUS_PORT: '9091',
  ALERTMANAGER_PORT: '9094',
};

let edge: Edge;
let other: string;
beforeAll(async () => {
  edge = await startEdge();
  const lines = Object.entries(own).map(([name, value]) => `${name}=${value}\n`);
  other = await freshClone({ '.env': lines.join('') });
});
afterAll(async () => {
  await run('docker', ['compose', 'down', '-v'], { cwd: other });
  await rm(other, { recursive: true, force: true });
  await edge?.stop();
});

const caddy = (): Promise<string> => edge.compose('ps', '--quiet', 'caddy');

test.each([['doctor'], ['upgrade'], ['token']])(
  './sealpost %s in a clone of the same name is refused',
  async (word) => {
    const before = await caddy();
    const env = { ...process.env, COMPOSE_PROJECT_NAME: edge.project };
    const refused = run(join(other, 'sealpost'), [word], { env });
    await expect(refused).rejects.toThrow(`The stack of this name is run from ${edge.folder}`);
    expect(await caddy()).toBe(before);
  },
);

test('with a name, a network and ports of its own in .env it runs beside the first, which goes on', async () => {
  const before = await caddy();
  await run('docker', ['compose', '--progress', 'quiet', 'up', '-d', '--wait', '--no-deps', 'caddy'], { cwd: other });
  const { stdout } = await run('docker', ['ps', '--filter', `label=com.docker.compose.project=${SECOND}`, '-q']);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect((await ask({ port: 8080, path: '/x' })).headers.location).toBe('https://localhost:8443/x');
  expect((await ask({ path: '/x' })).headers.location).toBe('https://localhost/x');
  expect(await caddy()).toBe(before);
});
