/** What the log says of a month: counted from the events, so that no clean-up and no erasure changes it. Days are UTC. */
import type { Sql } from './database.ts';

/** From its first moment to that of the next month. */
export type Month = Readonly<{ name: string; from: Date; to: Date }>;

export type DayCounts = Readonly<{
  /** YYYY-MM-DD */
  day: string;
  codes: number;
  verified: number;
}>;

export type PurposeCounts = Readonly<{ purpose: string; codes: number; verified: number }>;

export type MonthlyFigures = Readonly<{
  /** Events by type. */
  events: Readonly<Record<string, number>>;
  /** Every day that had a code. */
  days: readonly DayCounts[];
  /** Codes asked for in the month and what became of them, also after it; repeated mails of a code do not count. */
  purposes: readonly PurposeCounts[];
  /** Mails given up, by reason. */
  failures: Readonly<Record<string, number>>;
  bounces: Readonly<{ permanent: number; transient: number }>;
  /** Addresses that were verified. */
  addresses: number;
  /** From the request of a code to its verification; null without one. */
  secondsToVerify: Readonly<{ median: number | null; p95: number | null }>;
}>;

/** Reads the log's part of the month; takes seconds where that has millions of events. */
export async function readMonthlyFigures(sql: Sql, { from, to }: Month): Promise<MonthlyFigures> {
  const [start, end] = [from.toISOString(), to.toISOString()];
  const [[counts], [codes]] = await Promise.all([
    sql<[Pick<MonthlyFigures, 'events' | 'failures' | 'bounces' | 'addresses'>]>`
      with month as (
        select stream_id, type, data from events where at >= ${start} and at < ${end}
      )
      select
        (select coalesce(jsonb_object_agg(type, n), '{}') from (select type, count(*) as n from month group by 1) as t) as events,
        (
          select coalesce(jsonb_object_agg(reason, n), '{}')
          from (select data ->> 'reason' as reason, count(*) as n from month where type = 'send_failed' group by 1) as f
        ) as failures,
        (
          select jsonb_build_object(
            'permanent', count(*) filter (where (data ->> 'permanent')::boolean),
            'transient', count(*) filter (where not (data ->> 'permanent')::boolean)
          )
          from month
          where type = 'bounced'
        ) as bounces,
        (select count(distinct stream_id)::float8 from month where type = 'verified') as addresses
    `,
    sql<[Pick<MonthlyFigures, 'days' | 'purposes' | 'secondsToVerify'>]>`
      with codes as (
        select
          (requested.at at time zone 'UTC')::date as day,
          requested.data ->> 'purpose' as purpose,
          extract(epoch from verified.at - requested.at) as seconds
        from events as requested
        left join events as verified
          on verified.stream_id = requested.stream_id
          and verified.type = 'verified'
          and verified.data ->> 'otpId' = requested.data ->> 'otpId'
        where requested.type = 'requested'
          and requested.data ->> 'mailing' = '1'
          and requested.at >= ${start}
          and requested.at < ${end}
      )
      select
        (
          select coalesce(jsonb_agg(to_jsonb(d) order by day), '[]')
          from (select day, count(*) as codes, count(seconds) as verified from codes group by 1) as d
        ) as days,
        (
          select coalesce(jsonb_agg(to_jsonb(p) order by codes desc, purpose), '[]')
          from (select purpose, count(*) as codes, count(seconds) as verified from codes group by 1) as p
        ) as purposes,
        (
          select jsonb_build_object(
            'median', round(percentile_cont(0.5) within group (order by seconds)::numeric, 1),
            'p95', round(percentile_cont(0.95) within group (order by seconds)::numeric, 1)
          )
          from codes
        ) as "secondsToVerify"
    `,
  ]);
  return { ...counts, ...codes };
}
