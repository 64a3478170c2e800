/** What a restore is for, with PostgreSQL's own programs: the database's volume is gone, and a mistake is taken back while requests go on. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitCode } from '../support/mailbox.ts';
import { MAILBOX, type Stack, startStack } from './support/stack.ts';
import { runTraffic, tokenOf, trafficEnv } from './support/traffic.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: trafficEnv });
});
afterAll(() => stack?.stop());

const psql = (statement: string, database = 'request_marketplace_prod'): Promise<string> =>
  stack.compose(...`exec -T -u postgres postgres psql -Atq -v ON_ERROR_STOP=1 -d ${database} -c`.split(' '), statement);

const asked = async (database?: string): Promise<readonly string[]> =>
  (await psql("select stream_id from events where type = 'requested' order by 1", database))
    .split('\n')
    .filter(Boolean);

const keptDatabases = async (): Promise<readonly string[]> =>
  (await psql("select datname from pg_database where datname like '%_before_%' order by 1"))
    .split('\n')
    .filter(Boolean);

async function isServed(n: number): Promise<void> {
  const email = `served${n}@example.com`;
  const body = { email };
  const token = await tokenOf(7000 + n);
  const sent = await stack.answer({ method: 'POST', path: '/api/email-verification/send-otp', token, body });
  expect(sent.status).toBe(200);
  const otp = await awaitCode(MAILBOX, email);
  const path = '/api/email-verification/verify-otp';
  expect((await stack.answer({ method: 'POST', path, token, body: { email, otp } })).status).toBe(200);
}

describe('sealpost restore', () => {
  test('takes a mistake back while requests go on: none fails but by waiting, and the kept database has the rest', async () => {
    const { accepted: first } = await runTraffic(stack, { count: 200, workers: 4, prefix: 'first' });
    await stack.sealpost('backup', 'now');
    const { accepted: later } = await runTraffic(stack, { count: 100, workers: 4, prefix: 'later' });
    let said = '';
    const { answers, accepted } = await runTraffic(stack, {
      prefix: 'during',
      workers: 4,
      during: async () => {
        said = await stack.sealpost('restore', 'latest', '--yes');
      },
    });
    expect([...answers.keys()].filter((status) => !/^(?:200|503)\b/.test(status))).toEqual([]);
    const [kept = '', ...others] = await keptDatabases();
    expect(others).toEqual([]);
    expect(said).toContain(`The old database is ${kept}; it alone has `);
    expect(said).toContain('Rebuilt from the log: no row differed.');
    const [now, old] = [await asked(), await asked(kept)];
    expect(first.filter((address) => !now.includes(address))).toEqual([]);
    expect(later.filter((address) => now.includes(address))).toEqual([]);
    expect([...later, ...accepted].filter((address) => !old.includes(address) && !now.includes(address))).toEqual([]);
    expect(await stack.sealpost('rebuild', '--check')).toContain('The tables match the log.');
    await isServed(1);
    // Whatever was true of the programs' rights is true of the restored database's.
    await expect(stack.sealpost('doctor')).resolves.toContain('cannot change or delete one');
    expect(await stack.sealpost('backup', 'drop', kept, '--yes')).toContain(`Dropped ${kept}.`);
  });

  test('brings everything back after the database’s volume was deleted', async () => {
    await stack.sealpost('backup', 'now');
    const before = await asked();
    await stack.compose('rm', '-s', '-f', 'postgres', 'migrate');
    await stack.docker('volume', 'rm', `${stack.project}_database`);
    await stack.compose('up', '-d', '--wait');
    expect(await asked()).toEqual([]);
    const said = await stack.sealpost('restore', 'latest', '--yes');
    expect(said).toContain('None would be lost.');
    expect(await asked()).toEqual(before);
    await isServed(2);
    // By the path on this machine, as a shell completes it.
    const file = readdirSync(join(stack.folder, 'backups/postgresql')).findLast((name) => name.endsWith('.gz')) ?? '';
    expect(await stack.sealpost('restore', `backups/postgresql/${file}`, '--yes')).toContain(`${file}: of `);
    await isServed(3);
  });
});
