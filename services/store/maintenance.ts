/** The guide's monthly maintenance as PostgreSQL has it: counters begin anew, then every table is vacuumed and analyzed. */
import type { Sql } from './database.ts';

/** False where the tables' owner may not (pg_stat_reset asks for a superuser's grant). */
export async function resetStatistics(sql: Sql): Promise<boolean> {
  const [row] = await sql<[{ done: boolean }]>`select reset_statistics() as done`;
  return row.done;
}

/**
 * Vacuums and analyzes what the role may (PostgreSQL 17: MAINTAIN), and resolves to how many tables that were, and the names
 * of the others. Beside readers and writers; takes as long as the tables are large.
 */
export async function vacuumTables(sql: Sql): Promise<Readonly<{ done: number; left: readonly string[] }>> {
  const [{ now }] = await sql<[{ now: string }]>`select clock_timestamp()::text as now`;
  await sql`vacuum (analyze)`;
  const tables = await sql<{ name: string; done: boolean }[]>`
    select relname as name, coalesce(last_vacuum >= ${now}::timestamptz, false) as done
    from pg_stat_user_tables
    where schemaname = 'public'
    order by relname
  `;
  return {
    done: tables.filter(({ done }) => done).length,
    left: tables.filter(({ done }) => !done).map(({ name }) => name),
  };
}
