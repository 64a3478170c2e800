/** Settings of the database connection: DATABASE_URL, or the guide's DB_* variables. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { formatPostgresUrl, parsePostgresUrl, PostgresUrlFault } from '../store/postgres-url.ts';
import { port, secret, setting, type SettingsCheck, type SettingsOf, wholeNumber } from '../runtime/settings.ts';
import type { DatabaseOptions } from '../store/database.ts';

/** As libpq reads it; what cannot be obeyed is refused (store/postgres-url.ts). */
export const databaseUrl = z
  .string()
  .superRefine((text, context) => {
    const fault = faultOf(text);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .optional();

function faultOf(text: string): string | undefined {
  try {
    const { authorities } = parsePostgresUrl(text);
    if (authorities !== undefined) readFileSync(authorities);
    return undefined;
  } catch (error) {
    if (error instanceof PostgresUrlFault) return error.message;
    return `says sslrootcert, a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'no file'})`;
  }
}

export const databaseSettings = {
  DATABASE_URL: secret(databaseUrl, 'The database as one URL; takes precedence over DB_*.'),
  DB_HOST: setting(z.string().default('localhost'), 'Host of PostgreSQL.'),
  DB_PORT: setting(port(5432), 'Port of PostgreSQL.'),
  DB_NAME: setting(z.string().default('request_marketplace_prod'), 'Name of the database.'),
  DB_USER: setting(z.string().default('request_app'), 'Role that the API and the scheduler log in with.'),
  DB_PASSWORD: secret(z.string().optional(), 'Password of that role.'),
  DB_SSL: setting(
    z
      .enum(['off', 'require', 'verify', 'by-url', 'true', 'false'], 'must be off, require, verify or by-url')
      .transform((value) => (value === 'true' ? 'require' : value === 'false' ? 'off' : value))
      .optional(),
    'TLS to the database: off, require (encrypt), verify (encrypt and check the certificate) or by-url (as the URL says, else verify); true means require. Default: as the URL says, else off.',
  ),
  DB_POOL_MAX: setting(
    wholeNumber({ default: 8, min: 2, max: 100 }),
    'Maximum number of database connections per process; an api has up to four more for what admins look at.',
  ),
};

type Tls = Exclude<SettingsOf<typeof databaseSettings>['DB_SSL'], 'by-url' | undefined>;

/** Where the URL does not say it. */
export const tlsOf = ({ DB_SSL }: Pick<SettingsOf<typeof databaseSettings>, 'DB_SSL'>): Tls =>
  DB_SSL === 'by-url' ? 'verify' : (DB_SSL ?? 'off');

type Place = Pick<SettingsOf<typeof databaseSettings>, 'DB_HOST' | 'DB_PORT' | 'DB_NAME'>;

/** The database of DB_*, as this role. DB_HOST may be a name, an address, or the folder of a socket. */
export function urlOf({
  DB_HOST,
  DB_PORT,
  DB_NAME,
  user,
  password,
}: Place & Readonly<{ user: string; password: string }>): string {
  const host = DB_HOST.replace(/^\[(.*)\]$/, '$1');
  const rest = { ssl: undefined, authorities: undefined, options: undefined };
  return formatPostgresUrl({ user, password, hosts: [{ host, port: DB_PORT }], database: DB_NAME, ...rest });
}

/** What the URL demands and DB_SSL denies, or the other way round. */
export const checkDatabase: SettingsCheck<typeof databaseSettings> = ({ DATABASE_URL, DB_SSL }) => {
  const said = DATABASE_URL === undefined ? undefined : parsePostgresUrl(DATABASE_URL).ssl;
  if (said === undefined || DB_SSL === undefined || DB_SSL === 'by-url' || DB_SSL === said) return [];
  const mode = { off: 'disable', require: 'require', verify: 'verify-full' }[said];
  return [`DB_SSL: is ${DB_SSL}, and DATABASE_URL says sslmode=${mode}: take one of them out.`];
};

/** How long a statement may take before the request is answered 503. */
export const STATEMENT_TIMEOUT_MILLISECONDS = 5000;

export function databaseOptions(
  settings: SettingsOf<typeof databaseSettings>,
  applicationName: string,
): DatabaseOptions {
  const { DB_USER: user, DB_PASSWORD: password = '', DB_POOL_MAX } = settings;
  const url = settings.DATABASE_URL ?? urlOf({ ...settings, user, password });
  return {
    url,
    ssl: parsePostgresUrl(url).ssl ?? tlsOf(settings),
    poolMax: DB_POOL_MAX,
    applicationName,
    statementTimeoutMilliseconds: STATEMENT_TIMEOUT_MILLISECONDS,
  };
}
