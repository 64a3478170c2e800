/** The sizes of tables and indexes, what of them is dead, and an estimate of the space that nothing needs. */
import type { Sql } from './database.ts';

export type TableSize = Readonly<{
  name: string;
  /** Without its indexes. */
  bytes: number;
  liveRows: number;
  deadRows: number;
  /** Of its rows, from 0 to 1. */
  deadShare: number;
  lastVacuum: Date | null;
  lastAnalyze: Date | null;
  /** Beyond what its rows need; null before the first analyze. */
  bloatBytes: number | null;
}>;

const LISTED_MAX = 100;
const SAMPLED_ROWS = 2000;

/**
 * Largest first. A row needs its header, its item and the average width of its columns, as the last analyze found them; a
 * table's other forks, such as what is stored out of line, are in its size and not in the estimate.
 */
export const readTableSizes = (sql: Sql): Promise<TableSize[]> =>
  sql<TableSize[]>`
    with analyzed as (
      select tablename, sum(avg_width * (1 - null_frac)) as width, count(*) as columns
      from pg_stats
      where schemaname = 'public' and not inherited
      group by tablename
    ), sizes as (
      select oid, relname, (
        select count(*) from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped
      ) as columns, least(100, ${SAMPLED_ROWS} * 100 / greatest(reltuples, 1)) as percent
      from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples >= 0
    ), widths as (
      -- Of columns that the planner takes no samples of (migration 030) some rows are looked at now; a header is not counted twice.
      select relname as tablename, case
        when analyzed.columns = sizes.columns then analyzed.width
        else (xpath('/row/width/text()', query_to_xml(
          format('select avg(pg_column_size(t)) - 24 as width from public.%I as t tablesample system (%s)', relname, percent),
          false, true, ''
        )))[1]::text::float8
      end as width
      from sizes
      left join analyzed on tablename = relname
    )
    select
      stat.relname::text as name,
      pg_table_size(relid)::float8 as bytes,
      n_live_tup::float8 as "liveRows",
      n_dead_tup::float8 as "deadRows",
      coalesce(n_dead_tup::float8 / nullif(n_live_tup + n_dead_tup, 0), 0) as "deadShare",
      greatest(last_vacuum, last_autovacuum) as "lastVacuum",
      greatest(last_analyze, last_autoanalyze) as "lastAnalyze",
      case
        when width is not null and reltuples >= 0 then greatest(
          0,
          pg_relation_size(relid) - ceil(reltuples * (28 + ceil(width / 8) * 8) / (block - 24)) * block
        )
      end::float8 as "bloatBytes"
    from pg_stat_user_tables as stat
    join pg_class on pg_class.oid = relid
    left join widths on tablename = stat.relname
    cross join (select current_setting('block_size')::float8 as block) as page
    where schemaname = 'public'
    order by bytes desc
    limit ${LISTED_MAX}
  `;

export type IndexSize = Readonly<{
  name: string;
  table: string;
  bytes: number;
  /** Since the statistics were last reset. */
  scans: number;
  bloatBytes: number | null;
}>;

/** Largest first. An entry needs its header, its item and the widths of its columns; a page of a B-tree is filled to 90 %. */
export const readIndexSizes = (sql: Sql): Promise<IndexSize[]> =>
  sql<IndexSize[]>`
    with known as (
      select tablename, attname, avg_width * (1 - null_frac) as width
      from pg_stats
      where schemaname = 'public' and not inherited
    ), widths as (
      select
        stat.indexrelid,
        sum(coalesce(own.width, base.width)) as width,
        bool_and(own.width is not null or base.width is not null) as known
      from pg_stat_user_indexes as stat
      join pg_index using (indexrelid)
      join pg_attribute as entry on entry.attrelid = indexrelid
      left join pg_attribute as field on field.attrelid = indrelid and field.attnum = indkey[entry.attnum - 1]
      left join known as own on own.tablename = indexrelname and own.attname = entry.attname
      left join known as base on base.tablename = stat.relname and base.attname = field.attname
      group by stat.indexrelid
    )
    select
      indexrelname::text as name,
      stat.relname::text as table,
      pg_relation_size(indexrelid)::float8 as bytes,
      idx_scan::float8 as scans,
      case
        when known and reltuples >= 0 and amname = 'btree' then greatest(
          0,
          pg_relation_size(indexrelid)
            - (2 + ceil(reltuples * (12 + ceil(width / 8) * 8) / ((block - 40) * 0.9))) * block
        )
      end::float8 as "bloatBytes"
    from pg_stat_user_indexes as stat
    join pg_class on pg_class.oid = indexrelid
    join pg_am on pg_am.oid = relam
    left join widths using (indexrelid)
    cross join (select current_setting('block_size')::float8 as block) as page
    where schemaname = 'public'
    order by bytes desc
    limit ${LISTED_MAX}
  `;
