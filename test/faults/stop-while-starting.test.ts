/** Told to stop while it starts, as when a host goes down right after it came up: it ends as it would later, with exit code 0. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiEnvironment } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const waits = async (): Promise<boolean> =>
  (await db.owner`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
    .length > 0;

test.each(['services/api/main.ts', 'services/scheduler/main.ts'])('%s', async (program) => {
  const said: string[] = [];
  await db.owner
    .begin(async (held) => {
      await held`lock table schema_migrations in access exclusive mode`;
      const env = apiEnvironment({ databaseUrl: db.url, sesUrl: 'http://127.0.0.1:9' });
      const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const output of [child.stdout, child.stderr])
        output.on('data', (chunk: Buffer) => said.push(chunk.toString()));
      const ended = once(child, 'exit');
      await expect.poll(waits).toBe(true);
      child.kill('SIGTERM');
      await expect.poll(() => said.join('')).toContain('"stopping"');
      return { ended };
    })
    .then(async ({ ended }) => {
      expect([await ended, said.join('')]).toEqual([[0, null], expect.stringContaining('"event":"stopped"')]);
    });
});
