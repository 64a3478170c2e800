/** What each job of the table does at its boundaries. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { readSchedulerConfig } from '../../services/scheduler/config.ts';
import type { Job, JobServices } from '../../services/scheduler/job.ts';
import { jobsOf } from '../../services/scheduler/jobs.ts';
import { JWT_SECRET, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { codeOf, guessOf, handlerOn, requestOf, unstopped } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

const TTL = 600;

const jobs = jobsOf(readSchedulerConfig({ JWT_SECRET }));

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.setClockAhead(0);
  await db.empty();
});

/** One run of the job of that name, as the table has it. */
function run(name: string, given: Partial<JobServices> = {}): Promise<number> {
  const job = jobs.find((one) => one.name === name) as Job;
  return job.runOnce({
    sql: db.sql,
    slowSql: db.sql,
    handler: handlerOn(db.sql),
    metrics: createMetrics('scheduler'),
    signal: unstopped,
    say: () => {},
    ...given,
  });
}

const request = (name: string, userId = user(1), purpose = 'verification') =>
  handlerOn(db.sql).handle(requestOf(addressOf(`${name}@example.com`), userId, purpose));

const eventsOf = async (type: string) =>
  (await db.owner`select stream_id, data from events where type = ${type} order by position`).map(
    ({ stream_id, data }) => [String(stream_id).split('@')[0], data as Record<string, unknown>] as const,
  );

describe('expire-codes', () => {
  test('records expired for a code whose time is over, at that moment and not before, and gives its waiting mail up', async () => {
    await request('lapsed');
    await db.setClockAhead(60);
    await request('later');
    const gone =
      await db.owner`update streams set expires_at = now() + interval '60 s' where id = 'lapsed@example.com'`;
    expect(gone.count).toBe(1);
    await db.setClockAhead(59);
    expect(await run('expire-codes')).toBe(0);
    await db.setClockAhead(TTL + 30);
    expect(await run('expire-codes')).toBe(1);
    const expired = await eventsOf('expired');
    expect(expired.map(([name]) => name)).toEqual(['lapsed']);
    const failed = await eventsOf('send_failed');
    expect(failed).toEqual([['lapsed', { otpId: expired[0]?.[1].otpId, mailing: 1, reason: 'expired' }]]);
    expect(await db.owner`select stream_id from outbox`).toEqual([{ stream_id: 'later@example.com' }]);
    expect(await run('expire-codes')).toBe(0);
    expect(await eventsOf('expired')).toHaveLength(1);
  });

  test('of an address closes what is over and leaves what lives, and a verified code is never expired', async () => {
    await request('both', user(1), 'business');
    await request('done', user(1));
    const done = addressOf('done@example.com');
    await handlerOn(db.sql).handle(guessOf(done, user(1), await codeOf(db.sql, done, user(1))));
    await db.setClockAhead(TTL - 60);
    await request('both', user(2), 'driver');
    await db.setClockAhead(TTL + 1);
    expect(await run('expire-codes')).toBe(1);
    expect((await eventsOf('expired')).map(([name]) => name)).toEqual(['both']);
    const open = await db.owner`select user_id, purpose from email_otp_verifications where expires_at > event_clock()`;
    expect(open).toEqual([{ user_id: user(2), purpose: 'driver' }]);
    const [row] = await db.owner`select extract(epoch from expires_at - event_clock())::float8 as left from streams
      where id = 'both@example.com'`;
    expect(row?.left).toBeGreaterThan(TTL - 120);
  });

  test('goes on until nothing is overdue, however many there are', async () => {
    const handler = handlerOn(db.sql, {}, 8);
    const names = Array.from({ length: 501 }, (_, n) => addressOf(`many${n}@example.com`));
    await Promise.all(names.map((address) => handler.handle(requestOf(address, user(1)))));
    await db.setClockAhead(TTL + 1);
    expect(await run('expire-codes')).toBe(501);
    expect(await eventsOf('expired')).toHaveLength(501);
    expect(await db.owner`select from outbox`).toHaveLength(0);
  });

  test('of two schedulers at once records each code once', async () => {
    const names = Array.from({ length: 40 }, (_, n) => addressOf(`twice${n}@example.com`));
    await Promise.all(names.map((address) => handlerOn(db.sql).handle(requestOf(address, user(1)))));
    await db.setClockAhead(TTL + 1);
    await Promise.all([run('expire-codes'), run('expire-codes'), run('expire-codes')]);
    expect(await eventsOf('expired')).toHaveLength(40);
    expect(await eventsOf('send_failed')).toHaveLength(40);
  });
});

