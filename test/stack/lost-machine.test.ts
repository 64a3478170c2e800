/** The whole machine is gone: a fresh clone, the repository, its password and the passphrase bring everything back. */
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from './support/stack.ts';
import { runTraffic, trafficEnv } from './support/traffic.ts';

const PASSPHRASE = 'a passphrase of mine';
let stack: Stack;
let repository: string;
beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'sealpost-repository-'));
  chmodSync(repository, 0o777);
  const env = {
    OFF_SITE_DIR: repository,
    BACKUP_REPOSITORY: '/mnt/off-site',
    BACKUP_REPOSITORY_PASSWORD: 'the password of it',
  };
  stack = await startStack({ env: { ...trafficEnv, ...env } });
});
afterAll(async () => {
  await stack?.stop();
  await rm(repository, { recursive: true, force: true });
});

/** With the passphrase on standard input. */
const told = (...args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      join(stack.folder, 'sealpost'),
      [...args, '--passphrase-file', '-'],
      { env: stack.environment },
      (error, stdout, stderr) => (error ? reject(new Error(`${stdout}${stderr}`)) : resolve(stdout)),
    );
    child.stdin?.end(`${PASSPHRASE}\n`);
  });

const psql = (statement: string): Promise<string> =>
  stack.compose(...'exec -T -u postgres postgres psql -Atq -d request_marketplace_prod -c'.split(' '), statement);
const asked = (): Promise<string> => psql("select stream_id from events where type = 'requested' order by 1");

test('everything that was copied is back, and a token of before is one again', async () => {
  await runTraffic(stack, { count: 60, workers: 4, prefix: 'before' });
  const token = await stack.token('7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c');
  const before = await asked();
  const env = readFileSync(join(stack.folder, '.env'), 'utf8');
  await stack.sealpost('backup', 'now');
  expect(await told('secrets', 'export')).toContain('secrets.sealpost');
  expect(await stack.sealpost('jobs', 'run', 'off-site')).toContain('new repository, snapshot');
  await stack.compose('down', '-v');
  rmSync(join(stack.folder, 'backups'), { recursive: true });
  const known = env.split('\n').filter((line) => /^(?:OFF_SITE_DIR|BACKUP_REPOSITORY_PASSWORD)=/.test(line));
  writeFileSync(join(stack.folder, '.env'), `${known.join('\n')}\n`);
  const said = await told('restore', '--from', '/mnt/off-site');
  expect(said).toMatch(/Fetched snapshot [\da-f]{8} of /);
  expect(said).toMatch(/Put back .*POSTGRES_PASSWORD.*, \.env, \d+ files of Caddy\./);
  expect(readFileSync(join(stack.folder, '.env'), 'utf8')).toBe(env);
  await stack.compose('up', '-d', '--wait');
  await stack.sealpost('restore', 'latest', '--yes');
  expect(await asked()).toBe(before);
  const path = '/api/email-verification/list';
  // The authority that clients know is the one of before.
  expect((await stack.answer({ method: 'GET', path, token })).status).toBe(200);
  await expect(told('restore', '--from', '/mnt/off-site')).rejects.toThrow('has been here already');
});
