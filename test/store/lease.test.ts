/** The lease of the schedulers and its fence: one holder, and no write under an earlier token. */
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { connect, type Pool } from '../../services/store/database.ts';
import { holdLease, isLeaseHeld, releaseLease } from '../../services/store/lease.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => db.empty());

/** The pool of a scheduler whose lease has this token. */
function fencedBy(leaseToken: number): Pool {
  const pool = connect({
    url: db.url,
    ssl: 'off',
    poolMax: 2,
    applicationName: 'test',
    statementTimeoutMilliseconds: 5000,
    leaseToken,
  });
  onTestFinished(() => pool.end({ timeout: 1 }));
  return pool;
}

describe('the lease', () => {
  test('has one holder, who keeps its token; another takes it when it is over or given back, with the next token', async () => {
    const first = await holdLease(db.sql, 'a', 60);
    expect(await holdLease(db.sql, 'b', 60)).toBeUndefined();
    expect(await holdLease(db.sql, 'a', 60)).toBe(first);
    expect(await isLeaseHeld(db.sql)).toBe(true);
    await releaseLease(db.sql, 'b');
    expect(await isLeaseHeld(db.sql)).toBe(true);
    await releaseLease(db.sql, 'a');
    expect(await isLeaseHeld(db.sql)).toBe(false);
    expect(await holdLease(db.sql, 'b', 0.05)).toBe(Number(first) + 1);
    await expect.poll(() => holdLease(db.sql, 'a', 60)).toBe(Number(first) + 2);
    // Who finds it taken over knows.
    expect(await holdLease(db.sql, 'b', 60)).toBeUndefined();
  });

  test('that a clock which was days ahead took is free again', async () => {
    const first = Number(await holdLease(db.sql, 'ahead', 60));
    await db.owner`update leases set expires_at = now() + interval '30 days'`;
    expect(await holdLease(db.sql, 'a', 60)).toBe(first + 1);
    await releaseLease(db.sql, 'a');
  });

  test('of twenty who ask at once has one', async () => {
    const asked = Array.from({ length: 20 }, (_, n) => holdLease(db.sql, `holder ${n}`, 60));
    expect((await Promise.all(asked)).filter((token) => token !== undefined)).toHaveLength(1);
  });
});

const FENCED = [
  'accounts',
  'email_otp_verifications',
  'events',
  'idempotency_keys',
  'installation',
  'job_runs',
  'jobs',
  'mails_sent',
  'outbox',
  'rate_windows',
  'refresh_tokens',
  'sending_resumptions',
  'sessions',
  'sign_ins',
  'streams',
  'user_email_addresses',
];

describe('the fence', () => {
  test('stands before every table but the lease itself and the record of migrations', async () => {
    const rows = await db.owner`
      select relname, tgname from pg_class
      left join pg_trigger on tgrelid = pg_class.oid and tgname = 'refuse_stale_lease'
      where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`;
    expect(rows.filter(({ tgname }) => tgname).map(({ relname }) => relname)).toEqual(FENCED);
    expect(rows.filter(({ tgname }) => !tgname).map(({ relname }) => relname)).toEqual(['leases', 'schema_migrations']);
  });

  test.each(FENCED)(
    'refuses each kind of write to %s under an earlier token, and none under the current one',
    async (table) => {
      const token = Number(await holdLease(db.sql, 'now', 60));
      const [first] =
        await db.owner`select attname from pg_attribute where attrelid = ${table}::regclass and attnum = 1`;
      const writes = [
        `insert into ${table} overriding system value select * from ${table} where false`,
        `update ${table} set ${String(first?.attname)} = default where false`,
        `delete from ${table} where false`,
      ];
      const outcomes = async (leaseToken: number) => {
        const owner = postgres(db.ownerUrl, { max: 1, connection: { 'sealpost.lease_token': String(leaseToken) } });
        onTestFinished(() => owner.end({ timeout: 1 }));
        const codes: unknown[] = [];
        for (const write of writes) {
          codes.push(
            await owner.unsafe(write).then(
              () => 'done',
              (error: { code?: string }) => error.code,
            ),
          );
        }
        return codes;
      };
      expect(await outcomes(token)).toEqual(['done', 'done', 'done']);
      expect(await outcomes(token - 1)).toEqual(['SP001', 'SP001', 'SP001']);
    },
  );

  test('a statement that began under the lease ends before another can take it over; a renewal waits for nothing', async () => {
    const token = Number(await holdLease(db.sql, 'a', 60));
    await handlerOn(db.sql).handle(requestOf(addressOf('fence@example.com'), user(1)));
    const fenced = fencedBy(token);
    const asleep = () =>
      db.owner`select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
    const waiting = () =>
      db.owner`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    const writing = fenced`update streams set version = version + 0 where id = 'fence@example.com' and pg_sleep(2) is not null`;
    await expect.poll(asleep).toHaveLength(1);
    expect(await holdLease(db.sql, 'a', 0)).toBe(token);
    expect(await asleep()).toHaveLength(1);
    const takingOver = holdLease(db.sql, 'b', 60);
    await expect.poll(waiting).toHaveLength(1);
    expect(await asleep()).toHaveLength(1);
    await writing;
    expect(await takingOver).toBe(token + 1);
    await expect(fenced`update streams set version = version + 0`).rejects.toMatchObject({ code: 'SP001' });
  });

  test('what a command of a stale scheduler would record is refused, and nothing of it is there', async () => {
    const token = Number(await holdLease(db.sql, 'a', 0));
    const stale = handlerOn(fencedBy(token));
    const address = addressOf('stale@example.com');
    await stale.handle(requestOf(address, user(1)));
    const before = await db.owner`select * from events`;
    await holdLease(db.sql, 'b', 60);
    await expect(stale.handle({ type: 'suppress', address, by: user(9) })).rejects.toMatchObject({ code: 'SP001' });
    expect(await db.owner`select * from events`).toEqual(before);
    expect(await db.owner`select version from streams`).toEqual([{ version: 1 }]);
  });
});
