/** The slowest statements, as the server counts them in pg_stat_statements, if it does. */
import type { Sql } from './database.ts';

export type SlowStatement = Readonly<{
  /** As the server keeps it: parameters in the place of values. */
  text: string;
  calls: number;
  totalSeconds: number;
  meanMilliseconds: number;
  maxMilliseconds: number;
  rows: number;
  /** Of all the time that was counted, from 0 to 1. */
  share: number;
}>;

/**
 * ready: the view is there and answers. not-loaded: the server does not count. not-created: it counts, and this database
 * lacks the view. not-allowed: this login sees no other role's statements.
 */
export type Counting = 'ready' | 'not-loaded' | 'not-created' | 'not-allowed';

export async function readCounting(sql: Sql): Promise<Counting> {
  const [row] = await sql<[{ counting: Counting }]>`
    select
      case
        when not exists (select from pg_settings where name = 'pg_stat_statements.max') then 'not-loaded'
        when to_regclass('pg_stat_statements') is null then 'not-created'
        when not pg_has_role('pg_read_all_stats', 'usage') then 'not-allowed'
        else 'ready'
      end as counting
  `;
  return row.counting;
}

/** The view holds the most used few thousand of them. */
const CHARACTERS_MAX = 400;

/** Of this database, the slowest first: by the time of all calls together, or of one. */
export const slowestStatements = (sql: Sql, by: 'total' | 'mean', limit: number): Promise<SlowStatement[]> =>
  sql<SlowStatement[]>`
    select
      left(query, ${CHARACTERS_MAX}) as text,
      calls::float8 as calls,
      total_exec_time / 1000 as "totalSeconds",
      mean_exec_time as "meanMilliseconds",
      max_exec_time as "maxMilliseconds",
      rows::float8 as rows,
      coalesce(total_exec_time / nullif(sum(total_exec_time) over (), 0), 0) as share
    from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database())
    order by case when ${by} = 'total' then total_exec_time else mean_exec_time end desc
    limit ${limit}
  `;
