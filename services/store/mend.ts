/** Puts the rows of some addresses right, as the log has them, while nobody else writes to these addresses. */
import type postgres from 'postgres';
import { STATE_VERSION } from '../core/state.ts';
import { derive, type Difference, differencesOf, type Story } from './derive.ts';
import { readStories } from './stories.ts';

export type Mended = Readonly<{
  /** What was put right. */
  differences: readonly Difference[];
  /** So many of the addresses have no event: they never had, or were erased. */
  withoutEvents: number;
}>;

/** In a transaction, which holds the addresses until it ends. Fails with 55P03 where one is held by somebody else. */
export async function mend(sql: postgres.TransactionSql, addresses: readonly string[]): Promise<Mended> {
  // Shorter than the server takes to find a ring of waiting: it is never an append that has to give way.
  await sql`set local lock_timeout = '200ms'`;
  const placed = await hold(sql, addresses);
  const stories: Story[] = [];
  for await (const some of readStories(sql, addresses)) stories.push(...some);
  const told = new Set<string>(stories.map(([{ stream_id }]) => stream_id));
  const derived = derive(stories);
  const found = await differencesOf(sql, addresses, derived);
  await put(sql, addresses, sql.json(derived as unknown as postgres.JSONValue));
  return {
    differences: found.filter(({ table, address }) => table !== 'streams' || told.has(address) || !placed.has(address)),
    withoutEvents: addresses.filter((address) => !told.has(address)).length,
  };
}

/**
 * Whoever appends locks the snapshot of the address, or inserts it. One that is missing is put there as a place to hold, so that
 * it cannot be inserted meanwhile; these are returned.
 */
async function hold(sql: postgres.TransactionSql, addresses: readonly string[]): Promise<ReadonlySet<string>> {
  const lock = () => sql`
    select from streams
    where id = any(array(select jsonb_array_elements_text(${sql.json(addresses)})))
    order by id
    for update
  `;
  await lock();
  const placed = await sql<{ id: string }[]>`
    insert into streams (id, version, state, state_version)
    select address, 1, '{}', ${STATE_VERSION}
    from jsonb_array_elements_text(${sql.json(addresses)}) as address
    where length(address) <= 254
    order by address
    on conflict do nothing
    returning id
  `;
  // Those that somebody else has inserted in between.
  await lock();
  return new Set(placed.map(({ id }) => id));
}

// The rows of the read tables are deleted and put in anew: an update would set updated_at, which is the events'. A snapshot is
// updated, so that who waits for it finds it again.
async function put(
  sql: postgres.TransactionSql,
  addresses: readonly string[],
  derived: ReturnType<typeof sql.json>,
): Promise<void> {
  await sql`
    delete from streams
    where id = any(array(select jsonb_array_elements_text(${sql.json(addresses)})))
      and id not in (select id from jsonb_populate_recordset(null::streams, ${derived}::jsonb -> 'streams'))
  `;
  await sql`
    insert into streams
    select * from jsonb_populate_recordset(null::streams, ${derived}::jsonb -> 'streams')
    on conflict (id) do update set
      version = excluded.version,
      state = excluded.state,
      state_version = excluded.state_version,
      expires_at = excluded.expires_at
  `;
  await sql`
    delete from user_email_addresses
    where id = any(array(
      select own.id
      from jsonb_array_elements_text(${sql.json(addresses)}) as address,
        lateral (select id from user_email_addresses where email_address = address offset 0) as own
      union
      select id from jsonb_populate_recordset(null::user_email_addresses, ${derived}::jsonb -> 'user_email_addresses')
    ))
  `;
  await sql`
    insert into user_email_addresses
    select *
    from jsonb_populate_recordset(null::user_email_addresses, ${derived}::jsonb -> 'user_email_addresses')
    where is_verified or updated_at >= (select emails_cleaned_before from installation)
  `;
  await sql`
    delete from email_otp_verifications
    where id = any(array(
      select own.id
      from jsonb_array_elements_text(${sql.json(addresses)}) as address,
        lateral (select id from email_otp_verifications where email = address offset 0) as own
      union
      select id from jsonb_populate_recordset(null::email_otp_verifications, ${derived}::jsonb -> 'email_otp_verifications')
    ))
  `;
  await sql`
    insert into email_otp_verifications
    select *
    from jsonb_populate_recordset(null::email_otp_verifications, ${derived}::jsonb -> 'email_otp_verifications')
    where expires_at >= (select codes_cleaned_before from installation)
  `;
}

/** Ids go on after the last row, where the sequence stands before it. */
export async function raiseSequence(sql: postgres.Sql): Promise<void> {
  await sql`
    select setval('user_email_addresses_id_seq', rows.last)
    from (select max(id) as last from user_email_addresses) as rows, user_email_addresses_id_seq as sequence
    where rows.last > sequence.last_value or (rows.last = sequence.last_value and not sequence.is_called)
  `;
}
