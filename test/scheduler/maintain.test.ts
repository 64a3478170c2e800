/** MA6, MA7: the monthly maintenance vacuums, analyzes and resets, and says what it may not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maintain } from '../../services/scheduler/jobs/maintain.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

describe('maintain', () => {
  test('MA6, MA7: vacuums and analyzes every table, and the counters begin anew', async () => {
    await db.owner`insert into rate_windows (key, started_at, count) values ('a', now(), 1), ('b', now(), 1)`;
    await db.owner`delete from rate_windows where key = 'a'`;
    const before = await db.owner`select relname from pg_stat_user_tables where schemaname = 'public'`;
    const said: string[] = [];
    expect(await maintain({ slowSql: db.sql, say: (note) => void said.push(note) })).toBe(before.length);
    expect(said).toEqual([]);
    const [windows] = await db.owner`select reltuples, relpages from pg_class where relname = 'rate_windows'`;
    expect(windows).toEqual({ reltuples: 1, relpages: 1 });
    const left = await db.owner`select relname from pg_stat_user_tables
      where schemaname = 'public' and (last_vacuum is null or last_analyze is null)`;
    expect(left).toEqual([]);
    const [database] = await db.owner`select stats_reset > now() - interval '1 minute' as fresh from pg_stat_database
      where datname = current_database()`;
    expect(database?.fresh).toBe(true);
  });

  test('says which tables it may not vacuum, and that it may not reset the counters', async () => {
    await db.owner`revoke maintain on events, streams from sealpost_app`;
    await db.owner`create or replace function reset_statistics() returns boolean language sql as 'select false'`;
    const said: string[] = [];
    const all = (await db.owner`select from pg_stat_user_tables where schemaname = 'public'`).length;
    expect(await maintain({ slowSql: db.sql, say: (note) => void said.push(note) })).toBe(all - 2);
    expect(said).toEqual([
      'the statistics were not reset: the owner of the tables may not call pg_stat_reset(); ' +
        'left to autovacuum, for lack of the right MAINTAIN: events, streams',
    ]);
  });
});
