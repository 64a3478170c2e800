/** The rebuild: each kind of wrong row of each table is counted and mended, nothing is lost, and ids go on after the last. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rebuild } from '../../services/store/rebuild.ts';
import { compareSample } from '../../services/store/sample.ts';
import { STATE_VERSION } from '../../services/core/state.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { guessOf, handlerOn, requestOf, wrongCodeOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { derivedRows } from '../support/derived-rows.ts';

let db: TestDatabase;
let whole: readonly string[];
const a = addressOf('a@example.com');
const b = addressOf('b@example.com');
beforeAll(async () => {
  db = await createTestDatabase();
  const handler = handlerOn(db.sql, { cooldownSeconds: 0 });
  for (const n of [1, 2]) await handler.handle(requestOf(a, user(n), 'business'));
  await handler.handle(requestOf(b, user(3)));
  await handler.handle(guessOf(b, user(3), await wrongCodeOf(db.sql, b, user(3))));
  whole = await derivedRows(db);
});
beforeEach(async () => {
  await db.owner`update installation set codes_cleaned_before = '-infinity', emails_cleaned_before = '-infinity'`;
});
afterAll(() => db.drop());

const same = { streams: 0, user_email_addresses: 0, email_otp_verifications: 0 };

const inserted = `insert into email_otp_verifications (id, user_id, email, otp, expires_at)`;
const wrongs: readonly (readonly [name: string, statement: string, found: Partial<typeof same>])[] = [
  ['a changed snapshot', `update streams set state = state || '{"lastEventAt": 1}' where id = '${a}'`, { streams: 1 }],
  ['a snapshot of another version', `update streams set version = 9 where id = '${a}'`, { streams: 1 }],
  ['a snapshot without its next expiry', `update streams set expires_at = null where id = '${b}'`, { streams: 1 }],
  ['a missing snapshot', `delete from streams where id = '${b}'`, { streams: 1 }],
  [
    'a snapshot of nothing',
    `insert into streams (id, version, state) values ('x@example.com', 1, '{}')`,
    { streams: 1 },
  ],
  [
    'a changed address',
    `update user_email_addresses set is_verified = true where email_address = '${b}'`,
    { user_email_addresses: 1 },
  ],
  ['missing addresses', `delete from user_email_addresses where email_address = '${a}'`, { user_email_addresses: 2 }],
  [
    'an address of nothing',
    `insert into user_email_addresses (id, user_id, email_address) values (900, '${user(1)}', '${b}')`,
    { user_email_addresses: 1 },
  ],
  [
    'a changed code',
    `update email_otp_verifications set attempts = 0 where email = '${b}'`,
    { email_otp_verifications: 1 },
  ],
  ['missing codes', `delete from email_otp_verifications where email = '${a}'`, { email_otp_verifications: 2 }],
  [
    'a code of nothing',
    `${inserted} values ('${user(9)}', '${user(1)}', '${b}', 'x', now())`,
    { email_otp_verifications: 1 },
  ],
];

// A snapshot of another version, or none, is of an address that is written to just now: not for the sample to judge.
const outOfSample = new Set(['a snapshot of another version', 'a missing snapshot', 'a snapshot of nothing']);

test.each(wrongs)(
  '%s: counted by the check and the sample, which leave it, and mended',
  async (name, statement, found) => {
    await db.owner.unsafe(statement);
    const tampered = await derivedRows(db);
    const rowsDiffering = outOfSample.has(name) ? 0 : Object.values(found).reduce((sum, n) => sum + n, 0);
    expect(await compareSample(db.sql, 200)).toEqual({ addresses: 2, rowsDiffering });
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual({ ...same, ...found });
    expect(await derivedRows(db)).toEqual(tampered);
    expect(await rebuild(db.ownerUrl, { check: false })).toEqual({ ...same, ...found });
    expect(await derivedRows(db)).toEqual(whole);
  },
);

test('an address that is written to while the sample is drawn is left out whole', async () => {
  await db.owner`update streams set version = version - 1 where id = ${a}`;
  await db.owner`delete from user_email_addresses where email_address = ${a}`;
  await db.owner`delete from email_otp_verifications where email = ${a}`;
  expect(await compareSample(db.sql, 200)).toEqual({ addresses: 2, rowsDiffering: 0 });
  await rebuild(db.ownerUrl, { check: false });
});

test('what the clean-up took stays away, in the rebuild and in the sample; what it did not take is missed', async () => {
  await db.owner`delete from user_email_addresses`;
  await db.owner`delete from email_otp_verifications`;
  expect(await rebuild(db.ownerUrl, { check: true })).toEqual({
    ...same,
    user_email_addresses: 3,
    email_otp_verifications: 3,
  });
  await db.owner`update installation set codes_cleaned_before = 'infinity', emails_cleaned_before = 'infinity'`;
  expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  expect(await compareSample(db.sql, 200)).toEqual({ addresses: 2, rowsDiffering: 0 });
  await rebuild(db.ownerUrl, { check: false });
  expect((await derivedRows(db)).filter((row) => !row.startsWith('s'))).toEqual([]);
  await db.owner`update streams set expires_at = now()`;
  expect(await rebuild(db.ownerUrl, { check: false })).toEqual({ ...same, streams: 2 });
  expect((await derivedRows(db)).filter((row) => !row.startsWith('s'))).toEqual([]);
  // A row of the mark's own moment stays, as the clean-up left it.
  const mark = "emails_cleaned_before = (select min(at) from events where stream_id = 'b@example.com')";
  await db.owner.unsafe(`update installation set ${mark}, codes_cleaned_before =
    (select (data ->> 'expiresAt')::timestamptz from events where type = 'requested' and stream_id = 'b@example.com')`);
  const rows = { user_email_addresses: 1, email_otp_verifications: 1 };
  expect(await rebuild(db.ownerUrl, { check: true })).toEqual({ ...same, ...rows });
  expect(await compareSample(db.sql, 200)).toEqual({ addresses: 2, rowsDiffering: 2 });
  await db.owner`update installation set codes_cleaned_before = '-infinity', emails_cleaned_before = '-infinity'`;
  await rebuild(db.ownerUrl, { check: false });
  expect(await derivedRows(db)).toEqual(whole);
});

test.each([
  [1, 4],
  [70, 71],
])(
  'the sequence of ids that stood at %d goes on at %d: after the last row and after the last that was drawn',
  async (stood, next) => {
    await db.owner`select setval('user_email_addresses_id_seq', ${stood})`;
    await rebuild(db.ownerUrl, { check: false });
    const [row] = await db.owner`select nextval('user_email_addresses_id_seq')::integer as id`;
    expect(row?.id).toBe(next);
  },
);

test('several rebuilds at once take turns: none fails, and what they leave is whole', async () => {
  await db.owner`delete from user_email_addresses where email_address = ${a}`;
  const found = await Promise.all(Array.from({ length: 4 }, () => rebuild(db.ownerUrl, { check: false })));
  expect(found.map(({ user_email_addresses }) => user_email_addresses).toSorted()).toEqual([0, 0, 0, 2]);
  expect(await derivedRows(db)).toEqual(whole);
});

test('a rebuild neither waits for an append that is under way nor touches what it writes', async () => {
  await db.owner.begin(async (append) => {
    await append`insert into events (stream_id, version, type, at, data)
      values ('c@example.com', 1, 'suppressed', now(), '{"reason": "admin", "by": null}')`;
    await append`insert into streams (id, version, state, state_version)
      values ('c@example.com', 1, '{}', ${STATE_VERSION})`;
    expect(await rebuild(db.ownerUrl, { check: false })).toEqual(same);
  });
  expect(await rebuild(db.ownerUrl, { check: true })).toEqual({ ...same, streams: 1 });
  expect(await rebuild(db.ownerUrl, { check: false })).toEqual({ ...same, streams: 1 });
  expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
});

test('more addresses and more events of one than are read at once: each once', async () => {
  const said: number[] = [];
  await db.owner`insert into events (stream_id, version, type, at, data)
    select 'many' || n || '@example.com', 1, 'suppressed', now(), '{"reason": "admin", "by": null}'::jsonb from generate_series(1, 2100) n
    union all select 'long@example.com', n, 'unlocked', timestamptz '2026-05-04Z' + n * interval '1 second', '{"by": "x", "before": 0}'::jsonb
    from generate_series(1, 2100) n`;
  const { streams } = await rebuild(db.ownerUrl, { check: false, onProgress: (n) => said.push(n) });
  expect(streams).toBe(2101);
  expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  const [row] = await db.owner`
    select (count(*) filter (where id ~ '^(?:many|long)'))::integer as n, max(version) as longest, count(*)::integer as total
    from streams
  `;
  expect([row?.n, row?.longest]).toEqual([2101, 2100]);
  expect(said.at(-1)).toBe(row?.total);
});

test('more rows of nothing than are read at once: each once', async () => {
  const many = 11_000;
  await db.owner`insert into streams (id, version, state)
    select 'nothing' || n || '@example.com', 1, '{}' from generate_series(1, ${many}) as n`;
  await db.owner`insert into user_email_addresses (user_id, email_address)
    select gen_random_uuid(), 'nothing' || n || '@example.com' from generate_series(1, ${many}) as n`;
  await db.owner`insert into email_otp_verifications (id, user_id, email, otp, expires_at)
    select gen_random_uuid(), gen_random_uuid(), 'nothing' || n || '@example.com', 'x', now() from generate_series(1, ${many}) as n`;
  const found = { streams: many, user_email_addresses: many, email_otp_verifications: many };
  expect(await rebuild(db.ownerUrl, { check: true })).toEqual(found);
  expect(await rebuild(db.ownerUrl, { check: false })).toEqual(found);
  expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
});

test.each([1, 2])('a log that lost an event, the one of version %i, is found out', async (version) => {
  const [lost] = await db.owner`delete from events where stream_id = ${b} and version = ${version} returning *`;
  const found = await rebuild(db.ownerUrl, { check: true });
  await db.owner`insert into events overriding system value select * from jsonb_populate_record(null::events, ${db.owner.json(lost as never)})`;
  expect(found.streams).toBe(1);
  expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
});
