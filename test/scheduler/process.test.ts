/** The scheduler as it runs: a failed job runs again, none twice at once, a stop waits for what is under way, and no start on another schema. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readSchedulerConfig } from '../../services/scheduler/config.ts';
import type { Job } from '../../services/scheduler/job.ts';
import { startScheduler } from '../../services/scheduler/start.ts';
import { JWT_SECRET, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { keptLog } from '../support/log-lines.ts';
import { addressOf } from '../support/rules.ts';

const EVERY_SECOND = '* * * * * *';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const environmentFor = (url: string) => ({ DATABASE_URL: url, JWT_SECRET, HOST: '127.0.0.1', METRICS_PORT: '0' });

/** `node services/scheduler/main.ts`, and what it said. */
function startProcess(url: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['services/scheduler/main.ts'], {
    env: { PATH: process.env.PATH ?? '', ...environmentFor(url), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (text += chunk.toString()));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => text, ended: once(child, 'close') };
}

describe('a table of jobs', () => {
  test('runs on whatever one of them does: a failure is told without its words and tried again, a slow one is alone', async () => {
    const { said, log } = keptLog('scheduler');
    const runs = { metronome: 0, fails: 0, slow: 0, records: 0 };
    const held = Promise.withResolvers<number>();
    const table: readonly Job[] = [
      { name: 'metronome', pattern: EVERY_SECOND, deadlineSeconds: 60, runOnce: async () => runs.metronome++ && 0 },
      {
        name: 'fails',
        pattern: EVERY_SECOND,
        deadlineSeconds: 60,
        runOnce: () => {
          runs.fails++;
          return Promise.reject(new TypeError('victim@example.com'));
        },
      },
      {
        name: 'slow',
        pattern: EVERY_SECOND,
        deadlineSeconds: 60,
        runOnce: () => {
          runs.slow++;
          return held.promise;
        },
      },
      {
        name: 'records',
        pattern: EVERY_SECOND,
        deadlineSeconds: 60,
        runOnce: async ({ sql, handler }) => {
          await sql`select pg_sleep(0.05)`;
          await handler.handle({ type: 'suppress', address: addressOf('job@example.com'), by: user(900) });
          runs.records++;
          return 0;
        },
      },
    ];
    const scheduler = await startScheduler(readSchedulerConfig(environmentFor(db.url)), log, table);
    await expect.poll(() => Math.min(runs.metronome, runs.fails, runs.records)).toBeGreaterThanOrEqual(3);
    expect(runs.slow).toBe(1);
    const metrics = await (await fetch(`http://127.0.0.1:${scheduler.metricsPort}/metrics`)).text();
    expect(metrics).toMatch(
      /sealpost_job_duration_seconds_count\{job_name="metronome",outcome="done"\} (?:[2-9]|\d\d)/,
    );
    expect(metrics).toMatch(/sealpost_job_duration_seconds_count\{job_name="fails",outcome="failed"\} (?:[2-9]|\d\d)/);
    expect(metrics).not.toContain('job_name="fails",outcome="done"');
    // The settings of alerts, for the rules to go by.
    expect(metrics).toMatch(/^sealpost_alert_threshold\{name="disk_ratio"\} 0.85$/m);
    expect(metrics).toMatch(/sealpost_events_total\{type="suppressed",purpose="",outcome="admin"\} 1$/m);
    const ofRecords = (what: string) =>
      Number(new RegExp(`seconds_${what}\\{job_name="records",outcome="done"\\} (\\S+)`).exec(metrics)?.[1]);
    // Each takes a twentieth of a second, and seconds is what they are counted in.
    expect(ofRecords('sum') / ofRecords('count')).toBeGreaterThanOrEqual(0.04);
    expect(ofRecords('sum') / ofRecords('count')).toBeLessThan(20);

    let stopped = false;
    const stopping = scheduler.stop().then(() => (stopped = true));
    const [metronome, fails] = [runs.metronome, runs.fails];
    await db.owner`select pg_sleep(1.1)`;
    expect([runs.metronome, runs.fails, stopped]).toEqual([metronome, fails, false]);
    held.resolve(7);
    await stopping;
    expect(runs.slow).toBe(1);
    await expect(fetch(`http://127.0.0.1:${scheduler.metricsPort}/metrics`)).rejects.toThrow();

    // What did nothing is not worth a line.
    expect(said.filter(({ job }) => job === 'metronome')).toEqual([]);
    expect(said.filter(({ job }) => job === 'slow')).toEqual([
      expect.objectContaining({ event: 'job_done', count: 7, service: 'scheduler' }),
    ]);
    expect(said.filter(({ job }) => job === 'fails')).toEqual([
      expect.objectContaining({ event: 'job_failed', level: 50, errorName: 'TypeError' }),
    ]);
    expect(JSON.stringify(said)).not.toContain('victim');
  });
});

describe('the process', () => {
  test('does its work, and on SIGTERM ends what is under way before it ends itself, with exit code 0', async () => {
    const address = addressOf('under-way@example.com');
    await handlerOn(db.sql).handle(requestOf(address, user(1)));
    await db.setClockAhead(601);
    const held = Promise.withResolvers<void>();
    const lock = db.owner.begin(async (sql) => {
      await sql`select from streams where id = ${address} for update`;
      await held.promise;
    });
    const { child, output, ended } = startProcess(db.url);
    const waits = () =>
      db.owner`select from pg_stat_activity where application_name = 'sealpost-scheduler' and wait_event_type = 'Lock'`;
    await expect.poll(waits).toHaveLength(1);
    child.kill('SIGTERM');
    await expect.poll(output).toContain('"stopping"');
    expect(await db.owner`select from events where type = 'expired'`).toEqual([]);
    expect([child.exitCode, output().includes('"stopped"')]).toEqual([null, false]);
    held.resolve();
    await lock;
    expect(await ended).toEqual([0, null]);
    expect(output()).toContain('"reason":"SIGTERM"');
    expect(output()).toContain('"stopped"');
    expect(output()).not.toContain('under-way');
    const events = await db.owner`select type from events where stream_id = ${address} order by version`;
    expect(events.map(({ type }) => type)).toEqual(['requested', 'expired', 'send_failed']);
    await db.setClockAhead(0);
  });

  test('does not start on another schema, nor on none, and says in a sentence what to do', async () => {
    const empty = await createTestDatabase('template0');
    await expect(startScheduler(readSchedulerConfig(environmentFor(empty.url)))).rejects.toThrow(/sealpost migrate/);
    const { output, ended } = startProcess(empty.url);
    expect(await ended).toEqual([1, null]);
    expect(output()).toContain('run "sealpost migrate"');
    expect(output()).not.toMatch(/\n\s+at /);
    await empty.drop();
  });

  test('with wrong settings ends with 78 and all problems', async () => {
    const { output, ended } = startProcess(db.url, { METRICS_PORT: 'x', EMAIL_OTP_EXPIRES_IN: '601', JWT_SECRET: '' });
    expect(await ended).toEqual([78, null]);
    for (const name of ['METRICS_PORT', 'EMAIL_OTP_EXPIRES_IN', 'JWT_SECRET']) {
      expect(output()).toContain(`\n  - ${name}: `);
    }
  });
});
