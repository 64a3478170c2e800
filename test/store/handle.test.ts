/** The one path that records: two statements a batch, exact under any concurrency, one bad command alone in its fate. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../services/store/database.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { codeOf, counted, guessOf, handlerOn, requestOf, wrongCodeOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function typesOf(address: string): Promise<string[]> {
  const rows = await db.owner`select type from events where stream_id = ${address} order by version`;
  return rows.map((row) => row.type);
}

describe('handling commands', () => {
  test('a batch of 200 commands for 200 addresses takes exactly two statements', async () => {
    const pool = counted(db.sql);
    const handler = handlerOn(pool.sql, {}, 1);
    const addresses = Array.from({ length: 200 }, (_, n) => addressOf(`batch${n}@example.com`));
    const handled = await Promise.all(addresses.map((address) => handler.handle(requestOf(address, user(1)))));
    expect(handled.every(({ kind }) => kind === 'recorded')).toBe(true);
    expect(pool.statements()).toBe(2);
    const [row] = await db.owner`select count(*)::int as n from events where stream_id like 'batch%'`;
    expect(row?.n).toBe(200);
  });

  test('a rejected command makes no second statement', async () => {
    const address = addressOf('rejected@example.com');
    const pool = counted(db.sql);
    const handler = handlerOn(pool.sql);
    await handler.handle(requestOf(address, user(1)));
    const before = pool.statements();
    expect(await handler.handle(requestOf(address, user(2)))).toMatchObject({ kind: 'rejected' });
    expect(pool.statements()).toBe(before + 1);
    expect(await typesOf(address)).toEqual(['requested']);
  });

  test('400 requests for one address over two processes: one is recorded, 399 are told the cooldown', async () => {
    const address = addressOf('race@example.com');
    const handlers = [handlerOn(db.sql), handlerOn(db.sql)];
    const handled = await Promise.all(
      Array.from({ length: 400 }, (_, n) => handlers[n % 2]?.handle(requestOf(address, user(n)))),
    );
    const kinds = Map.groupBy(handled, (one) => (one?.kind === 'rejected' ? one.rejection.code : one?.kind));
    expect([kinds.get('recorded')?.length, kinds.get('resend_cooldown')?.length]).toEqual([1, 399]);
    expect(await typesOf(address)).toEqual(['requested']);
  });

  test('a command that lost its race keeps its turn: it is decided before those that came after it', async () => {
    await db.owner.unsafe(`
      create sequence changes;
      create function lose_first() returns trigger language plpgsql security definer as $$
        begin if nextval('changes') = 1 then return null; end if; return new; end $$;
      create trigger lose_first before update on streams for each row when (new.id like 'turn%') execute function lose_first();
    `);
    const address = addressOf('turn@example.com');
    const handler = handlerOn(db.sql, {}, 1);
    await handler.handle(requestOf(address, user(1)));
    const first = handler.handle({ type: 'suppress', address, by: user(901) });
    // By then the first is under way, and the second waits.
    await setImmediate();
    const second = handler.handle({ type: 'suppress', address, by: user(902) });
    expect((await Promise.all([first, second])).map(({ kind }) => kind)).toEqual(['recorded', 'unchanged']);
    const events = await db.owner`select data ->> 'by' as by from events where stream_id = ${address} and version > 1`;
    expect(events).toEqual([{ by: user(901) }]);
    const [changes] = await db.owner`select last_value::integer as tried from changes`;
    expect(changes?.tried).toBe(2);
  });

  test('wrong guesses of four processes: three are judged; none is lost to a conflict', async () => {
    const address = addressOf('guesses@example.com');
    const handlers = Array.from({ length: 4 }, () => handlerOn(db.sql));
    await handlers[0]?.handle(requestOf(address, user(1)));
    const right = await codeOf(db.sql, address, user(1));
    const wrong = right === '000000' ? '000001' : '000000';
    const handled = await Promise.all(
      Array.from({ length: 200 }, (_, n) => handlers[n % 4]?.handle(guessOf(address, user(1), wrong))),
    );
    expect(handled.filter((one) => one?.kind === 'recorded')).toHaveLength(3);
    expect(await typesOf(address)).toEqual(['requested', 'attempted', 'attempted', 'attempted']);
  });

  test('one command that the database refuses fails alone; its neighbours in the batch are recorded', async () => {
    const handler = handlerOn(db.sql);
    const addresses = Array.from({ length: 20 }, (_, n) => addressOf(`neighbour${n}@example.com`));
    const results = await Promise.allSettled(
      addresses.map((address, n) =>
        handler.handle(requestOf(address, user(n), n === 7 ? 'p'.repeat(51) : 'verification')),
      ),
    );
    expect(results.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
    expect(results[7]).toMatchObject({ status: 'rejected', reason: { code: '22001' } });
    expect(await typesOf('neighbour7@example.com')).toEqual([]);
    expect(await typesOf('neighbour8@example.com')).toEqual(['requested']);
  });

  test('times of a stream strictly increase, also when the clock of the database steps back half a minute', async () => {
    const address = addressOf('clock@example.com');
    const handler = handlerOn(db.sql);
    await handler.handle(requestOf(address, user(1)));
    await db.setClockAhead(-30);
    await handler.handle(guessOf(address, user(1), await codeOf(db.sql, address, user(1))));
    await db.setClockAhead(0);
    const rows = await db.owner`select version, at from events where stream_id = 'clock@example.com' order by version`;
    const times = rows.map((row) => (row.at as Date).getTime());
    expect(times).toHaveLength(3);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
  });

  test('a clock that was ahead by days is no longer believed once it is put right', async () => {
    const address = addressOf('clock-ahead@example.com');
    const handler = handlerOn(db.sql);
    await db.setClockAhead(30 * 86_400);
    await handler.handle(requestOf(address, user(1)));
    await db.setClockAhead(0);
    const guess = guessOf(address, user(1), await codeOf(db.sql, address, user(1)));
    expect(await handler.handle(guess)).toMatchObject({ rejection: { code: 'otp_expired' } });
    expect(await handler.handle(requestOf(address, user(1)))).toMatchObject({ kind: 'recorded' });
    expect(await handler.handle(requestOf(address, user(1)))).toMatchObject({
      rejection: { code: 'hourly_limit', retryAfterSeconds: 3600 },
    });
    const [row] =
      await db.owner`select max(at) < now() + interval '1 day' as now from events where stream_id = ${address}
      and version > 1`;
    expect(row).toEqual({ now: true });
  });

  test('an Idempotency-Key: the same event again; another body is refused; two processes record it once', async () => {
    const address = addressOf('key@example.com');
    const handlers = [handlerOn(db.sql), handlerOn(db.sql)];
    const key = { caller: user(1), keyHash: 'k1', fingerprint: 'f1' };
    const both = await Promise.all(handlers.map((handler) => handler.handle(requestOf(address, user(1)), { key })));
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['recorded', 'replayed']);
    const other = addressOf('key-other@example.com');
    const mismatch = await handlers[0]?.handle(requestOf(other, user(1)), { key: { ...key, fingerprint: 'f2' } });
    expect(mismatch).toEqual({ kind: 'rejected', rejection: { code: 'idempotency_mismatch' } });
    expect(await typesOf(other)).toEqual([]);
    expect(await typesOf(address)).toEqual(['requested']);
  });

  test('one key with two bodies at the same moment in two processes: one is recorded, the other refused', async () => {
    for (let round = 0; round < 10; round++) {
      const addresses = [addressOf(`twin-a${round}@example.com`), addressOf(`twin-b${round}@example.com`)];
      const key = { caller: user(1), keyHash: `twin${round}` };
      const handled = await Promise.all(
        addresses.map((address, n) =>
          handlerOn(db.sql).handle(requestOf(address, user(1)), { key: { ...key, fingerprint: `f${n}` } }),
        ),
      );
      expect(handled.map(({ kind }) => kind).toSorted()).toEqual(['recorded', 'rejected']);
    }
  });

  test('a database that is away is a StoreUnavailable for every command, and nothing is recorded', async () => {
    const address = addressOf('away@example.com');
    const gone = await createTestDatabase();
    await gone.drop();
    const handled = await Promise.allSettled(
      [1, 2, 3].map((n) => handlerOn(gone.sql).handle(requestOf(address, user(n)))),
    );
    expect(handled.map((one) => one.status === 'rejected' && one.reason instanceof StoreUnavailable)).toEqual([
      true,
      true,
      true,
    ]);
    expect(await typesOf(address)).toEqual([]);
  });

  test('an id drawn for a row that was not made is the next row’s; none is drawn where none can be needed', async () => {
    await db.owner`select setval('user_email_addresses_id_seq', 100000)`;
    const handler = handlerOn(db.sql, {}, 1);
    await handler.handle(requestOf(addressOf('spare1@example.com'), user(1)));
    expect(await handler.handle(requestOf(addressOf('spare1@example.com'), user(2)))).toMatchObject({
      kind: 'rejected',
    });
    const spare = addressOf('spare1@example.com');
    await handler.handle(guessOf(spare, user(1), await wrongCodeOf(db.sql, spare, user(1))));
    await Promise.all([2, 3].map((n) => handler.handle(requestOf(addressOf(`spare${n}@example.com`), user(1)))));
    const rows = await db.owner`select id from user_email_addresses where email_address like 'spare%' order by id`;
    expect(rows.map(({ id }) => id as number)).toEqual([100_001, 100_002, 100_003]);
    const [row] = await db.owner`select last_value::integer as last from user_email_addresses_id_seq`;
    expect(row?.last).toBe(100_003);
  });
});
