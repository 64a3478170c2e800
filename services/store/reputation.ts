/** What came back of the last day's mails, counted by people; and the moments at which somebody let sending go on. */
import type { Instant } from '../core/events.ts';
import type { Sql } from './database.ts';

/** A person is a user; where one user asks for everybody, an address. */
export type People = 'users' | 'addresses';

type CameBack = Readonly<{
  now: Instant;
  /** From here on it counts: a day ago, or when sending was last resumed. */
  since: Instant;
  kinds: readonly Readonly<{ kind: Kind; reports: number; people: number; hour: Instant }>[];
  users: readonly UserCameBack[];
}>;

type UserCameBack = Readonly<{ user_id: string; codes: number; bounced: number; complained: number; last_at: Instant }>;

type Kind = 'bounced' | 'complained';

export type Reputation = Readonly<{
  now: Instant;
  sent: number;
  /** Reports of all, and for each hour how many people's latest report was in it. */
  kinds: Readonly<Record<Kind, Readonly<{ reports: number; people: readonly { hour: Instant; people: number }[] }>>>;
  users: readonly Readonly<{ userId: string; codes: number; bounced: number; complained: number; lastAt: Instant }>[];
}>;

const HOUR_MILLISECONDS = 3_600_000;

/**
 * Makes the function that reads it again and again. It remembers the hours that are over, so that a look counts the mails of two
 * hours at most; the oldest hour counts whole.
 */
export function createReputationReader(people: People, userReportsMin: number) {
  const hours = new Map<Instant, number>();

  return async (sql: Sql): Promise<Reputation> => {
    const { now, since, kinds, users } = await readCameBack(sql, people, userReportsMin);
    for (const hour of hours.keys()) if (hour + HOUR_MILLISECONDS <= since || hour > now) hours.delete(hour);
    const from = Math.max(since, ...[...hours.keys()].map((hour) => hour - HOUR_MILLISECONDS));
    for (const { hour, sent } of await sentByHour(sql, from)) hours.set(hour, sent);
    return {
      now,
      sent: [...hours.values()].reduce((sum, sent) => sum + sent, 0),
      kinds: { bounced: ofKind(kinds, 'bounced'), complained: ofKind(kinds, 'complained') },
      users: users.map(({ user_id: userId, last_at: lastAt, ...counts }) => ({ userId, lastAt, ...counts })),
    };
  };
}

function ofKind(rows: CameBack['kinds'], kind: Kind): Reputation['kinds'][Kind] {
  const own = rows.filter((row) => row.kind === kind);
  return { reports: own.reduce((sum, row) => sum + row.reports, 0), people: own };
}

/** Users with reports that are looked at, those with most first. */
const USERS_MAX = 1000;

/**
 * What came back since a day ago, or since sending was resumed: each person once a kind, in the hour of the latest; and the
 * users with at least so many.
 */
async function readCameBack(sql: Sql, people: People, userReportsMin: number): Promise<CameBack> {
  const [row] = await sql<[CameBack]>`
    with since as (
      select greatest(
        (select event_clock()) - interval '24 hours',
        (select max(at) from sending_resumptions where at <= (select event_clock()))
      ) as at
    ), reports as (
      select *
      from mails_that_came_back
      where at > (select at from since) and at <= (select event_clock())
    ), people as (
      select kind, count(*) as reports, max(at) as at
      from reports
      group by kind, case when ${people} = 'users' then coalesce(user_id, stream_id) else stream_id end
    ), hours as (
      select kind, date_trunc('hour', at) as hour, sum(reports) as reports, count(*) as people
      from people
      group by kind, hour
    ), users as (
      select
        user_id,
        count(distinct stream_id) filter (where kind = 'bounced') as bounced,
        count(distinct stream_id) filter (where kind = 'complained') as complained,
        max(at) as last_at
      from reports
      where ${people} = 'users' and user_id is not null
      group by user_id
      having count(*) >= ${userReportsMin}::integer
      order by count(*) desc, user_id
      limit ${USERS_MAX}
    )
    select
      (extract(epoch from event_clock()) * 1000)::float8 as now,
      (select extract(epoch from at) * 1000 from since)::float8 as since,
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'kind', kind, 'reports', reports, 'people', people, 'hour', extract(epoch from hour) * 1000
        )), '[]')
        from hours
      ) as kinds,
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'user_id', user_id,
          'bounced', bounced,
          'complained', complained,
          'last_at', extract(epoch from last_at) * 1000,
          'codes', (
            select count(*)
            from email_otp_verifications as code
            where code.user_id::text = users.user_id and created_at > (select at from since)
          )
        )), '[]')
        from users
      ) as users
  `;
  return row;
}

export type SentInHour = { hour: Instant; sent: number };

/** Mails taken by the mail service from a moment on, by the hour. */
export async function sentByHour(sql: Sql, from: Instant): Promise<readonly SentInHour[]> {
  return sql<SentInHour[]>`
    select (extract(epoch from date_trunc('hour', at)) * 1000)::float8 as hour, count(*)::float8 as sent
    from events
    where type = 'sent' and at >= to_timestamp(${from}::float8 / 1000) and at <= (select event_clock())
    group by date_trunc('hour', at)
  `;
}

/** From now on what came back before no longer counts; recorded with who said so. */
export async function resumeSending(sql: Sql, by: string): Promise<void> {
  await sql`insert into sending_resumptions (at, by) values (event_clock(), ${by})`;
}
