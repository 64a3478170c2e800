/** A comparison with the log makes nobody wait and waits for nobody; a rebuild gives way to whoever writes, and is right afterwards. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eraseAddress } from '../../services/store/erasure.ts';
import type { Handler } from '../../services/store/handle.ts';
import { rebuild } from '../../services/store/rebuild.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { atOnce } from '../support/load.ts';
import { addressOf } from '../support/rules.ts';

const same = { streams: 0, user_email_addresses: 0, email_otp_verifications: 0 };
const ADDRESSES = 40;
const addressNumber = (n: number) => addressOf(`person-${n}@example.com`);

let db: TestDatabase;
let handler: Handler;
beforeAll(async () => {
  db = await createTestDatabase();
  handler = handlerOn(db.sql, { cooldownSeconds: 0 });
});
beforeEach(async () => {
  await db.empty();
  await atOnce(ADDRESSES, (n) => handler.handle(requestOf(addressNumber(n), user(n))));
});
afterAll(() => db.drop());

/** Something else writes to every row of both read tables. */
async function tamper(): Promise<void> {
  await db.owner`update user_email_addresses set is_verified = true, verified_at = now()`;
  await db.owner`update email_otp_verifications set attempts = 2`;
}

/** Whether somebody waits for somebody else. */
const waiting = async (): Promise<boolean> => {
  const waits = db.owner`
    select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()
  `;
  return (await waits).length > 0;
};

const tampered = { ...same, user_email_addresses: ADDRESSES, email_otp_verifications: ADDRESSES };

const MANY = 12_000;

/** Addresses with a story and without a snapshot. */
const many = () => db.owner`insert into events (stream_id, version, type, at, data)
  select 'many' || n || '@example.com', 1, 'suppressed', now(), '{"reason": "admin", "by": null}'
  from generate_series(1, ${MANY}) as n`;

/** Checks, and does the work after the first part. */
async function meanwhile(work: () => Promise<unknown>) {
  const order: string[] = [];
  const done = Promise.withResolvers<void>();
  const onProgress = () => {
    if (order.push('compared') > 1) return;
    work()
      .then(() => void order.push('done'))
      .then(done.resolve, done.reject);
  };
  const found = await rebuild(db.ownerUrl, { check: true, onProgress });
  order.push('ended');
  await done.promise;
  return { found, order };
}

describe('a check', () => {
  test.each([
    ['an append is under way', 'row exclusive'],
    ['an index is being made', 'share'],
    ['a clean-up vacuums', 'share update exclusive'],
    ['another program has the tables to itself but for readers', 'exclusive'],
  ])('says what there is while %s', async (_what, mode) => {
    await tamper();
    await db.owner.begin(async (held) => {
      await held.unsafe(`lock table streams, events, user_email_addresses, email_otp_verifications in ${mode} mode`);
      expect(await rebuild(db.ownerUrl, { check: true })).toEqual(tampered);
    });
  });

  test('lets appends through while it is under way, and finds no fault with them', async () => {
    await many();
    const { found, order } = await meanwhile(() => handler.handle(requestOf(addressOf('late@example.com'), user(7))));
    expect(order.indexOf('done')).toBeLessThan(order.indexOf('ended'));
    expect(found).toEqual({ ...same, streams: MANY });
  });

  test('keeps no row version of meanwhile: what it has not come to yet is seen as it is then', async () => {
    await many();
    const { found, order } = await meanwhile(
      () => db.owner`
        insert into user_email_addresses (user_id, email_address) values (${user(7)}, ${`many${MANY}@example.com`})`,
    );
    expect(order.indexOf('done')).toBeLessThan(order.indexOf('ended'));
    expect(found).toEqual({ ...same, streams: MANY, user_email_addresses: 1 });
  });

  test('makes nothing in the database, as one who may only read', async () => {
    await db.owner.unsafe(
      `alter database ${new URL(db.ownerUrl).pathname.slice(1)} set default_transaction_read_only = on`,
    );
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
    await db.owner.unsafe(
      `alter database ${new URL(db.ownerUrl).pathname.slice(1)} reset default_transaction_read_only`,
    );
  });
});

describe('a rebuild', () => {
  test('beside requests to the same addresses loses none of them and puts all right', async () => {
    await tamper();
    const [mended] = await Promise.all([
      rebuild(db.ownerUrl, { check: false }),
      ...Array.from({ length: 3 * ADDRESSES }, (_, n) =>
        handler.handle(requestOf(addressNumber(n % ADDRESSES), user(1000 + n), 'business')),
      ),
    ]);
    expect(mended).toMatchObject({ streams: 0, user_email_addresses: ADDRESSES });
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
    const [row] = await db.owner`select count(*)::integer as codes from email_otp_verifications`;
    const [told] = await db.owner`select count(*)::integer as codes from events where type = 'requested'`;
    expect(row).toEqual(told);
  });

  test('waits for who has one of its addresses, and lets requests to the others through', async () => {
    await tamper();
    const wrong = () => db.owner`select email_address from user_email_addresses where is_verified order by 1`;
    let mended: Promise<unknown> = Promise.resolve();
    await db.owner.begin(async (held) => {
      await held`select from streams where id = ${addressNumber(3)} for update`;
      mended = rebuild(db.ownerUrl, { check: false });
      await expect.poll(waiting).toBe(true);
      // Not even a request to another of the addresses waits for longer than the rebuild tries.
      expect(await handler.handle(requestOf(addressNumber(2), user(2), 'driver'))).toMatchObject({ kind: 'recorded' });
    });
    expect(await mended).toEqual(tampered);
    expect(await wrong()).toEqual([]);
  });

  test('puts right what was erased while it waited, under the name that it has now', async () => {
    await tamper();
    let mended: Promise<unknown> = Promise.resolve();
    await db.owner.begin(async (held) => {
      await held`select from streams where id = ${addressNumber(3)} for update`;
      mended = rebuild(db.ownerUrl, { check: false });
      await expect.poll(waiting).toBe(true);
      await held`insert into events (stream_id, version, type, at, data)
        select id, version + 1, 'erased', now(), '{"by": "x"}' from streams where id = ${addressNumber(3)}`;
      await held`select erase_stream(${addressNumber(3)})`;
    });
    await mended;
    const rows = await db.owner`select is_verified from user_email_addresses where email_address like 'erased-%'`;
    expect(rows).toEqual([{ is_verified: false }]);
    expect(await db.owner`select from events where stream_id = ${addressNumber(3)}`).toHaveLength(0);
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  });

  test('among erasures, requests and other rebuilds ends right, and nobody who was erased is there again', async () => {
    await tamper();
    const erased = [1, 5, 9, 13, 17, 21];
    await Promise.all([
      rebuild(db.ownerUrl, { check: false }),
      rebuild(db.ownerUrl, { check: false }),
      rebuild(db.ownerUrl, { check: true }),
      ...erased.map((n) => eraseAddress({ sql: db.sql, handler }, addressNumber(n), user(900))),
      ...Array.from({ length: ADDRESSES }, (_, n) => handler.handle(requestOf(addressNumber(100 + n), user(n)))),
    ]);
    await rebuild(db.ownerUrl, { check: false });
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
    const there = await db.owner`
      select email_address from user_email_addresses
      where email_address in (select jsonb_array_elements_text(${db.owner.json(erased.map(addressNumber))}))
    `;
    expect(there).toHaveLength(0);
  });

  test('puts a row right that stands under another address’s name', async () => {
    await db.owner`update user_email_addresses set email_address = ${addressNumber(2)} where email_address = ${addressNumber(1)}`;
    await rebuild(db.ownerUrl, { check: false });
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  });
});
