/** The copy of the backups in a repository of restic's, by the real restic: what is in it, and who sees its password. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from './support/stack.ts';

const PASSWORD = 'the password of the repository';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    env: { OFF_SITE_DIR: './off-site', BACKUP_REPOSITORY: '/mnt/off-site', BACKUP_REPOSITORY_PASSWORD: PASSWORD },
  });
  // The engine made it as root's.
  mkdirSync(join(stack.folder, 'off-site'), { recursive: true });
  chmodSync(join(stack.folder, 'off-site'), 0o777);
});
afterAll(() => stack?.stop());

const inScheduler = (...args: readonly string[]): Promise<string> => stack.compose('exec', '-T', 'scheduler', ...args);

const restic = (...args: readonly string[]): Promise<string> =>
  inScheduler(
    'env',
    'RESTIC_PASSWORD_FILE=/run/secrets/off-site/BACKUP_REPOSITORY_PASSWORD',
    ...'restic --no-cache --repo /mnt/off-site'.split(' '),
    ...args,
  );

test('is made by the job, told by the list, and has dumps, base backups, WAL and the ledger', async () => {
  expect(await stack.sealpost('backup', 'list')).toMatch(/Off the machine, in \/mnt\/off-site: it cannot be asked: /);
  await stack.sealpost('backup', 'now');
  await expect
    .poll(() => stack.sealpost('backup', 'list'), { timeout: 60_000, interval: 2000 })
    .toMatch(/Any second can be restored/);
  await stack.compose('exec', '-T', 'api', 'sh', '-c', 'touch /var/lib/sealpost/erasures.jsonl');
  const first = await stack.sealpost('jobs', 'run', 'off-site');
  expect(first).toMatch(/^off-site: did 1 in .* \(new repository, snapshot [\da-f]{8}, \d+ files, \d+\.\d MiB added/);
  const again = await stack.sealpost('jobs', 'run', 'off-site');
  expect(again).toMatch(/^off-site: did 1 in .* \(snapshot [\da-f]{8}, \d+ files, \d+\.\d MiB added/);
  const told = await stack.sealpost('backup', 'list');
  expect(told).toMatch(/Off the machine, in \/mnt\/off-site: snapshot [\da-f]{8} of 20\S+Z\.$/);
  const files = await restic('ls', 'latest');
  expect(files).toMatch(/^\/var\/backups\/postgresql\/\w+_backup_\d{8}_\d{6}\.sql\.gz$/m);
  expect(files).toMatch(/^\/var\/backups\/wal\/\d+_1\/base\/base_\d{8}_\d{6}\/base\.tar\.gz$/m);
  expect(files).toMatch(/^\/var\/backups\/wal\/\d+_1\/wal\/[\dA-F]{24}/m);
  expect(files).toContain('\n/var/lib/sealpost/erasures.jsonl\n');
  expect(files).not.toMatch(/off-site|scratch/);
});

test('its password is in no environment, and in no container but the scheduler’s', async () => {
  const all = await stack.inspect();
  expect(all.length).toBeGreaterThan(9);
  expect(all.filter(({ Config }) => JSON.stringify(Config).includes(PASSWORD)).map(({ Name }) => Name)).toEqual([]);
  expect(await inScheduler('ls', '/run/secrets/off-site')).toContain('BACKUP_REPOSITORY_PASSWORD');
  for (const service of ['api', 'receiver']) {
    const there = stack.compose('exec', '-T', service, 'ls', '/run/secrets/off-site');
    await expect(there, service).rejects.toThrow('No such file');
  }
});
