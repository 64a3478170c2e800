/** The database as its owner, from the settings; by TLS as DB_SSL says, unless the URL says it itself (sslmode). */
import { adminSettings } from '../config/admin.ts';
import { databaseOptions, databaseSettings } from '../config/database.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { type DatabaseOptions, type Sql, withPool } from '../store/database.ts';
import { formatPostgresUrl, inDatabaseOf, parsePostgresUrl } from '../store/postgres-url.ts';

export function adminUrl(environment: Environment): string {
  const settings = readSettings({ ...adminSettings, ...databaseSettings }, environment);
  const options = databaseOptions(settings, 'sealpost-cli');
  return urlOf({ url: settings.DATABASE_ADMIN_URL ?? options.url, ssl: options.ssl });
}

/** The same as the pool and PostgreSQL's programs take it. */
export function adminLogin(environment: Environment): Pick<DatabaseOptions, 'url' | 'ssl'> {
  const { ssl = 'off', ...server } = parsePostgresUrl(adminUrl(environment));
  return { url: formatPostgresUrl({ ...server, ssl: undefined }), ssl };
}

/** A login as one URL, for what takes no other; what the URL says itself holds. */
export function urlOf({ url, ssl }: Pick<DatabaseOptions, 'url' | 'ssl'>): string {
  const said = parsePostgresUrl(url);
  return formatPostgresUrl({ ...said, ssl: said.ssl ?? (ssl === 'off' ? undefined : ssl) });
}

export const databaseOf = ({ url }: Readonly<{ url: string }>): string => parsePostgresUrl(url).database;

/** The same server and login, another database. */
export function inDatabase<Login extends Readonly<{ url: string }>>(login: Login, name: string): Login {
  return { ...login, url: inDatabaseOf(login.url, name) };
}

export function readerOptions(environment: Environment): DatabaseOptions {
  return databaseOptions(readSettings(databaseSettings, environment), 'sealpost-cli');
}

/** As the owner, where there is such a login; else as the programs log in. */
export const ownerOptions = (environment: Environment): DatabaseOptions => ({
  ...readerOptions(environment),
  ...adminLogin(environment),
  poolMax: 2,
});

const withDatabase =
  (options: () => DatabaseOptions) =>
  (work: (sql: Sql) => Promise<void>): Promise<void> =>
    withPool(options(), work);

/** Runs work with the database as the programs log in, for so long as it takes. */
export const withReader = (environment: Environment) => withDatabase(() => readerOptions(environment));

/** The same as its owner, who may see more. */
export const withOwner = (environment: Environment) => withDatabase(() => ownerOptions(environment));
