/** The schema: the guide's rows D4 to D11 by name and type, the committed dump, and what the programs may not do. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { schemaText } from '../support/schema-text.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function columns(table: string): Promise<Record<string, string>> {
  const rows = await db.owner<{ column_name: string; told: string }[]>`
    select column_name, concat_ws(' ', format_type(atttypid, atttypmod),
      case when attnotnull then 'not null' end, 'default ' || pg_get_expr(adbin, adrelid)) as told
    from information_schema.columns
    join pg_attribute on attrelid = table_name::regclass and attname = column_name
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where table_name = ${table} and table_schema = 'public'
    order by ordinal_position
  `;
  return Object.fromEntries(rows.map(({ column_name, told }) => [column_name, told]));
}

describe('the schema', () => {
  test('migrations/schema.sql is what the migrations make', async () => {
    await expect(await schemaText(db.owner)).toMatchFileSnapshot('../../migrations/schema.sql');
  });

  test("D4: user_email_addresses has the guide's columns, with timestamptz", async () => {
    expect(await columns('user_email_addresses')).toEqual({
      id: "integer not null default nextval('user_email_addresses_id_seq'::regclass)",
      user_id: 'uuid not null',
      email_address: 'character varying(255) not null',
      is_verified: 'boolean default false',
      verified_at: 'timestamp with time zone',
      purpose: "character varying(50) default 'verification'::character varying",
      verification_method: "character varying(50) default 'otp'::character varying",
      created_at: 'timestamp with time zone default CURRENT_TIMESTAMP',
      updated_at: 'timestamp with time zone default CURRENT_TIMESTAMP',
    });
  });

  test("D6: email_otp_verifications has the guide's columns, with timestamptz", async () => {
    expect(await columns('email_otp_verifications')).toEqual({
      id: 'uuid not null default gen_random_uuid()',
      user_id: 'uuid not null',
      email: 'character varying(255) not null',
      otp: 'character varying(10) not null',
      purpose: "character varying(50) default 'verification'::character varying",
      verified: 'boolean default false',
      verified_at: 'timestamp with time zone',
      expires_at: 'timestamp with time zone not null',
      attempts: 'integer default 0',
      max_attempts: 'integer default 3',
      created_at: 'timestamp with time zone default CURRENT_TIMESTAMP',
      updated_at: 'timestamp with time zone default CURRENT_TIMESTAMP',
    });
  });

  test('D5, D7, D8: the seven indexes have their names, the last one counts open codes only', async () => {
    const rows = await db.owner<{ indexname: string; indexdef: string }[]>`
      select indexname, indexdef from pg_indexes where schemaname = 'public' and indexname like 'idx\\_%' order by 1
    `;
    expect(rows.map(({ indexname }) => indexname)).toEqual([
      'idx_email_otp_purpose_created',
      'idx_email_otp_verifications_email',
      'idx_email_otp_verifications_expires_at',
      'idx_email_otp_verifications_user_id',
      'idx_user_email_addresses_email',
      'idx_user_email_addresses_user_id',
      'idx_user_email_addresses_verified',
    ]);
    expect(rows[0]?.indexdef).toContain('WHERE (verified = false)');
  });

  test('D9: the triggers touch updated_at of a row changed by hand, and keep what a writer set', async () => {
    await db.owner`insert into user_email_addresses (user_id, email_address, updated_at)
      values (gen_random_uuid(), 'd9@example.com', '2020-01-01Z')`;
    await db.owner`update user_email_addresses set purpose = 'business' where email_address = 'd9@example.com'`;
    const [byHand] = await db.owner`select updated_at > now() - interval '1 minute' as fresh from user_email_addresses`;
    await db.owner`update user_email_addresses set updated_at = '2021-01-01Z' where email_address = 'd9@example.com'`;
    const [set] = await db.owner`select updated_at = '2021-01-01Z' as kept from user_email_addresses`;
    await db.owner`delete from user_email_addresses`;
    expect([byHand?.fresh, set?.kept]).toEqual([true, true]);
    const names = await db.owner`select tgname from pg_trigger where tgname like 'update\\_%' order by 1`;
    expect(names.map((row) => row.tgname)).toEqual([
      'update_email_otp_verifications_updated_at',
      'update_user_email_addresses_updated_at',
    ]);
  });

  test("D10, D11: the view has its columns, and the guide's query of it runs", async () => {
    expect(Object.keys(await columns('email_verification_stats'))).toEqual([
      'date',
      'purpose',
      'total_attempts',
      'successful_verifications',
      'success_rate',
    ]);
    await expect(
      db.sql`SELECT * FROM email_verification_stats WHERE date >= CURRENT_DATE - INTERVAL '7 days'`,
    ).resolves.toHaveLength(0);
  });

  test('the running programs may add events and read them, and cannot change, delete or truncate one', async () => {
    await db.owner`insert into events (stream_id, version, type, at, data) values ('x@example.com', 1, 'requested', now(), '{}')`;
    await expect(db.sql`update events set type = 'verified'`).rejects.toMatchObject({ code: '42501' });
    await expect(db.sql`delete from events`).rejects.toMatchObject({ code: '42501' });
    await expect(db.sql`truncate events`).rejects.toMatchObject({ code: '42501' });
    await expect(db.sql`create table mine ()`).rejects.toMatchObject({ code: '42501' });
    await expect(db.sql`update installation set epoch = 2`).rejects.toMatchObject({ code: '42501' });
    const [row] = await db.sql<{ type: string }[]>`select type from events`;
    expect(row?.type).toBe('requested');
    await db.owner`delete from events`;
  });
});
