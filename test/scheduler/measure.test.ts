/** What is measured all the time: the database as its programs may see it, the disks, and nothing that is not known. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { nameOfDump } from '../../services/backup/manifest.ts';
import { createMetrics, forgetMeasures, type Metrics } from '../../services/runtime/metrics.ts';
import { measure } from '../../services/scheduler/jobs/measure.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** All samples of this name, by their labels. */
async function samples(metrics: Metrics, name: string): Promise<Record<string, number>> {
  const lines = (await metrics.registry.metrics()).split('\n').filter((line) => /^[a-z0-9_]+/.exec(line)?.[0] === name);
  return Object.fromEntries(
    lines.map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

async function measured(disks: Record<string, string> = {}) {
  const metrics = createMetrics('scheduler');
  expect(await measure(disks, { sql: db.sql, metrics })).toBe(0);
  return async (name: string) => (await samples(metrics, `sealpost_${name}`))[''] ?? Number.NaN;
}

describe('the database', () => {
  test('has its size, and its connections of as many as it takes', async () => {
    const of = await measured();
    const [row] = await db.owner`select pg_database_size(current_database())::float8 as bytes,
      current_setting('max_connections')::integer as most, (select sum(numbackends) from pg_stat_database)::float8 as taken`;
    expect((await of('database_bytes')) / Number(row?.bytes)).toBeCloseTo(1, 1);
    // Other tests come and go beside this one; what this login may not look at counts too.
    expect(await of('database_connections')).toBeGreaterThan(0);
    expect(Math.abs((await of('database_connections')) - Number(row?.taken))).toBeLessThan(20);
    expect(await of('database_connections_max')).toBe(Number(row?.most));
  });

  test('tells of a transaction that stays open, and of a code that nobody closed', async () => {
    const before = await measured();
    expect(await before('codes_overdue_seconds')).toBe(0);
    expect(await before('database_oldest_transaction_seconds')).toBeLessThan(1);
    await handlerOn(db.sql).handle(requestOf(addressOf('late@example.com'), user(1)));
    await db.owner`update streams set expires_at = now() - interval '90 seconds'`;
    const programs = postgres(db.url, { max: 1, onnotice: () => {} });
    onTestFinished(() => programs.end({ timeout: 1 }));
    await programs.begin(async (held) => {
      await held`select pg_sleep(1.5)`;
      const of = await measured();
      expect(await of('database_oldest_transaction_seconds')).toBeGreaterThan(1.4);
      expect(await of('codes_overdue_seconds')).toBeGreaterThan(90);
      expect(await of('codes_overdue_seconds')).toBeLessThan(150);
    });
  });
});

test('a disk has its size and what is free, by what it is for; a folder that is not there has none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const metrics = createMetrics('scheduler');
  await measure({ backups: folder, wal: join(folder, 'not-there') }, { sql: db.sql, metrics });
  const of = (name: string) => samples(metrics, `sealpost_disk_${name}`);
  const [size, free, files] = [await of('bytes'), await of('free_bytes'), await of('free_files_ratio')];
  for (const found of [size, free, files]) expect(Object.keys(found)).toEqual(['{disk="backups"}']);
  const one = '{disk="backups"}';
  expect(Number(free[one])).toBeGreaterThan(0);
  expect(Number(free[one])).toBeLessThan(Number(size[one]));
  expect(Number(files[one])).toBeGreaterThan(0);
  expect(Number(files[one])).toBeLessThanOrEqual(1);
});

test('a disk that cannot be read any more is not what it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-disk-'));
  const metrics = createMetrics('scheduler');
  await measure({ wal: folder }, { sql: db.sql, metrics });
  expect(Object.keys(await samples(metrics, 'sealpost_disk_free_bytes'))).toEqual(['{disk="wal"}']);
  rmSync(folder, { recursive: true });
  await measure({ wal: folder }, { sql: db.sql, metrics });
  for (const name of ['bytes', 'free_bytes', 'free_files_ratio'])
    expect(await samples(metrics, `sealpost_disk_${name}`)).toEqual({});
});

test('the newest backup is the newest whole one that lies there, and 0 where none does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const newest = async () => (await measured({ backups: folder }))('backup_newest_timestamp_seconds');
  expect(await newest()).toBe(0);
  for (const [hour, whole] of [
    [2, true],
    [4, true],
    [6, false],
  ] as const) {
    const file = nameOfDump('sealpost', new Date(Date.UTC(2026, 2, 1, hour)));
    const made = {
      format: 1,
      file,
      bytes: 1,
      sha256: 'x',
      made_at: '2026-03-01T00:00:00Z',
      version: '1',
      server: '18',
    };
    const manifest = { ...made, schema: { number: 1, name: 'a' }, epoch: 1, position: 1, rows: {} };
    writeFileSync(join(folder, file), 'x');
    if (whole) writeFileSync(join(folder, `${file}.json`), JSON.stringify(manifest));
  }
  expect(await newest()).toBe(Date.UTC(2026, 2, 1, 4) / 1000);
});

test('a folder of backups that cannot be read is told, and hides nothing else', async () => {
  const metrics = createMetrics('scheduler');
  const measuring = measure({ backups: '/no/such/folder' }, { sql: db.sql, metrics });
  await expect(measuring).rejects.toThrow('/no/such/folder cannot be read (ENOENT)');
  expect(await samples(metrics, 'sealpost_database_bytes')).toEqual({ '': expect.any(Number) });
  expect(await samples(metrics, 'sealpost_backup_newest_timestamp_seconds')).toEqual({});
});

test('who no longer works knows nothing of what it measured, and goes on to know whether it works', async () => {
  const metrics = createMetrics('scheduler');
  await measure({ backups: tmpdir() }, { sql: db.sql, metrics });
  metrics.jobFailing.set({ job_name: 'backup' }, 1);
  metrics.sesSent.set(7);
  metrics.jobSeconds.observe({ job_name: 'backup', outcome: 'done' }, 1);
  metrics.leading.set(0);
  forgetMeasures(metrics);
  const left = (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('sealpost_'));
  const names = new Set(left.map((line) => /^[a-z0-9_]+/.exec(line)?.[0].replace(/_(?:bucket|sum|count)$/, '')));
  expect([...names].filter((name) => /disk|database|ses|failing|last_success/.test(String(name)))).toEqual([]);
  expect([...names]).toEqual(
    expect.arrayContaining(['sealpost_scheduler_leading', 'sealpost_job_duration_seconds', 'sealpost_build_info']),
  );
  metrics.sesSent.set(8);
  expect(await samples(metrics, 'sealpost_ses_sent_last_24_hours')).toEqual({ '': 8 });
});
