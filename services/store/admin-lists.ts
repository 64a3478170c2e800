/** The lists that an admin pages through, newest first: addresses, codes, suppressed addresses. Each statement bounds its rows. */
import type { EmailAddress } from '../core/email-address.ts';
import type { SuppressionReason } from '../core/events.ts';
import { type Bounds, BOUNDS, type Count, type List, type Page, type Paged, pageOf, totalOf } from './admin-pages.ts';
import type { EmailRecord } from './admin-queries.ts';
import type { Sql } from './database.ts';

export type CodeRecord = Readonly<{
  id: string;
  user_id: string;
  email: string;
  purpose: string;
  verified: boolean;
  verified_at: Date | null;
  attempts: number;
  created_at: Date;
  /** The same since 1970, whole: a Date has no more than milliseconds. */
  created_microseconds: number;
}>;

/** Of a code: its moment, and its id among those of one moment. */
export type CodePlace = Readonly<{ microseconds: number; id: string }>;

export type SuppressedAddress = Readonly<{ email: EmailAddress; reason: SuppressionReason; at: number }>;

export const pageOfEmails = (sql: Sql, page: Page<number>, search: string, bounds?: Bounds) =>
  pageOf(emailList(sql), page, search, bounds);

export const pageOfCodes = (sql: Sql, page: Page<CodePlace>, search: string, bounds?: Bounds) =>
  pageOf(codeList(sql), page, search, bounds);

const BEHIND_ALL_CODES: CodePlace = {
  microseconds: Number.MAX_SAFE_INTEGER,
  id: '00000000-0000-0000-0000-000000000000',
};

/** Beyond every id of type integer. */
const BEHIND_ALL_IDS = 2 ** 31;

/** All addresses of all users. */
export const emailList = (sql: Sql): List<EmailRecord, number> => ({
  start: BEHIND_ALL_IDS,
  placeOf: ({ id }) => id,
  countOf: async (address, counted) => {
    const [row] = await sql<[{ n: number }]>`
      select count(*)::float8 as n
      from (select from user_email_addresses where email_address = ${address} limit ${counted}) as own
    `;
    return row.n;
  },
  // Materialized, so that all of one address are never looked for among all ids.
  rowsOf: (address, { after, limit, offset }, counted) => sql<EmailRecord[]>`
    with own as materialized (
      select * from user_email_addresses where email_address = ${address} limit ${counted}
    )
    select * from own where id < ${after}::bigint order by id desc limit ${limit} offset ${offset}
  `,
  count: async (pattern, counted) => {
    const [row] = await sql<[Count]>`
      select
        count(*)::float8 as looked,
        (count(*) filter (where email_address like ${pattern}))::float8 as found,
        (select reltuples from pg_class where oid = 'user_email_addresses'::regclass)::float8 as estimate
      from (select email_address from user_email_addresses order by id desc limit ${counted + 1}) as newest
    `;
    return row;
  },
  rows: (pattern, { after, limit, offset }, searched) => sql<EmailRecord[]>`
    select *
    from (select * from user_email_addresses where id < ${after}::bigint order by id desc limit ${searched}) as newest
    where email_address like ${pattern}
    order by id desc
    limit ${limit} offset ${offset}
  `,
  reached: async (after, searched) => {
    const [last] = await sql<{ id: number }[]>`
      select id from user_email_addresses where id < ${after}::bigint order by id desc limit 1 offset ${searched - 1}
    `;
    return last?.id;
  },
});

/** All codes that are kept. */
export const codeList = (sql: Sql): List<CodeRecord, CodePlace> => ({
  start: BEHIND_ALL_CODES,
  placeOf: ({ created_microseconds: microseconds, id }) => ({ microseconds, id }),
  countOf: async (address, counted) => {
    const [row] = await sql<[{ n: number }]>`
      select count(*)::float8 as n
      from (select from email_otp_verifications where email = ${address} limit ${counted}) as own
    `;
    return row.n;
  },
  rowsOf: (address, { after, limit, offset }, counted) => sql<CodeRecord[]>`
    with own as materialized (
      select id, user_id, email, purpose, verified, verified_at, attempts, created_at,
        (extract(epoch from created_at) * 1000000)::float8 as created_microseconds
      from email_otp_verifications
      where email = ${address}
      limit ${counted}
    )
    select *
    from own
    where created_microseconds <= ${after.microseconds}
      and (created_microseconds < ${after.microseconds} or id > ${after.id})
    order by created_at desc, id
    limit ${limit} offset ${offset}
  `,
  count: async (pattern, counted) => {
    const [row] = await sql<[Count]>`
      select
        count(*)::float8 as looked,
        (count(*) filter (where email like ${pattern}))::float8 as found,
        (select reltuples from pg_class where oid = 'email_otp_verifications'::regclass)::float8 as estimate
      from (select email from email_otp_verifications order by created_at desc, id limit ${counted + 1}) as newest
    `;
    return row;
  },
  rows: (pattern, { after, limit, offset }, searched) => sql<CodeRecord[]>`
    select id, user_id, email, purpose, verified, verified_at, attempts, created_at,
      (extract(epoch from created_at) * 1000000)::float8 as created_microseconds
    from (
      select *
      from email_otp_verifications
      where created_at <= to_timestamp(${after.microseconds}::float8 / 1000000)
        and (created_at < to_timestamp(${after.microseconds}::float8 / 1000000) or id > ${after.id})
      order by created_at desc, id
      limit ${searched}
    ) as newest
    where email like ${pattern}
    order by created_at desc, id
    limit ${limit} offset ${offset}
  `,
  reached: (after, searched) => codesReached(sql, after, searched),
});

async function codesReached(sql: Sql, after: CodePlace, searched: number): Promise<CodePlace | undefined> {
  const [place] = await sql<CodePlace[]>`
    select (extract(epoch from created_at) * 1000000)::float8 as microseconds, id
    from email_otp_verifications
    where created_at <= to_timestamp(${after.microseconds}::float8 / 1000000)
      and (created_at < to_timestamp(${after.microseconds}::float8 / 1000000) or id > ${after.id})
    order by created_at desc, id
    limit 1 offset ${searched - 1}
  `;
  return place;
}

/** The addresses that get no mail, by name. */
export async function pageOfSuppressed(
  sql: Sql,
  { page, limit, after }: Page<string>,
  { counted }: Bounds = BOUNDS,
): Promise<Paged<SuppressedAddress, string>> {
  const offset = after === undefined ? (page - 1) * limit : 0;
  const rows = await sql<SuppressedAddress[]>`
    select id as email, state -> 'suppression' ->> 'reason' as reason, (state -> 'suppression' -> 'at')::float8 as at
    from streams
    where state ? 'suppression' and id > ${after ?? ''}
    order by id
    limit ${limit + 1} offset ${offset}
  `;
  const [count] = await sql<[Count]>`
    select
      count(*)::float8 as looked,
      count(*)::float8 as found,
      (select reltuples from pg_class where oid = 'streams_suppressed'::regclass)::float8 as estimate
    from (select from streams where state ? 'suppression' limit ${counted + 1}) as few
  `;
  const next = rows.length > limit ? rows[limit - 1]?.email : undefined;
  return { rows: rows.slice(0, limit), next, ...totalOf(count, counted, offset + rows.length) };
}
