/** Settings of the database connection: DATABASE_URL, or the guide's DB_* variables. */
import { z } from 'zod';
import { port, secret, setting, type SettingsOf, wholeNumber } from '../runtime/settings.ts';
import type { DatabaseOptions } from '../store/database.ts';

export const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: 'must be a URL such as postgres://user:password@host:5432/database' })
  .optional();

export const databaseSettings = {
  DATABASE_URL: secret(databaseUrl, 'The database as one URL; takes precedence over DB_*.'),
  DB_HOST: setting(z.string().default('localhost'), 'Host of PostgreSQL.'),
  DB_PORT: setting(port(5432), 'Port of PostgreSQL.'),
  DB_NAME: setting(z.string().default('request_marketplace_prod'), 'Name of the database.'),
  DB_USER: setting(z.string().default('request_app'), 'Role that the API and the scheduler log in with.'),
  DB_PASSWORD: secret(z.string().optional(), 'Password of that role.'),
  DB_SSL: setting(
    z
      .enum(['off', 'require', 'verify', 'true', 'false'], 'must be off, require or verify')
      .default('off')
      .transform((value) => (value === 'true' ? 'require' : value === 'false' ? 'off' : value)),
    'TLS to the database: off, require (encrypt) or verify (encrypt and check the certificate); true means require.',
  ),
  DB_POOL_MAX: setting(
    wholeNumber({ default: 8, min: 2, max: 100 }),
    'Maximum number of database connections per process; an api has up to four more for what admins look at.',
  ),
};

/** How long a statement may take before the request is answered 503. */
export const STATEMENT_TIMEOUT_MILLISECONDS = 5000;

export function databaseOptions(
  settings: SettingsOf<typeof databaseSettings>,
  applicationName: string,
): DatabaseOptions {
  const { DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD = '', DB_SSL, DB_POOL_MAX } = settings;
  const login = `${encodeURIComponent(DB_USER)}:${encodeURIComponent(DB_PASSWORD)}`;
  return {
    url: settings.DATABASE_URL ?? `postgres://${login}@${DB_HOST}:${DB_PORT}/${encodeURIComponent(DB_NAME)}`,
    ssl: DB_SSL,
    poolMax: DB_POOL_MAX,
    applicationName,
    statementTimeoutMilliseconds: STATEMENT_TIMEOUT_MILLISECONDS,
  };
}
