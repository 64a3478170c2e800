/** What the running programs may do, right by right, and what the tables refuse, whoever writes. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
/** Logged in as the running programs, for what their own pool cannot even ask. */
let program: postgres.Sql;
beforeAll(async () => {
  db = await createTestDatabase();
  program = postgres(db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await program.end({ timeout: 1 });
  await db.drop();
});

const all = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'];

describe('the running programs', () => {
  test.each([
    ['events', ['select', 'insert', 'maintain']],
    ['streams', ['select', 'insert', 'update', 'maintain']],
    ['outbox', ['select', 'insert', 'update', 'delete', 'maintain']],
    ['idempotency_keys', ['select', 'insert', 'update', 'delete', 'maintain']],
    ['user_email_addresses', ['select', 'insert', 'update', 'delete', 'maintain']],
    ['email_otp_verifications', ['select', 'insert', 'update', 'delete', 'maintain']],
    ['rate_windows', ['select', 'insert', 'update', 'delete', 'maintain']],
    ['accounts', ['select', 'insert', 'update', 'maintain']],
    ['refresh_tokens', ['select', 'insert', 'update', 'delete', 'maintain']],
    ['sessions', ['select', 'insert', 'update', 'delete', 'maintain']],
    ['sign_ins', ['select', 'insert', 'maintain']],
    ['leases', ['select', 'update', 'maintain']],
    ['jobs', ['select', 'insert', 'update', 'delete', 'maintain']],
    ['job_runs', ['select', 'insert', 'update', 'delete', 'maintain']],
    ['installation', ['select', 'maintain']],
    ['schema_migrations', ['select', 'maintain']],
    ['email_verification_stats', ['select']],
  ])('have of %s no right but %j', async (table, rights) => {
    const rows = await db.sql<{ privilege: string }[]>`
      select privilege
      from jsonb_array_elements_text(${db.sql.json(all)}) as p (privilege)
      where has_table_privilege(${table}, privilege)
    `;
    expect(rows.map(({ privilege }) => privilege)).toEqual(rights);
  });

  test('may of the installation move the marks of the clean-up alone', async () => {
    const rows = await db.sql<{ name: string }[]>`
      select attname as name from pg_attribute
      where attrelid = 'installation'::regclass and attnum > 0 and has_column_privilege(attrelid, attnum, 'update')
      order by 1
    `;
    expect(rows.map(({ name }) => name)).toEqual(['codes_cleaned_before', 'emails_cleaned_before']);
  });

  test('own nothing, are no superuser, and are in one role that cannot log in', async () => {
    const [row] = await db.sql`
      select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as powers,
        (select count(*)::integer from pg_class where relowner = pg_roles.oid) as owned,
        (select rolcanlogin from pg_roles where rolname = 'sealpost_app') as "groupLogsIn"
      from pg_roles where rolname = current_user
    `;
    expect(row).toEqual({ powers: false, owned: 0, groupLogsIn: false });
  });

  test.each([
    ['create table mine ()'],
    ['create schema mine'],
    ['drop table outbox'],
    ['alter table events disable trigger all'],
    ['alter table streams add column x integer'],
    ['drop view email_verification_stats'],
    ['create or replace function event_clock() returns timestamptz language sql as $$ select now() $$'],
    ['drop function erase_stream(text)'],
    ['create index on events (type)'],
    ["set session_replication_role = 'replica'"],
    ['truncate outbox'],
    ['insert into installation (epoch) values (2)'],
    ['update installation set epoch = 2'],
    ['delete from installation'],
    ['update events set data = data'],
    ['delete from events'],
    ['delete from streams'],
    ['delete from accounts'],
    ["insert into schema_migrations values (999, 'x', 'x', false)"],
    ["select setval('user_email_addresses_id_seq', 1)"],
  ])('cannot: %s', async (statement) => {
    await expect(program.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

const event = (more: string) => `insert into events (stream_id, version, type, at, data) values (${more})`;
const twice = (statement: string) => `${statement}; ${statement}`;

describe('the tables', () => {
  const outbox = `insert into outbox (otp_id, mailing, stream_id, version, created_at, expires_at, claimed_until)`;
  const key = `insert into idempotency_keys (caller, key_hash, fingerprint, stream_id, version, created_at`;
  const imported = `'imported', now(), '{"what": "code", "otpId": "same"}'`;
  const email = `insert into user_email_addresses (user_id, email_address, purpose) values ('${user(1)}', 'a@example.com'`;
  const account = `insert into accounts (id, email, password_hash, role) values`;

  test.each([
    ['a version of a stream is one event', twice(event(`'a', 1, 'x', now(), '{}'`))],
    ['a code is imported once', `${event(`'a', 1, ${imported}`)}; ${event(`'b', 1, ${imported}`)}`],
    ['a stream has at least one event', `insert into streams (id, version, state) values ('a', 0, '{}')`],
    [
      'an address has at most 254 characters',
      `insert into streams (id, version, state) values (repeat('a', 255), 1, '{}')`,
    ],
    ['streams_pkey', twice(`insert into streams (id, version, state) values ('a', 1, '{}')`)],
    ['outbox_pkey', twice(`${outbox} values ('${user(1)}', 1, 'a', 1, now(), now(), now())`)],
    ['a caller uses a key once', twice(`${key}) values ('${user(1)}', 'k', 'f', 'a', 1, now())`)],
    ['an answer is of two kinds', `${key}, answer) values ('${user(1)}', 'k', 'f', 'a', 1, now(), 'other')`],
    ['user_email_addresses_user_id_email_address_purpose_key', twice(`${email}, 'p')`)],
    [
      'an address has one account',
      `${account} ('${user(1)}', 'a', 'h', 'r'); ${account} ('${user(2)}', 'a', 'h', 'r')`,
    ],
    ['there is one installation', 'insert into installation (only_row) values (false)'],
    ['installation_pkey', 'insert into installation default values'],
    [
      'refresh_tokens_account_id_fkey',
      `insert into refresh_tokens (token_hash, family, account_id, expires_at) values ('t', '${user(1)}', '${user(77)}', now())`,
    ],
  ])('refuse by name: %s', async (constraint, statement) => {
    await expect(db.owner.unsafe(statement)).rejects.toMatchObject({ constraint_name: constraint });
  });

  test('take what is next to it: a code imported and asked for, an address of 254, another user, purpose or caller', async () => {
    const undo = new Error('Undone.');
    const statements = [
      event(`'a', 1, ${imported}`),
      event(`'b', 1, 'requested', now(), '{"what": "code", "otpId": "same"}'`),
      event(`'c', 1, 'imported', now(), '{"what": "address", "otpId": "same"}'`),
      `insert into streams (id, version, state) values (repeat('a', 254), 1, '{}')`,
      `${email}, 'p')`,
      `${email}, 'q')`,
      `${key}) values ('${user(1)}', 'k', 'f', 'a', 1, now()), ('${user(2)}', 'k', 'f', 'a', 1, now())`,
      `${outbox} values ('${user(1)}', 1, 'a', 1, now(), now(), now()), ('${user(1)}', 2, 'a', 1, now(), now(), now())`,
    ];
    const done = db.owner.begin(async (sql) => {
      for (const statement of statements) await sql.unsafe(statement);
      throw undo;
    });
    await expect(done).rejects.toBe(undo);
  });

  test('lose an account’s refresh tokens with it', async () => {
    await db.owner.unsafe(`${account} ('${user(5)}', 'e', 'h', 'r')`);
    await db.owner`insert into refresh_tokens (token_hash, family, account_id, expires_at)
      values ('t', ${user(1)}, ${user(5)}, now())`;
    await db.owner`delete from accounts where id = ${user(5)}`;
    expect(await db.owner`select from refresh_tokens`).toHaveLength(0);
  });

  test('touch updated_at of a code changed by hand, and keep what a writer set', async () => {
    await db.owner`insert into email_otp_verifications (id, user_id, email, otp, expires_at, updated_at)
      values (${user(8)}, ${user(1)}, 'd9@example.com', 'x', now(), '2020-01-01Z')`;
    const touched = async (statement: string) => {
      await db.owner.unsafe(`update email_otp_verifications set ${statement}`);
      return (await db.owner`select updated_at::text as at from email_otp_verifications`)[0]?.at as string;
    };
    expect(await touched(`attempts = 1, updated_at = '2021-01-01Z'`)).toBe('2021-01-01 00:00:00+00');
    expect(Date.now() - Date.parse(await touched('attempts = 2'))).toBeLessThan(600_000);
  });

  test('are logged, but for what is counted in windows', async () => {
    const rows = await db.owner<{ name: string }[]>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relpersistence <> 'p'
    `;
    expect(rows.map(({ name }) => name)).toEqual(['rate_windows']);
  });
});

test('the rules’ clock runs while a statement and a transaction run, in whole milliseconds, as the real one', async () => {
  const [row] = await db.owner.begin(async (sql) => {
    await sql`select pg_sleep(0.01)`;
    return sql`select event_clock() > now() as runs, event_clock() = date_trunc('milliseconds', event_clock()) as whole,
      abs(extract(epoch from event_clock() - clock_timestamp())) < 60 as real`;
  });
  expect(row).toEqual({ runs: true, whole: true, real: true });
});
