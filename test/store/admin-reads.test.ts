/** A read that nobody waits for any more is ended by the server, and no other is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminReads, connectForAdmins } from '../../services/store/admin-reads.ts';
import type { Sql } from '../../services/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
let reads: AdminReads;
beforeAll(async () => {
  db = await createTestDatabase();
  const options = { url: db.url, ssl: 'off' as const, poolMax: 2, applicationName: 'reads' };
  reads = connectForAdmins({ ...options, statementTimeoutMilliseconds: 5000 });
});
afterAll(async () => {
  await reads.end({ timeout: 1 });
  await db.drop();
});

async function underWay(): Promise<number> {
  const rows = await db.owner`
    select from pg_stat_activity
    where datname = current_database() and state = 'active' and application_name like 'reads-admin-%' and query ~ 'sleep'
  `;
  return rows.length;
}

const one = (sql: Sql) => sql`select 1 as one`;

describe('who leaves while the server is at the read', () => {
  test('the server ends it, because it was asked to and not because its time is up', async () => {
    const left = new AbortController();
    const settled = Promise.withResolvers<unknown>();
    const read = reads.read(left.signal, async (sql) => {
      const asked = sql`select pg_sleep(60)`;
      asked.then(settled.resolve, settled.resolve);
      return asked;
    });
    await expect.poll(underWay).toBe(1);
    left.abort('left');
    await expect(read).rejects.toBe('left');
    expect(await settled.promise).toMatchObject({
      name: 'StoreUnavailable',
      cause: { message: 'canceling statement due to user request' },
    });
  });

  test('every one that it is at, and what follows in the same read is not sent', async () => {
    const left = new AbortController();
    const sent: string[] = [];
    const both = [1, 2].map(() =>
      reads.read(left.signal, async (sql) => {
        sent.push('first');
        await sql`select pg_sleep(60)`.catch(() => {});
        await sql`select 2`.then(
          () => sent.push('second'),
          () => {},
        );
      }),
    );
    await expect.poll(underWay).toBe(2);
    left.abort('left');
    expect(await Promise.allSettled(both)).toMatchObject([{ reason: 'left' }, { reason: 'left' }]);
    expect((await reads.read(new AbortController().signal, one))[0]).toEqual({ one: 1 });
    await expect.poll(underWay).toBe(0);
    expect(sent).toEqual(['first', 'first']);
  });

  test('the next on that connection is not meant, however often', async () => {
    const failed: unknown[] = [];
    await Promise.all(
      [1, 2, 3, 4].map(async () => {
        for (let n = 0; n < 50; n++) {
          const left = new AbortController();
          const read = reads.read(left.signal, (sql) => sql`select pg_sleep(0.002)`);
          setTimeout(() => left.abort('left'), n % 5);
          await read.catch((error: unknown) => error === 'left' || failed.push(error));
          await reads.read(new AbortController().signal, one).catch((error: unknown) => failed.push(error));
        }
      }),
    );
    expect(failed).toEqual([]);
  });

  test('before a connection is made: no connection is lost by it', async () => {
    const fresh = connectForAdmins({
      url: db.url,
      ssl: 'off',
      poolMax: 2,
      applicationName: 'fresh',
      statementTimeoutMilliseconds: 5000,
    });
    const left = new AbortController();
    const read = [1, 2].map(() => fresh.read(left.signal, one));
    left.abort('left');
    expect(await Promise.allSettled(read)).toMatchObject([{ reason: 'left' }, { reason: 'left' }]);
    for (let n = 0; n < 4; n++) expect((await fresh.read(new AbortController().signal, one))[0]).toEqual({ one: 1 });
    await fresh.end({ timeout: 1 });
  });
});

test('nobody else’s statement is ended, of another process and of the same user', async () => {
  const options = { url: db.url, ssl: 'off' as const, poolMax: 2, applicationName: 'reads' };
  const other = connectForAdmins({ ...options, statementTimeoutMilliseconds: 5000 });
  const left = new AbortController();
  const mine = reads.read(left.signal, (sql) => sql`select pg_sleep(60)`);
  const theirs = other.read(new AbortController().signal, (sql) => sql`select pg_sleep(1), 1 as one`);
  await expect.poll(underWay).toBe(2);
  left.abort('left');
  await expect(mine).rejects.toBe('left');
  expect((await theirs)[0]).toMatchObject({ one: 1 });
  await other.end({ timeout: 1 });
});
