/** The schema as text, from the catalogue: what a reviewer sees in a diff when a migration changes it. */
import type postgres from 'postgres';

export async function schemaText(sql: postgres.Sql): Promise<string> {
  const sections = await Promise.all([
    columns(sql),
    constraints(sql),
    indexes(sql),
    triggers(sql),
    functions(sql),
    views(sql),
    grants(sql),
  ]);
  return `${['-- The result of all migrations, written by the test of the schema. Not run by anything.', ...sections.map((section) => section.join('\n'))].join('\n\n')}\n`;
}

type Line = { line: string };

async function lines(rows: PromiseLike<readonly Line[]>): Promise<string[]> {
  return (await rows).map(({ line }) => line);
}

async function columns(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ table_name: string; line: string }[]>`
    select relname as table_name,
      format('  %s %s%s%s%s', attname, format_type(atttypid, atttypmod),
        case attidentity when 'a' then ' generated always as identity' else '' end,
        case when attnotnull then ' not null' else '' end,
        coalesce(' default ' || pg_get_expr(adbin, adrelid), '')) as line
    from pg_attribute
    join pg_class on pg_class.oid = attrelid
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
    order by relname, attnum
  `;
  const tables = Map.groupBy(rows, ({ table_name }) => table_name);
  return [...tables].map(
    ([table, given]) => `create table ${table} (\n${given.map(({ line }) => line).join(',\n')}\n);`,
  );
}

const constraints = (sql: postgres.Sql) =>
  lines(sql`
    select format('alter table %s add constraint %I %s;', conrelid::regclass, conname, pg_get_constraintdef(oid)) as line
    from pg_constraint
    where connamespace = 'public'::regnamespace and conrelid <> 0 and contype <> 'n'
    order by conrelid::regclass::text, conname
  `);

const indexes = (sql: postgres.Sql) =>
  lines(sql`
    select pg_get_indexdef(indexrelid) || ';' as line
    from pg_index
    join pg_class on pg_class.oid = indexrelid
    where relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint where conindid = indexrelid)
    order by relname
  `);

const triggers = (sql: postgres.Sql) =>
  lines(sql`select pg_get_triggerdef(oid) || ';' as line from pg_trigger where not tgisinternal order by tgname`);

const functions = (sql: postgres.Sql) =>
  lines(sql`
    select rtrim(pg_get_functiondef(oid)) || ';' as line
    from pg_proc
    where pronamespace = 'public'::regnamespace
    order by proname
  `);

const views = (sql: postgres.Sql) =>
  lines(sql`
    select format(E'create view %s as\n%s', viewname, definition) as line
    from pg_views
    where schemaname = 'public'
    order by viewname
  `);

const grants = (sql: postgres.Sql) =>
  lines(sql`
    select format('grant %s on %s to sealpost_app;', string_agg(privilege, ', ' order by privilege), name) as line
    from (
      select lower(privilege_type) as privilege, relname as name
      from pg_class, aclexplode(relacl) as acl
      join pg_roles on pg_roles.oid = acl.grantee
      where relnamespace = 'public'::regnamespace and rolname = 'sealpost_app'
    ) as granted
    group by name
    order by name
  `);
