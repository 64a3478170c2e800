/** `./sealpost back` in a real clone: without a failed request where the schema lets it, with the upgrade's backup where it does not. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from './support/stack.ts';
import { runTraffic, trafficEnv } from './support/traffic.ts';

const run = promisify(execFile);

const amazon = {
  AWS_ACCESS_KEY_ID: 'AKIAINTHISTEST',
  AWS_SECRET_ACCESS_KEY: 'a-secret-of-this-test',
  SES_ENDPOINT: 'http://amazon:8005',
  SES_FROM_EMAIL: 'noreply@example.com',
};

let stack: Stack;
let present: string;
let first: string;
beforeAll(async () => {
  present = (JSON.parse(await readFile('package.json', 'utf8')) as { version: string }).version;
  // It stands for Amazon, which no upgrade of ours touches: from an image of its own tag.
  await run('docker', ['tag', `sealpost:${present}`, 'sealpost:amazon']);
  stack = await startStack({ env: { ...trafficEnv, ...amazon }, overrides: ['test/stack/amazon.yaml'] });
  await git('init', '--quiet', '--initial-branch', 'main');
  first = await commit();
});
afterAll(() => stack?.stop());

async function git(...words: readonly string[]): Promise<string> {
  const who = ['-c', 'user.name=Operator', '-c', 'user.email=operator@example.com'];
  return (await run('git', [...who, ...words], { cwd: stack.folder })).stdout.trim();
}

async function commit(): Promise<string> {
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'A version');
  return git('rev-parse', 'HEAD');
}

/** The next version as a pull brings it: another number, and a migration. */
async function pull(version: string, migration: string, text: string): Promise<string> {
  const file = join(stack.folder, 'package.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/"version": ".*"/, `"version": "${version}"`));
  const compose = join(stack.folder, 'compose.yaml');
  const tagged = (await readFile(compose, 'utf8')).replaceAll(/(SEALPOST_VERSION:-)[\d.]+/g, `$1${version}`);
  await writeFile(compose, tagged);
  await writeFile(join(stack.folder, 'migrations', migration), text);
  return commit();
}

const psql = (statement: string): Promise<string> =>
  stack.compose(...'exec -T -u postgres postgres psql -At -d request_marketplace_prod -c'.split(' '), statement);
const newestMigration = () => psql('select max(number) from schema_migrations');
const recorded = (prefix: string) => psql(`select count(*) > 0 from events where stream_id like '${prefix}%'`);
const imageOf = async (service: string) => (await stack.inspect(service)).map(({ Config }) => Config.Image);
const versions = () => readFile(join(stack.folder, 'own/versions'), 'utf8');

async function underTraffic<T>(prefix: string, during: () => Promise<T>): Promise<Map<string, number>> {
  return (await runTraffic(stack, { prefix, workers: 4, during })).answers;
}

test('where the schema lets the version before run, it goes back in one command, and no request fails', async () => {
  await pull('98.0.0', '900_add_a_note.sql', 'alter table accounts add column note text;\n');
  // Between the pull and the upgrade there is no image of the new version, and nothing needs it.
  expect(await stack.sealpost('backup', 'list')).toContain('request_marketplace_prod_backup_');
  expect(await stack.sealpost('upgrade')).toContain('Running 98.0.0.');
  expect(await imageOf('api')).toEqual(['sealpost:98.0.0']);
  expect(await imageOf('scheduler')).toEqual(['sealpost-tools:98.0.0']);
  const [dump] = (await readdir(join(stack.folder, 'backups/postgresql'))).filter((n) => n.endsWith('.gz')).slice(-1);
  expect(await versions()).toMatch(new RegExp(`^\\S+Z ${present} ${first} 98\\.0\\.0 ${dump}\n$`));
  let said = '';
  const answers = await underTraffic('easy', async () => (said = await stack.sealpost('back', '--yes')));
  expect([...answers.keys()]).toEqual(['200']);
  expect(said).toContain('nothing that was recorded is lost, and no request fails.\nNothing has been changed yet.');
  expect(said).toContain(`Running ${present}.`);
  expect(await git('rev-parse', 'HEAD')).toBe(first);
  expect(await imageOf('api')).toEqual([`sealpost:${present}`]);
  expect(await newestMigration()).toBe('900\n');
  expect(await versions()).toBe('');
  await git('checkout', '--quiet', 'main');
});

test('after a breaking migration it restores the upgrade’s backup, and keeps the newer database', async () => {
  const second = await git('rev-parse', 'HEAD');
  await underTraffic('before', () => stack.sealpost('backup', 'now'));
  expect(await stack.sealpost('upgrade')).toContain('Running 98.0.0.');
  const third = await pull('99.0.0', '901_break.sql', '-- migrate: breaking\nalter table accounts drop column note;\n');
  expect(await stack.sealpost('upgrade')).toContain('Running 99.0.0.');
  await underTraffic('after', () => stack.sealpost('backup', 'list'));
  expect([await recorded('before'), await recorded('after')]).toEqual(['t\n', 't\n']);

  const apis = (await stack.inspect('api')).map(({ Id }) => Id);
  // Nobody answers.
  const unanswered = run('sh', ['-c', './sealpost back </dev/null'], { cwd: stack.folder, env: stack.environment });
  await expect(unanswered).rejects.toThrow(/Nothing was changed\.\n$/);
  expect([await git('rev-parse', 'HEAD'), await newestMigration()]).toEqual([third, '901\n']);
  expect((await stack.inspect('api')).map(({ Id }) => Id)).toEqual(apis);

  const said = await stack.sealpost('back', '--yes');
  expect(said).toContain('98.0.0 cannot run after 901_break.sql. So the backup of the upgrade is restored');
  expect(said).toContain('Running 98.0.0.');
  expect(await git('rev-parse', 'HEAD')).toBe(second);
  expect([await newestMigration(), await recorded('before'), await recorded('after')]).toEqual(['900\n', 't\n', 'f\n']);
  expect(await psql("select count(*) from pg_database where datname like '%_before_%'")).toBe('1\n');
  expect((await underTraffic('again', () => stack.sealpost('rebuild', '--check'))).keys().toArray()).toEqual(['200']);
  expect((await versions()).trim().split('\n')).toHaveLength(1);
  await rm(join(stack.folder, 'own'), { recursive: true });
  await expect(stack.sealpost('back', '--yes')).rejects.toThrow('own/versions names no upgrade');
});
