/** Erasing a person: recorded as an event, then the personal fields are taken out of the stream; every count stays. */
import type { EmailAddress } from '../core/email-address.ts';
import { isPseudonym } from '../core/erase.ts';
import type { Sql } from './database.ts';
import type { Handler } from './handle.ts';

export type Store = Readonly<{ sql: Sql; handler: Handler }>;

/** Done when it returns; where it throws, the same call or the scheduler finishes it. Twice does no harm. */
export async function eraseAddress({ sql, handler }: Store, address: EmailAddress, by: string): Promise<void> {
  if (isPseudonym(address)) return;
  await handler.handle({ type: 'erase', address, by });
  await takeOutPersonalFields(sql, address);
}

/** Does nothing to an address that is not erased. */
export async function takeOutPersonalFields(sql: Sql, address: EmailAddress): Promise<void> {
  await sql`select erase_stream(${address})`;
}

/** Addresses whose erasure was recorded and not finished. */
export async function unfinishedErasures(sql: Sql, limit: number): Promise<readonly EmailAddress[]> {
  const rows = await sql<{ id: EmailAddress }[]>`
    select id
    from streams
    where state ? 'erasedAt'
      and id not like 'erased-%@erased.invalid'
    limit ${limit}
  `;
  return rows.map(({ id }) => id);
}

/** The ids of the keys that stand before the hashes of erased addresses which get no mail. */
export async function keyIdsOfClosed(sql: Sql): Promise<readonly string[]> {
  const rows = await sql<{ id: string }[]>`
    select distinct split_part(data ->> 'addressHash', ':', 1) as id
    from events
    where type = 'erased' and data ->> 'addressHash' is not null
    limit 100
  `;
  return rows.map(({ id }) => id);
}

/** Every address there is, a page at a time, in order. */
export async function addressesAfter(sql: Sql, last: string, limit: number): Promise<readonly EmailAddress[]> {
  const rows = await sql<{ id: EmailAddress }[]>`select id from streams where id > ${last} order by id limit ${limit}`;
  return rows.map(({ id }) => id);
}
