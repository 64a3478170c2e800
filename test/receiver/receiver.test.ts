/** The receiver of the WAL with a pg_receivewal of the test's own: what it tells while it fails, and what it begins where WAL is gone. The real one works in test/stack. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readReceiverConfig } from '../../services/receiver/config.ts';
import { startReceiver } from '../../services/receiver/start.ts';
import { createLog } from '../../services/runtime/log.ts';
import { PlainError } from '../../services/runtime/safe-error.ts';
import { watchWal } from '../../services/scheduler/jobs/base-backup.ts';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { ensureLogin } from '../../services/store/login-role.ts';
import { readSystemId } from '../../services/store/wal.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';

const PASSWORD = 'of-the-receiver-in-this-test';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await ensureLogin(db.ownerUrl, { name: 'sealpost_backup', password: PASSWORD }, 'replicate');
});
afterAll(() => db.drop());

/** Writes down how it is called, then does what the shell is told where it is to receive. */
function receivewal(then: string): Readonly<{ path: string; calls(): readonly string[] }> {
  const folder = temporaryFolder();
  const asked = join(folder, 'asked');
  const script = `#!/bin/sh
echo "$* password=$PGPASSWORD" >>'${asked}'
case "$*" in *--directory*) ${then} ;; esac
`;
  writeFileSync(join(folder, 'pg_receivewal'), script);
  chmodSync(join(folder, 'pg_receivewal'), 0o755);
  const calls = (): readonly string[] =>
    existsSync(asked) ? readFileSync(asked, 'utf8').split('\n').slice(0, -1) : [];
  return { path: `${folder}:${process.env.PATH}`, calls };
}

async function start(path: string, folder: string) {
  const { hostname, port, pathname } = new URL(db.url);
  const config = readReceiverConfig({
    PATH: path,
    HOST: '127.0.0.1',
    METRICS_PORT: '0',
    DB_HOST: hostname,
    DB_PORT: port,
    DB_NAME: pathname.slice(1),
    WAL_DIR: folder,
    BACKUP_DB_PASSWORD: PASSWORD,
  });
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write: (line: Buffer, _encoding, done) => {
      lines.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  const running = await startReceiver(config, createLog({ service: 'receiver', level: 'info', stream }));
  onTestFinished(() => running.stop());
  const get = async (what: string) => fetch(`http://127.0.0.1:${running.metricsPort}/${what}`);
  return { running, lines, get, named: (event: string) => lines.filter((line) => line.event === event) };
}

describe('the receiver', () => {
  test('says once that it fails, with the program’s words, goes on trying, and is unhealthy meanwhile', async () => {
    const { path, calls } = receivewal('echo "pg_receivewal: error: no room" >&2; exit 1');
    const { get, named } = await start(path, temporaryFolder());
    await expect
      .poll(() => calls().filter((call) => call.includes('--directory')), { timeout: 10_000 })
      .toHaveLength(3);
    const [failing, ...others] = named('loop_failing');
    expect(others).toEqual([]);
    expect(failing).toMatchObject({
      loop: 'receive-wal',
      errorText: expect.stringContaining('pg_receivewal: error: no room') as string,
    });
    const health = await get('health');
    expect([health.status, await health.json()]).toEqual([503, { status: 'FAILING', failing: ['receive-wal'] }]);
    expect(await (await get('metrics')).text()).toMatch(/sealpost_loop_failures_total\{loop="receive-wal"\} [2-9]/);
    // No secret in a command line, which every process may read.
    for (const call of calls())
      expect(call.split(' password=')).toEqual([expect.not.stringContaining(PASSWORD), PASSWORD]);
  });

  test('begins another series where the WAL that it lacks is gone, says so, and gives the slot up that stands there', async () => {
    const gone = 'requested WAL segment 000000010000000000000005 has already been removed';
    const { path, calls } = receivewal(
      `case "$*" in *_1/wal*) echo "ERROR: ${gone}" >&2; exit 1 ;; *) exec sleep 30 ;; esac`,
    );
    const folder = temporaryFolder();
    const { running, named } = await start(path, folder);
    const systemId = await readSystemId(db.sql);
    await expect
      .poll(() => calls().at(-1), { timeout: 10_000 })
      .toContain(`--directory ${join(folder, `${systemId}_2/wal`)}`);
    const order = calls().map((call) => / --(create-slot|drop-slot|directory)/.exec(call)?.[1]);
    expect(order).toEqual(['create-slot', 'directory', 'drop-slot', 'create-slot', 'directory']);
    expect(named('wal_lost')).toHaveLength(1);
    // Stopped by the signal, not by the end of what it runs.
    await running.stop();
  });

  test('is refused without its folder or its password, and for a database by URL', () => {
    const given = { WAL_DIR: '/w', BACKUP_DB_PASSWORD: 'x' };
    expect(readReceiverConfig(given).wal).toMatchObject({ folder: '/w', keepDays: 7 });
    for (const name of Object.keys(given)) {
      expect(() => readReceiverConfig({ ...given, [name]: '' })).toThrow('WAL_DIR and BACKUP_DB_PASSWORD');
    }
  });
});

describe('watch-wal', () => {
  test('tells that nobody receives, with the state of the slot', async () => {
    const { hostname, port, pathname } = new URL(db.url);
    const login = { url: `postgres://sealpost_backup:${PASSWORD}@${hostname}:${port}${pathname}`, ssl: 'off' } as const;
    const metrics = createMetrics('receiver');
    const watch = () => watchWal({ folder: temporaryFolder(), keepDays: 7, login }, { sql: db.sql, metrics });
    await expect(watch()).rejects.toThrow(new PlainError('Nobody receives the WAL: it has no slot.'));
    await db.owner`select pg_create_physical_replication_slot('sealpost', true)`;
    onTestFinished(async () => void (await db.owner`select pg_drop_replication_slot('sealpost')`));
    await expect(watch()).rejects.toThrow(new PlainError('Nobody receives the WAL: its slot is reserved.'));
    expect((await metrics.walReceiving.get()).values[0]?.value).toBe(0);
    expect((await metrics.walLag.get()).values[0]?.value).toBeGreaterThanOrEqual(0);
  });
});
