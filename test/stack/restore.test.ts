/** Restores with PostgreSQL's own programs: a mistake is taken back, nothing acknowledged is lost with the database's volume, and any second comes back. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

const moment = async (): Promise<string> =>
  (await psql(`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`)).trim();

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

const wordsOf = (error: { stdout?: string; stderr?: string }): string => `${error.stdout}${error.stderr}`;

describe('base backups and WAL', () => {
  test('are there by themselves: a base backup, and somebody who receives', async () => {
    await expect
      .poll(() => stack.sealpost('backup', 'list'), { timeout: 60_000, interval: 2000 })
      .toMatch(/Any second can be restored from 20\S+Z to 20\S+Z, by 1 base backup and the WAL\./);
    expect((await stack.inspect('receiver'))[0]?.State.Health?.Status).toBe('healthy');
    expect(await stack.sealpost('jobs', 'run', 'watch-wal')).toContain('did 1');
  });

  test('and dumps take a mistake back while requests go on: none fails but by waiting, and the kept database has the rest', async () => {
    const { accepted: first } = await runTraffic(stack, { count: 200, workers: 4, prefix: 'first' });
    await stack.sealpost('backup', 'now');
    const file = readdirSync(join(stack.folder, 'backups/postgresql')).findLast((name) => name.endsWith('.gz')) ?? '';
    const { accepted: later } = await runTraffic(stack, { count: 100, workers: 4, prefix: 'later' });
    let said = '';
    const { answers, accepted } = await runTraffic(stack, {
      prefix: 'during',
      workers: 4,
      during: async () => {
        said = await stack.sealpost('restore', file, '--yes');
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
    // By the path on this machine, as a shell completes it.
    expect(await stack.sealpost('restore', `backups/postgresql/${file}`, '--yes')).toContain(`${file}: of `);
    await isServed(2);
  });

  test('bring back a second exactly, and say which they cannot', async () => {
    const { accepted: before } = await runTraffic(stack, { count: 60, workers: 4, prefix: 'before' });
    await sleep(1500);
    const between = await moment();
    await sleep(1500);
    const { accepted: after } = await runTraffic(stack, { count: 60, workers: 4, prefix: 'after' });
    expect(await stack.sealpost('restore', 'latest', '--at', between, '--yes')).toContain(
      `to ${new Date(between).toISOString()}`,
    );
    const there = await asked();
    expect(before.filter((address) => !there.includes(address))).toEqual([]);
    expect(after.filter((address) => there.includes(address))).toEqual([]);
    await expect(
      stack.sealpost('restore', 'latest', '--at', '2026-01-01T00:00:00Z', '--yes').catch(wordsOf),
    ).resolves.toContain('No base backup with its WAL reaches 2026-01-01T00:00:00.000Z');
  });

  test('lose nothing when PostgreSQL is killed amid writes and its volume deleted', async () => {
    const kill = async (): Promise<void> => stack.kill('postgres');
    const { accepted } = await runTraffic(stack, { count: 500, workers: 8, prefix: 'gone', at: [300, kill] });
    await stack.compose('rm', '-s', '-f', 'postgres', 'migrate');
    await stack.docker('volume', 'rm', `${stack.project}_database`);
    await stack.compose('up', '-d', '--wait');
    expect(await stack.sealpost('restore', 'latest', '--yes')).toContain('and its WAL');
    const there = new Set(await asked());
    // Those of after the kill were answered by the same database, which had come back.
    expect(accepted.filter((address) => !there.has(address))).toEqual([]);
    expect(await stack.sealpost('rebuild', '--check')).toContain('The tables match the log.');
  });

  test('are rehearsed: restored beside, rebuilt and compared, the dump as well', async () => {
    await stack.sealpost('jobs', 'run', 'base-backup');
    expect(await stack.sealpost('jobs', 'run', 'rehearse-restore')).toMatch(
      /events, none lost, the tables match the log/,
    );
    await stack.sealpost('backup', 'now');
    expect(await stack.sealpost('jobs', 'run', 'rehearse-dump')).toMatch(/events, the tables match the log/);
  });

  test('tell that nobody receives, and nothing is missing once somebody does again', async () => {
    await stack.compose('stop', 'receiver');
    await expect(stack.sealpost('jobs', 'run', 'watch-wal').catch(wordsOf)).resolves.toContain(
      'Nobody receives the WAL: its slot is reserved.',
    );
    await runTraffic(stack, { count: 40, workers: 4, prefix: 'unheard' });
    await stack.compose('up', '-d', '--wait', 'receiver');
    expect(await stack.sealpost('jobs', 'run', 'watch-wal')).toContain('did 1');
    expect(await stack.sealpost('jobs', 'run', 'rehearse-restore')).toContain('none lost');
  });

  test('begin anew, with a base backup, where WAL is gone that nobody received', async () => {
    await stack.compose('stop', 'receiver');
    // What max_slot_wal_keep_size does to one that is away for too long.
    await psql("select pg_drop_replication_slot('sealpost')");
    for (let n = 0; n < 4; n++)
      await psql('select pg_switch_wal() from (select pg_logical_emit_message(true, $$x$$, $$y$$)) as x');
    await psql('checkpoint');
    await stack.compose('up', '-d', '--wait', 'receiver');
    const log = await stack.compose('logs', '--no-log-prefix', 'receiver');
    expect(log.match(/"event":"wal_lost"/g), log).toHaveLength(1);
    await stack.sealpost('jobs', 'run', 'watch-wal');
    await expect
      .poll(() => stack.sealpost('backup', 'list'), { timeout: 30_000, interval: 1000 })
      .toMatch(/(?:Any second can be restored .*\n?){3}/);
    expect(await stack.sealpost('jobs', 'run', 'rehearse-restore')).toContain('none lost');
  });
});
