/** The columns of the two read tables, in each place that names them: the table, the projection, the append; and an erasure names none that it leaves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { project } from '../../services/core/projections.ts';
import { decide } from '../../services/core/decide.ts';
import { defaultPolicy } from '../../services/core/policy.ts';
import { evolve } from '../../services/core/evolve.ts';
import { emptyAddress } from '../../services/core/state.ts';
import { eraseAddress } from '../../services/store/erasure.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { book } from '../support/asking.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const append = readFileSync(join(import.meta.dirname, '../../services/store/append.ts'), 'utf8');
const words = (text: string | undefined): string[] => (text ?? '').split(',').map((word) => word.trim());

/** What never changes in a row once it is there. */
const fixed = {
  user_email_addresses: ['id', 'user_id', 'email_address', 'purpose', 'created_at'],
  email_otp_verifications: ['id', 'user_id', 'email', 'otp', 'purpose', 'max_attempts', 'created_at'],
} as const;

/** The lists of the append: put in, taken from the row, and set where the row is there. */
function listsOf(table: string) {
  const pattern = new RegExp(
    `insert into ${table} as old \\(([^)]*)\\)\\s+select ([^$]*?)\\s+from batch[^$]*?do update set([^$]*?)\\n {4}\\)`,
  );
  const [, inserted, selected, set] = pattern.exec(append) ?? [];
  return {
    inserted: words(inserted),
    selected: words(selected).map((word) => word.replace(/^[a-z]\./, '')),
    set: [...(set ?? '').matchAll(/^\s+(\w+) = excluded\.(\w+),?$/gm)].map(([, to, from]) => [to, from]),
  };
}

/** A row of each table, as the projection makes it of a request for a code. */
function projected(): Readonly<Record<keyof typeof fixed, object>> {
  const address = addressOf('a@example.com');
  const decision = decide(emptyAddress, requestOf(address, user(1)), {
    now: 1,
    policy: defaultPolicy,
    codeBook: book,
    freshEmailId: 1,
  });
  if (decision.kind !== 'recorded') throw new Error('Nothing was recorded.');
  const event = { ...decision.events[0], version: 1, at: 1 };
  const { email = {}, code = {} } = project(address, evolve(emptyAddress, event), event);
  return { user_email_addresses: email, email_otp_verifications: code };
}

describe.each(['user_email_addresses', 'email_otp_verifications'] as const)('%s', (table) => {
  test('has the same columns in the database, the projection and the append, and updates all that can change', async () => {
    const rows = await db.owner<{ name: string }[]>`
      select column_name as name from information_schema.columns
      where table_schema = 'public' and table_name = ${table} order by ordinal_position
    `;
    const columns = rows.map(({ name }) => name);
    const { inserted, selected, set } = listsOf(table);
    expect(columns.length).toBeGreaterThan(8);
    expect(inserted.toSorted()).toEqual(columns.toSorted());
    expect(selected).toEqual(inserted);
    expect(Object.keys(projected()[table]).toSorted()).toEqual(columns.toSorted());
    const changing = columns.filter((name) => !(fixed[table] as readonly string[]).includes(name));
    expect(set.map(([to]) => to).toSorted()).toEqual(changing.toSorted());
    expect(set.filter(([to, from]) => to !== from)).toEqual([]);
  });

  test('keeps a column that is added later when a person is erased', async () => {
    const address = addressOf(`${table.slice(0, 4)}@example.com`);
    const handler = handlerOn(db.sql);
    await handler.handle(requestOf(address, user(1)));
    const one = db.owner(table);
    await db.owner`alter table ${one} add column later text not null default 'as it was'`;
    await db.owner`update ${one} set later = 'set by hand'`;
    await eraseAddress({ sql: db.sql, handler }, address, user(900));
    expect(await db.owner`select later from ${one}`).toEqual([{ later: 'set by hand' }]);
    await db.owner`alter table ${one} drop column later`;
    await db.empty();
  });
});
