/** `sealpost status`: one sentence first, what is wrong before the rest, the command that comes next, and always an end. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { addStatus } from '../../services/cli/status.ts';
import type { Result } from '../../services/cli/doctor/run.ts';
import { PlainError } from '../../services/runtime/safe-error.ts';
import type { Job } from '../../services/scheduler/job.ts';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { apiEnvironment, type ApiProcess, startApiProcess, startSes } from '../support/api.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';
import { jobOf, runScheduler } from '../support/scheduler.ts';

let db: TestDatabase;
let ses: LocalSes;
let api: ApiProcess;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url });
});
afterAll(async () => {
  await api.kill('SIGTERM');
  await Promise.all([ses.close(), db.drop()]);
});
beforeEach(() => db.empty());

type Report = { healthy: boolean; verdict: string; next: string | null; parts: Result[] };

const environment = (env: Record<string, string> = {}) => ({
  ...apiEnvironment({ databaseUrl: db.url, sesUrl: ses.url }),
  DATABASE_ADMIN_URL: db.ownerUrl,
  ...env,
});
const status = (env: Record<string, string> = {}, ...args: readonly string[]) =>
  runCommand(addStatus, ['status', '--api-url', api.url, ...args], environment(env));

async function report(env: Record<string, string> = {}) {
  const { code, stdout } = await status(env, '--json');
  const told = JSON.parse(stdout) as Report;
  return { code, ...told, named: (name: string) => told.parts.find((part) => part.name === name) };
}

const NEVER = '0 0 29 2 *';
const withJobs = async (...table: readonly (readonly [name: string, runOnce: Job['runOnce']])[]) => {
  await runScheduler(
    db,
    table.map(([name, runOnce]) => jobOf(name, runOnce, NEVER)),
  );
  await expect.poll(() => db.owner`select from jobs`).toHaveLength(table.length);
  await expect.poll(() => db.owner`select from leases where expires_at > now()`).toHaveLength(1);
};

/** A folder with one backup that was made so many hours ago; its manifest is what is given. */
function backupOf(hours: number, manifest: 'none' | 'whole'): string {
  const folder = temporaryFolder();
  const at = new Date(Date.now() - hours * 3_600_000);
  const stamp = at
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .replace('T', '_');
  const file = `requests_backup_${stamp}.sql.gz`;
  writeFileSync(join(folder, file), 'x');
  const said = {
    format: 1,
    file,
    bytes: 1,
    sha256: 'x',
    made_at: at.toISOString(),
    version: '0.1.0',
    server: '18.4',
    schema: { number: 22, name: '022_x.sql' },
    epoch: 1,
    position: 1,
    rows: {},
  };
  if (manifest === 'whole') writeFileSync(join(folder, `${file}.json`), JSON.stringify(said));
  return folder;
}

