/** Idempotency-Keys at the handler: whose they are, what is told meanwhile and again, and what is kept that has no event. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { codeOf, counted, guessOf, handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { stopClockAt } from '../support/still-clock.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.setClockAhead(0);
  await db.empty();
});
afterAll(() => db.drop());

const [a, b] = [addressOf('a@example.com'), addressOf('b@example.com')];
const key = (caller = 1, keyHash = 'k', fingerprint = 'f') => ({ key: { caller: user(caller), keyHash, fingerprint } });
const kept = async () =>
  (await db.owner`select caller, key_hash, answer, version from idempotency_keys order by 1, 2`).map(
    ({ caller, key_hash, answer, version }) => `${Number(String(caller).slice(-3))} ${key_hash} ${answer} ${version}`,
  );

test('while the first is under way the same key is told so, another caller’s or another key is not; then it is replayed', async () => {
  const handler = handlerOn(db.sql, { cooldownSeconds: 0 });
  const first = handler.handle(requestOf(a, user(1)), key());
  expect(await handler.handle(requestOf(a, user(1)), key())).toEqual({
    kind: 'rejected',
    rejection: { code: 'idempotency_in_progress', retryAfterSeconds: 1 },
  });
  const others = [
    handler.handle(requestOf(b, user(2)), key(2)),
    handler.handle(requestOf(addressOf('c@example.com'), user(3)), key(3, 'other')),
  ];
  const recorded = await first;
  expect((await Promise.all(others)).map(({ kind }) => kind)).toEqual(['recorded', 'recorded']);
  if (recorded.kind !== 'recorded') throw new Error('The first was not recorded.');
  expect(await handler.handle(requestOf(a, user(1)), key())).toEqual({ kind: 'replayed', event: recorded.events[0] });
  expect(await kept()).toEqual(['1 k requested 1', '2 k requested 1', '3 other requested 1']);
});

test('one key of two callers is two: neither sees the other’s answer, whatever the body', async () => {
  await handlerOn(db.sql).handle(requestOf(a, user(1)), key(1, 'k', 'f'));
  expect(await handlerOn(db.sql).handle(requestOf(b, user(2)), key(2, 'k', 'g'))).toMatchObject({ kind: 'recorded' });
  expect(await kept()).toEqual(['1 k requested 1', '2 k requested 1']);
});

test('a refusal and a failure use no key up', async () => {
  const handler = handlerOn(db.sql);
  await handler.handle(requestOf(a, user(1)));
  expect(await handler.handle(requestOf(a, user(2)), key(2))).toMatchObject({ kind: 'rejected' });
  await expect(handler.handle(requestOf(b, user(2), 'p'.repeat(51)), key(2))).rejects.toMatchObject({ code: '22001' });
  expect(await kept()).toEqual([]);
  expect(await handler.handle(requestOf(b, user(2)), key(2))).toMatchObject({ kind: 'recorded' });
});

test('a mail under a key is replayed as it was, also to a handler that never saw it, and is not mailed again', async () => {
  const handled = await handlerOn(db.sql).handle(requestOf(a, user(1)), { ...key(), claimMail: true });
  await db.setClockAhead(3600);
  const again = await handlerOn(db.sql).handle(requestOf(a, user(1)), key());
  expect(again).toEqual({ kind: 'replayed', event: handled.kind === 'recorded' && handled.events[0] });
  expect(await db.owner`select type from events`).toEqual([{ type: 'requested' }]);
  expect(await db.owner`select from outbox`).toHaveLength(1);
});

async function verify(): Promise<void> {
  await handlerOn(db.sql).handle(requestOf(a, user(1)));
  await handlerOn(db.sql).handle(guessOf(a, user(1), await codeOf(db.sql, a, user(1))));
}

describe('that an address was verified already', () => {
  test('is kept under its key and told again, also once it is not so any more', async () => {
    await verify();
    await stopClockAt(db, '2030-01-01T00:00:00.000Z');
    const verified = { kind: 'unchanged', because: 'already-verified' };
    expect(await handlerOn(db.sql).handle(requestOf(a, user(1)), key())).toEqual(verified);
    expect(await kept()).toEqual(['1 k already-verified 3']);
    const [row] = await db.owner`select fingerprint, stream_id, created_at from idempotency_keys`;
    expect(row).toEqual({ fingerprint: 'f', stream_id: a, created_at: new Date('2030-01-01T00:00:00Z') });
    const said = { address: a, userId: user(1), purpose: 'verification', by: user(900), verified: false };
    await handlerOn(db.sql).handle({ type: 'assert-verification', ...said, method: 'admin' });
    expect(await handlerOn(db.sql).handle(requestOf(a, user(1)), key())).toEqual(verified);
    expect(await handlerOn(db.sql).handle(requestOf(a, user(1)), key(1, 'k', 'g'))).toEqual({
      kind: 'rejected',
      rejection: { code: 'idempotency_mismatch' },
    });
    expect(await handlerOn(db.sql).handle(requestOf(a, user(1)), key(1, 'another'))).toMatchObject({
      kind: 'recorded',
    });
  });

  test('is kept by one statement more with a key, and by none without', async () => {
    await verify();
    const pool = counted(db.sql);
    const handler = handlerOn(pool.sql);
    await handler.handle(requestOf(a, user(1)));
    expect(pool.statements()).toBe(1);
    await handler.handle(requestOf(a, user(1)), key());
    expect(pool.statements()).toBe(3);
    expect(await kept()).toEqual(['1 k already-verified 3']);
  });

  test('asked by two processes at once is kept once, and both hear it', async () => {
    await verify();
    const handled = await Promise.all([1, 2, 3].map(() => handlerOn(db.sql).handle(requestOf(a, user(1)), key())));
    expect(handled).toEqual(handled.map(() => ({ kind: 'unchanged', because: 'already-verified' })));
    expect(await kept()).toEqual(['1 k already-verified 3']);
  });

  test('is not told where it could not be kept', async () => {
    await verify();
    await db.owner`alter table idempotency_keys add constraint "none today" check (answer = 'requested') not valid`;
    const refused = handlerOn(db.sql).handle(requestOf(a, user(1)), key());
    await expect(refused).rejects.toMatchObject({ constraint_name: 'none today' });
    await db.owner`alter table idempotency_keys drop constraint "none today"`;
  });

  test('is kept for a mail alone: a right code typed again under a key keeps nothing', async () => {
    await handlerOn(db.sql).handle(requestOf(a, user(1)));
    const guess = guessOf(a, user(1), await codeOf(db.sql, a, user(1)));
    await handlerOn(db.sql).handle(guess);
    expect(await handlerOn(db.sql).handle(guess, key())).toEqual({ kind: 'unchanged', because: 'just-verified' });
    expect(await kept()).toEqual([]);
  });
});
