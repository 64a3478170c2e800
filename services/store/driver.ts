/** What the driver is told of a connection URL: its own reading knows neither sockets nor IPv6 nor authorities. */
import { readFileSync } from 'node:fs';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import { parsePostgresUrl, type PostgresUrl } from './postgres-url.ts';

export type Tls = 'off' | 'require' | 'verify';

/** For `postgres(…)`. What the URL says of TLS holds; else `ssl` does. Of several hosts, the one that takes writes is meant. */
export function driverOptions(url: string, ssl: Tls = 'off') {
  const parsed = parsePostgresUrl(url);
  const { user, password, hosts, database, options } = parsed;
  return {
    // Lists are what it makes of any host; only its types do not say so, and a text it would cut at each colon.
    host: hosts.map(({ host }) => host) as unknown as string,
    port: hosts.map(({ port }) => port) as unknown as number,
    ...(hosts[0].host.startsWith('/') ? { path: `${hosts[0].host}/.s.PGSQL.${hosts[0].port}` } : {}),
    user,
    password,
    database,
    ssl: tlsOf(parsed.ssl ?? ssl, parsed),
    ...(hosts.length > 1 ? { target_session_attrs: 'read-write' as const } : {}),
    connection: options === undefined ? {} : { options },
  };
}

type DriverTls = false | 'require' | Readonly<ConnectionOptions>;

/** Over a socket there is none, as libpq has it. */
function tlsOf(ssl: Tls, { hosts, authorities }: PostgresUrl): DriverTls {
  if (ssl === 'off' || hosts[0].host.startsWith('/')) return false;
  if (ssl === 'require') return 'require';
  return {
    rejectUnauthorized: true,
    ...(authorities === undefined ? {} : { ca: readFileSync(authorities, 'utf8') }),
    // The driver names no address, and of a connection without a name Node asks whether the certificate is for localhost.
    checkServerIdentity: (_, certificate) => {
      const faults = hosts.map(({ host }) => checkServerIdentity(host, certificate));
      return faults.includes(undefined) ? undefined : faults[0];
    },
  };
}