describe('sealpost status', () => {
  test('says that all is well in one sentence, then each part in a line, with exit code 0', async () => {
    await withJobs(['backup', async () => 1], ['check-backups', async () => 1]);
    await db.owner`
      insert into job_runs (job, slot, started_at, ended_at, count)
      values ('backup', now(), now() - interval '3 hours', now() - interval '3 hours', 1)
    `;
    const { code, stdout } = await status({ BACKUP_DIR: backupOf(5, 'whole') });
    const [verdict, blank, ...lines] = stdout.trimEnd().split('\n');
    expect([verdict, blank, code]).toEqual(['All is well.', '', 0]);
    expect(lines.map((line) => line.split(/ {2,}/)[1])).toEqual(
      'disk database versions replication api edge scheduler jobs backups alerts sending ses outbox'.split(' '),
    );
    expect(stdout).not.toContain('Next:');
    const part = (name: string) => lines.find((line) => line.includes(`  ${name} `)) ?? '';
    expect(part('versions')).toMatch(/Sealpost \d+\.\d+\.\d+, PostgreSQL 18\.\d+, schema 0\d\d_\w+\.$/);
    expect(part('database')).toMatch(/\d MiB, \d+ of 300 connections, (?:no open|oldest) transaction/);
    expect(part('jobs')).toContain(
      'None of 2 jobs failed in its last run. backup ran 3 h ago and succeeded. check-backups never ran.',
    );
    expect(part('backups')).toMatch(/_backup_\d{8}_\d{6}\.sql\.gz, is 5 h old, has 1 bytes and a manifest\.$/);
    expect(part('sending')).toContain('Sending is open: of 0 emails in 24 hours');
    expect(part('scheduler')).toMatch(/One leads, in term \d+\./);
  });

  test('has the same for programs, with figures', async () => {
    await withJobs(['backup', async () => 1]);
    const { code, healthy, verdict, next, named } = await report({ BACKUP_DIR: backupOf(5, 'whole') });
    expect([code, healthy, verdict, next]).toEqual([0, true, 'All is well.', null]);
    expect(named('database')?.facts).toMatchObject({ connectionsMax: 300, databaseBytes: expect.any(Number) });
    expect(named('scheduler')?.facts).toMatchObject({ held: true, overdueSeconds: 0 });
    expect(named('jobs')?.facts).toEqual({
      failing: [],
      last: { backup: null, 'check-backups': null, 'base-backup': null, 'rehearse-restore': null },
    });
    expect(named('backups')?.facts).toMatchObject({ manifest: true });
    expect(named('ses')?.facts).toMatchObject({ perDayMax: 10_000_000 });
    expect(named('outbox')?.facts).toEqual({ mails: 0, oldestSeconds: 0 });
  });

  test('names what is wrong first, all of it, and the one command that comes next', async () => {
    await withJobs(['backup', () => Promise.reject(new PlainError('The disk is full.'))]);
    await db.owner`insert into job_runs (job, slot, asked) values ('backup', now(), true)`;
    await expect
      .poll(() => db.owner`select from job_runs where error is not null`, { timeout: 10_000 })
      .toHaveLength(1);
    const { code, stdout } = await status({ BACKUP_DIR: backupOf(60, 'whole') });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(
      /^Something is wrong: jobs \(backups as well\)\. The job backup fails: The disk is full\. backup ran \d+ s ago and failed\.$/,
    );
    expect(lines.slice(1, 3)).toEqual(['Next: sealpost jobs history --failed', '']);
    expect(lines.slice(3, 5).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['wrong', 'jobs'],
      ['wrong', 'backups'],
    ]);
    expect(code).toBe(1);
  });

  test('a newest backup without a manifest, and no scheduler', async () => {
    const { code, verdict, named } = await report({ BACKUP_DIR: backupOf(1, 'none') });
    expect(verdict).toBe('Something is wrong: scheduler (backups as well). No scheduler leads: the last one stopped.');
    expect(named('backups')?.what).toMatch(/and no manifest; none has one\.$/);
    expect(code).toBe(1);
  });

  test('shows replication slots with their lag, as the owner', async () => {
    await db.owner`select pg_create_physical_replication_slot('status_test', true)`;
    onTestFinished(async () => void (await db.owner`select pg_drop_replication_slot('status_test')`));
    const { named } = await report();
    expect(named('replication')).toMatchObject({
      status: 'warning',
      what: expect.stringMatching(/status_test is read by nobody, .+ behind, wal_status reserved/),
      facts: { slots: expect.arrayContaining([expect.objectContaining({ name: 'status_test', active: false })]) },
    });
  });

  test('with a database, an SES, an api and an edge that take connections and never answer it ends, and says so', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const port = String((server.address() as AddressInfo).port);
    const silent = `http://127.0.0.1:${port}`;
    const started = performance.now();
    const { code, stdout } = await runCommand(
      addStatus,
      ['status', '--api-url', silent],
      environment({
        DATABASE_URL: `postgres://a:secret@127.0.0.1:${port}/c`,
        SES_ENDPOINT: silent,
        API_DOMAIN: '127.0.0.1',
        HTTPS_PORT: port,
      }),
    );
    expect(performance.now() - started).toBeLessThan(6000);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Something is wrong: database \(api, edge as well\)\. PostgreSQL does not answer at/);
    expect(stdout).toContain('is not reached from here (no answer in time)');
    expect(stdout).toMatch(/warning {2}ses +Not checked: .+/);
    expect(stdout).toMatch(/warning {2}outbox +Not checked: the database does not answer\.$/m);
    expect(stdout).not.toContain('secret');
  });
});
