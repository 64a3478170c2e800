/** The two tables of the deployment guide's system, read a page at a time; nothing is ever written there. */
import postgres from 'postgres';

/** Instants are null where the row has none. */
export type SourceAddress = Readonly<{
  id: number;
  user_id: string;
  email: string;
  verified: boolean;
  verified_at: number | null;
  purpose: string | null;
  method: string | null;
  created_at: number | null;
  updated_at: number | null;
}>;

/** The code itself is never read. */
export type SourceCode = Readonly<{
  id: string;
  user_id: string;
  email: string;
  purpose: string | null;
  verified: boolean;
  verified_at: number | null;
  expires_at: number;
  attempts: number;
  max_attempts: number;
  created_at: number | null;
  updated_at: number | null;
}>;

export type ImportSource = Readonly<{
  addresses: number;
  codes: number;
  /** The zone that times without one are read in. */
  timeZone: string;
  addressesAfter(id: number, limit: number): Promise<readonly SourceAddress[]>;
  codesAfter(id: string, limit: number): Promise<readonly SourceCode[]>;
  close(): Promise<void>;
}>;

const tables = ['user_email_addresses', 'email_otp_verifications'];

/**
 * Opens the source and looks at it. `timeZone`: what its TIMESTAMP columns were written in; absent: the server's own
 * setting. Throws a plain sentence where the tables are not there, or are Sealpost's own.
 */
export async function openImportSource(url: string, timeZone?: string): Promise<ImportSource> {
  const sql = postgres(url, { max: 2, fetch_types: false, onnotice: () => {}, connect_timeout: 10 });
  try {
    const [found] = await sql<[{ tables: number; own: boolean; zone: string }]>`
      select
        (select count(*)::integer from unnest(string_to_array(${tables.join(',')}, ',')) as t (name)
          where to_regclass(name) is not null) as tables,
        to_regclass('schema_migrations') is not null and to_regclass('events') is not null as own,
        coalesce(${timeZone ?? null}, (select reset_val from pg_settings where name = 'TimeZone')) as zone
    `;
    if (found.own) throw new Error('--from is a database of Sealpost: its tables are made from its log.');
    if (found.tables < tables.length) throw new Error(`--from has no tables ${tables.join(' and ')}.`);
    if (!(await isZone(sql, found.zone))) throw new Error('--time-zone: must be a name such as Europe/Berlin or UTC.');
    const [counted] = await sql<[{ addresses: number; codes: number }]>`
      select
        (select count(*)::float8 from user_email_addresses) as addresses,
        (select count(*)::float8 from email_otp_verifications) as codes
    `;
    return { ...counted, timeZone: found.zone, ...readers(sql, found.zone), close: () => sql.end({ timeout: 5 }) };
  } catch (error) {
    await sql.end({ timeout: 5 });
    throw error;
  }
}

/** Not by the view of all names, which fails on a server where one file of them is missing. */
async function isZone(sql: postgres.Sql, zone: string): Promise<boolean> {
  if (!NAME_OF_ZONE.test(zone)) return false;
  try {
    await sql`select now() at time zone ${zone}`;
    return true;
  } catch (error) {
    if ((error as postgres.PostgresError).code === UNKNOWN_ZONE) return false;
    throw error;
  }
}

/** UTC, Japan, Europe/Berlin, Etc/GMT+3: no offset, and no rule such as ABC+3, which means the opposite of what it says. */
const NAME_OF_ZONE = /^(?:[A-Za-z_]+|[A-Za-z_]+(?:\/[A-Za-z_+\-0-9]+)+)$/;
/** SQLSTATE invalid_parameter_value. */
const UNKNOWN_ZONE = '22023';

function readers(sql: postgres.Sql, zone: string): Pick<ImportSource, 'addressesAfter' | 'codesAfter'> {
  // A timestamptz knows its moment; for it the zone changes nothing, as both casts undo each other.
  const instant = (column: string) =>
    sql`(extract(epoch from case
      when pg_typeof(${sql(column)}) = 'timestamptz'::regtype then ${sql(column)}::timestamptz
      else ${sql(column)}::timestamp at time zone ${zone}
    end) * 1000)::float8`;
  return {
    addressesAfter: (id, limit) => sql<SourceAddress[]>`
      select id, user_id, email_address as email, coalesce(is_verified, false) as verified,
        ${instant('verified_at')} as verified_at, purpose, verification_method as method,
        ${instant('created_at')} as created_at, ${instant('updated_at')} as updated_at
      from user_email_addresses
      where id > ${id}
      order by id
      limit ${limit}
    `,
    codesAfter: (id, limit) => sql<SourceCode[]>`
      select id, user_id, email, purpose, coalesce(verified, false) as verified,
        ${instant('verified_at')} as verified_at, ${instant('expires_at')} as expires_at,
        coalesce(attempts, 0) as attempts, coalesce(max_attempts, 3) as max_attempts,
        ${instant('created_at')} as created_at, ${instant('updated_at')} as updated_at
      from email_otp_verifications
      where id > ${id}
      order by id
      limit ${limit}
    `,
  };
}
