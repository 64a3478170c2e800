/** What came back of the last day's mails, counted by people; and the moments at which somebody let sending go on. */
import type { Instant } from '../core/events.ts';
import type { Sql } from './database.ts';

/** A person is a user; where one user asks for everybody, an address. */
export type People = 'users' | 'addresses';

type Kind = 'bounced' | 'complained';

type OfUser = Readonly<{ addresses: number; thirdLastAt: Instant }>;

export type Reputation = Readonly<{
  now: Instant;
  /** Mails that went out, in each hour; the first hour counts whole. */
  sent: readonly Readonly<{ hour: Instant; sent: number }>[];
  /** Reports of all, and for each hour how many people's latest report was in it. */
  kinds: Readonly<Record<Kind, Readonly<{ reports: number; people: readonly { hour: Instant; people: number }[] }>>>;
  users: readonly Readonly<{ userId: string; codes: number; bounced: OfUser; complained: OfUser }>[];
}>;

type OfKind = Readonly<{ kind: Kind; reports: number; people: number; hour: Instant }>;

/** Users with reports that are looked at, those with most first. */
const USERS_MAX = 1000;

/** What came back since a day ago, or since sending was resumed. The report of a person who was erased since is nobody's. */
export async function readReputation(sql: Sql, people: People): Promise<Reputation> {
  const [counts, users] = await Promise.all([readCounts(sql, people), people === 'users' ? readUsers(sql) : []]);
  const { now, sent, kinds } = counts;
  return { now, sent, users, kinds: { bounced: ofKind(kinds, 'bounced'), complained: ofKind(kinds, 'complained') } };
}

/** Each person once a kind, in the hour of the latest; and the mails of each hour. */
async function readCounts(sql: Sql, people: People) {
  const [row] = await sql<[Pick<Reputation, 'now' | 'sent'> & Readonly<{ kinds: readonly OfKind[] }>]>`
    with people as (
      select kind, stream_id like 'erased-%@erased.invalid' as is_erased, count(*) as reports, max(at) as at
      from mails_that_came_back
      where at > (select reputation_since()) and at <= (select event_clock())
      group by kind, is_erased, case when ${people} = 'users' then coalesce(user_id, stream_id) else stream_id end
    ), hours as (
      select
        kind,
        date_trunc('hour', at) as hour,
        sum(reports) as reports,
        count(*) filter (where not is_erased) as people
      from people
      group by kind, hour
    )
    select
      (extract(epoch from event_clock()) * 1000)::float8 as now,
      (
        select coalesce(jsonb_agg(jsonb_build_object('hour', extract(epoch from hour) * 1000, 'sent', sent)), '[]')
        from mails_sent
        where hour >= (select date_trunc('hour', reputation_since())) and hour <= (select event_clock())
      ) as sent,
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'kind', kind, 'reports', reports, 'people', people, 'hour', extract(epoch from hour) * 1000
        )), '[]')
        from hours
      ) as kinds
  `;
  return row;
}

/** Those with three reports and more. */
async function readUsers(sql: Sql): Promise<Reputation['users']> {
  const [row] = await sql<[{ users: Reputation['users'] }]>`
    with users as (
      select
        user_id,
        count(distinct stream_id) filter (where kind = 'bounced') as bounced,
        (array_agg(at order by at desc) filter (where kind = 'bounced'))[3] as bounced_at,
        count(distinct stream_id) filter (where kind = 'complained') as complained,
        (array_agg(at order by at desc) filter (where kind = 'complained'))[3] as complained_at
      from mails_that_came_back
      where at > (select reputation_since())
        and at <= (select event_clock())
        and user_id is not null
        and stream_id not like 'erased-%@erased.invalid'
      group by user_id
      having count(*) >= 3
      order by count(*) desc, user_id
      limit ${USERS_MAX}
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'userId', user_id,
      'bounced', jsonb_build_object('addresses', bounced, 'thirdLastAt', extract(epoch from bounced_at) * 1000),
      'complained', jsonb_build_object('addresses', complained, 'thirdLastAt', extract(epoch from complained_at) * 1000),
      'codes', (
        select count(*)
        from email_otp_verifications as code
        where code.user_id = users.user_id::uuid and created_at > (select reputation_since())
      )
    )), '[]') as users
    from users
  `;
  return row.users;
}

function ofKind(rows: readonly OfKind[], kind: Kind): Reputation['kinds'][Kind] {
  const own = rows.filter((row) => row.kind === kind);
  return { reports: own.reduce((sum, row) => sum + row.reports, 0), people: own };
}

/** Counts mails that went out, in the hour of now; forgets hours that nobody asks for any more, or that a wrong clock made. */
export async function countSent(sql: Sql, mails: number): Promise<void> {
  await sql`
    with forgotten as (
      delete from mails_sent
      where hour < (select event_clock()) - interval '2 days' or hour > (select event_clock()) + interval '1 hour'
    )
    insert into mails_sent as old (hour, sent)
    values (date_trunc('hour', event_clock()), ${mails}::integer)
    on conflict (hour) do update set sent = old.sent + excluded.sent
  `;
}

/** From now on what came back before no longer counts; recorded with who said so. */
export async function resumeSending(sql: Sql, by: string): Promise<void> {
  await sql`insert into sending_resumptions (at, by) values (event_clock(), ${by})`;
}