describe('what is forgotten', () => {
  test('Idempotency-Keys after 24 hours: a minute beyond and not a minute before', async () => {
    await db.owner`
      insert into idempotency_keys (caller, key_hash, fingerprint, stream_id, version, created_at)
      select ${user(1)}, 'k' || minutes, '', 'x', 1, now() - minutes * interval '1 minute'
      from unnest(array[1, 1439, 1441]) as minutes
    `;
    expect(await run('forget-idempotency-keys')).toBe(1);
    const left = await db.owner`select key_hash from idempotency_keys order by key_hash`;
    expect(left.map(({ key_hash }) => key_hash)).toEqual(['k1', 'k1439']);
  });

  test('refresh tokens whose time is over and rate windows of a day ago, a minute beyond and not a minute before', async () => {
    await db.owner`insert into accounts (id, email, password_hash, role) values (${user(1)}, 'op@example.com', 'x', 'admin')`;
    await db.owner`
      insert into refresh_tokens (token_hash, family, account_id, expires_at, used_at) values
        ('over', ${user(2)}, ${user(1)}, now() - interval '1 minute', null),
        ('used', ${user(2)}, ${user(1)}, now() + interval '1 minute', now()),
        ('lives', ${user(2)}, ${user(1)}, now() + interval '1 minute', null)
    `;
    await db.owner`
      insert into rate_windows (key, started_at, count) values
        ('old', now() - interval '1441 minutes', 1), ('young', now() - interval '1439 minutes', 1), ('new', now(), 1)
    `;
    expect(await run('forget-old-rows')).toBe(2);
    // A used one stays: its second use is what tells a thief.
    const tokens = await db.owner`select token_hash from refresh_tokens order by 1`;
    expect(tokens.map(({ token_hash }) => token_hash)).toEqual(['lives', 'used']);
    expect((await db.owner`select key from rate_windows order by 1`).map(({ key }) => key)).toEqual(['new', 'young']);
  });
});

describe('finish-erasures', () => {
  test('finishes each erasure that a dead process left, and touches nobody else', async () => {
    const handler = handlerOn(db.sql);
    for (const name of ['half1', 'half2', 'whole']) await request(name);
    for (const name of ['half1', 'half2']) {
      await handler.handle({ type: 'erase', address: addressOf(`${name}@example.com`), by: user(9) });
    }
    expect(await run('finish-erasures')).toBe(2);
    const ids = (await db.owner`select id from streams order by id`).map(({ id }) => String(id));
    expect(ids.filter((id) => /^erased-[0-9a-f-]{36}@erased\.invalid$/.test(id))).toHaveLength(2);
    expect(ids).toContain('whole@example.com');
    expect(ids).toHaveLength(3);
    const left =
      await db.owner`select from user_email_addresses where email_address like 'half%' or user_id = ${user(1)}`;
    expect(left).toHaveLength(1);
    expect(await run('finish-erasures')).toBe(0);
  });
});

test('compare-sample counts the rows that differ into its gauge, and takes them back when they are right', async () => {
  await request('drawn');
  const metrics = createMetrics('scheduler');
  const compare = () => run('compare-sample', { metrics });
  const gauge = async () => (await metrics.rowsDiffering.get()).values[0]?.value;
  await db.owner`insert into user_email_addresses (user_id, email_address) values (${user(9)}, 'drawn@example.com')`;
  expect([await compare(), await gauge()]).toEqual([1, 1]);
  await db.owner`delete from user_email_addresses where user_id = ${user(9)}`;
  expect([await compare(), await gauge()]).toEqual([0, 0]);
});

test('compare-sample draws a hundred events: of twenty wrong addresses it finds most at once', async () => {
  for (let n = 0; n < 20; n++) await request(`wrong${n}`);
  await db.owner`update streams set state = state || '{"lastEventAt": 1}' where id like 'wrong%'`;
  const found = await run('compare-sample');
  expect(found).toBeGreaterThan(5);
  expect(found).toBeLessThanOrEqual(20);
});
