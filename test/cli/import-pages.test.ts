/** An import page after page: every row once, in the order of ids, nothing twice, and an end where the source fails. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importAll } from '../../services/cli/import/import.ts';
import type { ImportSource } from '../../services/store/import-source.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { code, link } from '../support/import-rows.ts';

const nobody = () => false;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const links = Array.from({ length: 2001 }, (_, n) => ({
  ...link,
  id: n + 1,
  user_id: user(n % 3),
  email: `a${n >> 2}@example.com`,
  purpose: `p${n % 4}`,
}));
const codes = Array.from({ length: 3 }, (_, n) => ({ ...code, id: user(200 + n) }));

/** A source in memory; `asked` has what was asked for. */
function sourceOf(asked: unknown[], more: Partial<ImportSource> = {}): ImportSource {
  return {
    addresses: links.length,
    codes: codes.length,
    timeZone: 'UTC',
    addressesAfter: async (id, limit) => {
      asked.push([id, limit]);
      return links.filter((row) => row.id > id).slice(0, limit);
    },
    codesAfter: async (id, limit) => codes.filter((row) => row.id > id).slice(0, limit),
    close: async () => {},
    ...more,
  };
}

const run = async (source: ImportSource) => {
  const reports = await importAll({ source, sql: db.sql, handler: handlerOn(db.sql), isErased: nobody });
  return reports.map((report) => report.toText());
};

test('every row is looked at once, in the order of ids, and a second time nothing is added', async () => {
  const asked: unknown[] = [];
  const first = await run(sourceOf(asked));
  expect(asked).toEqual([
    [0, 2000],
    [2000, 2000],
    [2001, 2000],
  ]);
  expect(first).toEqual([
    'user_email_addresses: 2001 imported, 0 there already, 0 left out',
    'email_otp_verifications: 3 imported, 0 there already, 0 left out',
  ]);
  const [row] = await db.owner`select count(*)::int as n from user_email_addresses`;
  expect(row?.n).toBe(2001);
  const second = await run(sourceOf([], { addressesAfter: async () => [] }));
  expect(second[1]).toBe('email_otp_verifications: 0 imported, 3 there already, 0 left out');
  expect(await db.owner`select from events where type = 'imported' and data ->> 'what' = 'code'`).toHaveLength(3);
});

test('a row that is refused is left out by name, and is not said to be there', async () => {
  const handler = handlerOn(db.sql);
  const address = addressOf('leaving@example.com');
  await handler.handle({ type: 'suppress', address, by: user(900) });
  await handler.handle({ type: 'erase', address, by: user(900) });
  const one = { ...link, id: 77, email: address };
  const leaving = sourceOf([], { addressesAfter: async (id) => (id < 77 ? [one] : []), codesAfter: async () => [] });
  expect((await run(leaving))[0]).toBe(
    'user_email_addresses: 0 imported, 0 there already, 1 left out\n  left out 1: Refused: erasure_under_way. (id 77)',
  );
});

test('a source that fails in the midst ends the import, and not the process', async () => {
  const broken = sourceOf([], {
    addressesAfter: async (id) => {
      if (id === 0) return links.slice(0, 1);
      throw new Error('the source is gone');
    },
  });
  await expect(run(broken)).rejects.toThrow('the source is gone');
});
