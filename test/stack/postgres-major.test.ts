/** The next major version of PostgreSQL: refused by an upgrade, and reached by a backup and a restore, without a loss and with a way back. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from './support/stack.ts';
import { runTraffic, trafficEnv } from './support/traffic.ts';

const run = promisify(execFile);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: trafficEnv, files: { 'next.yaml': 'services: {}\n' }, overrides: ['next.yaml'] });
});
afterAll(async () => {
  if (!stack) return;
  // Compose removes the volumes of the version that is checked out.
  await stack.docker('volume', 'rm', '--force', `${stack.project}_database19`);
  await stack.stop();
});

const psql = (statement: string): Promise<string> =>
  stack.compose(...'exec -T -u postgres postgres psql -Atq -d request_marketplace_prod -c'.split(' '), statement);
const asked = (): Promise<string> => psql("select stream_id from events where type = 'requested' order by 1");
/** What the version checked out makes of PostgreSQL: the tag of its image, and a volume of its own. */
async function checkOut(major: number): Promise<void> {
  const postgres = { image: `postgres:${major}`, volumes: [`database${major}:/var/lib/postgresql`] };
  const next = { services: { postgres }, volumes: { [`database${major}`]: {} } };
  await writeFile(join(stack.folder, 'next.yaml'), JSON.stringify(major === 18 ? { services: {} } : next));
}

test('an upgrade refuses it; a backup and a restore bring everything over, and the version before finds its own', async () => {
  await runTraffic(stack, { count: 60, workers: 4, prefix: 'before' });
  const before = await asked();
  // The same server under the next one's tag: what is tried here is the way, and not the server.
  await run('docker', ['tag', 'postgres:18', 'postgres:19']);
  await checkOut(19);
  await expect(stack.sealpost('upgrade', '--check')).rejects.toThrow(
    /This version runs PostgreSQL 19, which does not read the database of PostgreSQL 18\. Nothing was changed\./,
  );
  await checkOut(18);
  await stack.compose('stop', 'api');
  await stack.sealpost('backup', 'now');
  await stack.compose('stop', 'scheduler', 'receiver');
  await checkOut(19);
  await stack.compose('build', '--quiet', 'secrets', 'scheduler');
  await stack.compose('up', '-d', '--wait', 'postgres');
  await stack.sealpost('migrate', '--login');
  expect(await asked()).toBe('');
  await stack.sealpost('restore', 'latest', '--allow-older-schema', '--yes');
  await stack.compose('up', '-d', '--wait');
  expect(await asked()).toBe(before);
  const { answers } = await runTraffic(stack, { count: 20, workers: 2, prefix: 'after' });
  expect([...answers.keys()]).toEqual(['200']);
  await stack.compose('stop', 'api', 'scheduler', 'receiver');
  await checkOut(18);
  await stack.compose('up', '-d', '--wait');
  expect(await asked()).toBe(before);
});
