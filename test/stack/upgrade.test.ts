/** From one version to the next and back while requests go on: none fails, the backup is whole, and a bad upgrade changes nothing. */
import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STATE_VERSION } from '../../services/core/state.ts';
import { changed, nextState } from '../support/next-version.ts';
import { type Stack, startStack } from './support/stack.ts';
import { runTraffic, trafficEnv } from './support/traffic.ts';

const MIGRATION = '900_add_a_note.sql';
// A table that the backups, by the programs' login, may read.
const migration =
  'alter table accounts add column note text; create table notes (id integer); grant select on notes to sealpost_app;\n';

/** The version after this one: another number and another state, a migration that both survive, and what it asks of the operator. */
const next: Readonly<Record<string, (text: string) => string>> = {
  ...Object.fromEntries(
    [...Map.groupBy(nextState, ([file]) => file)].map(([file, changes]) => [
      file,
      (text: string) => changes.reduce(changed, text),
    ]),
  ),
  'package.json': (text: string) => text.replace(/"version": ".*"/, '"version": "99.0.0"'),
  'CHANGELOG.md': (text: string) => text.replace('\n## ', '\n## 99.0.0\n\nTo do: read this line.\n\n## '),
};

const amazon = {
  AWS_ACCESS_KEY_ID: 'AKIAINTHISTEST',
  AWS_SECRET_ACCESS_KEY: 'a-secret-of-this-test',
  SES_ENDPOINT: 'http://amazon:8005',
  SES_FROM_EMAIL: 'noreply@example.com',
};

let stack: Stack;
let present: string;
beforeAll(async () => {
  present = (JSON.parse(await readFile('package.json', 'utf8')) as { version: string }).version;
  // It stands for Amazon, which no upgrade of ours touches: from an image of its own tag.
  await promisify(execFile)('docker', ['tag', `sealpost:${present}`, 'sealpost:amazon']);
  stack = await startStack({
    env: { ...trafficEnv, ...amazon, API_REPLICAS: '2' },
    overrides: ['test/stack/amazon.yaml'],
  });
});
afterAll(() => stack?.stop());

async function checkOutNext(): Promise<void> {
  for (const [name, change] of Object.entries(next)) {
    const file = join(stack.folder, name);
    await cp(file, `${file}.before`);
    await writeFile(file, change(await readFile(file, 'utf8')));
  }
  await writeFile(join(stack.folder, 'migrations', MIGRATION), migration);
}

async function checkOutPresent(): Promise<void> {
  for (const name of Object.keys(next)) await cp(join(stack.folder, `${name}.before`), join(stack.folder, name));
  await rm(join(stack.folder, 'migrations', MIGRATION));
}

const psql = (statement: string): Promise<string> =>
  stack.compose(...'exec -T -u postgres postgres psql -At -d request_marketplace_prod -c'.split(' '), statement);

const idsOf = async (service: string): Promise<readonly string[]> => (await stack.inspect(service)).map(({ Id }) => Id);

/** Made when the stack came up, and by each upgrade. */
const dumps = async (): Promise<readonly string[]> =>
  (await readdir(join(stack.folder, 'backups/postgresql'))).filter((name) => name.endsWith('.sql.gz')).toSorted();

async function underTraffic(prefix: string, during: () => Promise<string>): Promise<string> {
  let said = '';
  const { answers } = await runTraffic(stack, {
    prefix,
    workers: 4,
    during: async () => (said = await during()),
  });
  expect(Object.keys(Object.fromEntries(answers)), prefix).toEqual(['200']);
  expect(answers.get('200')).toBeGreaterThan(100);
  return said;
}

describe('sealpost upgrade', () => {
  test('--check says what would come and what the version asks, and changes nothing', async () => {
    // As a version had it that knew a secret less.
    const gone = ['app/ERASURE_KEYS', 'made/ERASURE_KEYS'].map((name) => `/secrets/${name}`);
    await stack.compose('run', '--rm', '--no-deps', '-T', 'secrets', 'rm', ...gone);
    await checkOutNext();
    const before = await idsOf('api');
    const said = await stack.sealpost('upgrade', '--check');
    expect(said).toContain(`Running ${present}; the version here is 99.0.0.`);
    expect(said).toContain('To do: read this line.');
    expect(said).not.toContain(`## ${present}`);
    expect(said).toContain(MIGRATION);
    expect(await idsOf('api')).toEqual(before);
    expect(await psql('select max(number) < 900 from schema_migrations')).toBe('t\n');
  });

  test('takes the next version up while requests go on, after a whole backup', async () => {
    const before = await idsOf('api');
    const said = await underTraffic('forth', () => stack.sealpost('upgrade'));
    expect(said).toContain('Running 99.0.0.');
    const after = await idsOf('api');
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(await psql('select max(number) from schema_migrations')).toBe('900\n');
    const dump = (await dumps()).at(-1) ?? '';
    expect(said).toContain(dump);
    // Both versions wrote, side by side for a while, each its own shape of the state.
    expect(await psql('select distinct state_version from streams order by 1')).toBe(
      `${STATE_VERSION}\n${STATE_VERSION + 1}\n`,
    );
    expect(dump).toMatch(/^request_marketplace_prod_backup_\d{8}_\d{6}\.sql\.gz$/);
    expect((await stat(join(stack.folder, 'backups/postgresql', dump))).mode & 0o077).toBe(0);
    const text = (await promisify(gunzip)(await readFile(join(stack.folder, 'backups/postgresql', dump)))).toString();
    expect(text).toContain('COPY public.events');
    expect(text).not.toContain(MIGRATION);
  });

  test('goes back to the version before while requests go on, on the newer schema', async () => {
    await checkOutPresent();
    expect(await underTraffic('back', () => stack.sealpost('upgrade'))).toContain(`Running ${present}.`);
    expect(await psql('select max(number) from schema_migrations')).toBe('900\n');
    expect(await stack.sealpost('rebuild', '--check')).toContain('The tables match the log.');
  });

  test('settings that the new version refuses stop it before anything is changed', async () => {
    const file = join(stack.folder, '.env');
    const env = await readFile(file, 'utf8');
    const before = await idsOf('api');
    await writeFile(file, `${env}EMAIL_OTP_EXPIRES_IN=601\n`);
    await expect(stack.sealpost('upgrade')).rejects.toThrow(/EMAIL_OTP_EXPIRES_IN[^]*Nothing was changed/);
    await writeFile(file, env);
    expect(await idsOf('api')).toEqual(before);
    expect(await dumps()).toHaveLength(3);
  });

  test('a breaking migration is told by --check', async () => {
    await writeFile(join(stack.folder, 'migrations', '901_break.sql'), '-- migrate: breaking\nselect 1;\n');
    await writeFile(join(stack.folder, 'migrations', MIGRATION), migration);
    const said = await stack.sealpost('upgrade', '--check');
    expect(said).toContain('901_break.sql: the previous version cannot run after it');
  });
});
