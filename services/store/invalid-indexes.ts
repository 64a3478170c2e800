/** Indexes that were being built when somebody interrupted it. */
import type postgres from 'postgres';

/** What an interrupted CREATE INDEX CONCURRENTLY of this text left behind: it would be taken for the index, and never used. */
export async function dropInvalid(sql: postgres.Sql, text: string): Promise<void> {
  const rows = await sql<{ name: string }[]>`
    select relname as name
    from pg_index join pg_class on pg_class.oid = indexrelid
    where not indisvalid and relnamespace = current_schema()::regnamespace
  `;
  for (const { name } of rows) if (text.includes(` ${name}`)) await sql`drop index concurrently ${sql(name)}`;
}
