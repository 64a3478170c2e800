/**
 * A connection URI of PostgreSQL, as libpq reads it (PostgreSQL's manual, 32.1.1.2) and hosting providers hand it out: with
 * several hosts, a socket's folder, IPv6, and parameters. What of it cannot be obeyed is refused by its name.
 */

export type Host = Readonly<{
  /** A name, an address, or the folder of a socket, which begins with /. */
  host: string;
  port: number;
}>;

export type PostgresUrl = Readonly<{
  user: string;
  password: string;
  hosts: readonly [Host, ...Host[]];
  database: string;
  /** Undefined where it does not say. */
  ssl: 'off' | 'require' | 'verify' | undefined;
  /** File of the authorities that a certificate may be of. */
  authorities: string | undefined;
  /** For the server's start, such as the name of an endpoint behind a provider's proxy. */
  options: string | undefined;
}>;

/** Says what would be right, and shows nothing of the URL but names of parameters and their plain values. */
export class PostgresUrlFault extends Error {
  override readonly name = 'PostgresUrlFault';
}

const FORM = 'must be a URL such as postgres://user:password@host:5432/database';
const URI = /^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/;
const PORT = 5432;
const HOSTS_MAX = 10;

/** Throws PostgresUrlFault. */
export function parsePostgresUrl(text: string): PostgresUrl {
  const [, login = '', authority = '', name = '', query = ''] = URI.exec(text) ?? fail(FORM);
  const parameters = new Map(new URLSearchParams(query));
  const colon = login.indexOf(':');
  const [user, password] = colon < 0 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
  const said = take(parameters, ['user', 'password', 'host', 'port', 'dbname']);
  const hosts = hostsOf(said.host ?? decoded(authority), said.port);
  const ssl = tlsOf(take(parameters, ['sslmode', 'sslrootcert', 'ssl']));
  const { options } = take(parameters, ['options']);
  for (const [parameter, value] of parameters) refuse(parameter, value);
  return {
    user: said.user ?? decoded(user),
    password: said.password ?? decoded(password),
    hosts,
    database: said.dbname ?? decoded(name),
    ...ssl,
    options,
  };
}

/** The same as one URL, which libpq reads, too. */
export function formatPostgresUrl({ user, password, hosts, database, ssl, authorities, options }: PostgresUrl): string {
  const isSocket = hosts[0].host.startsWith('/');
  const login = `${encodeURIComponent(user)}${password === '' ? '' : `:${encodeURIComponent(password)}`}`;
  const places = hosts.map(({ host, port }) => `${bracketed(host)}${port === PORT ? '' : `:${port}`}`).join(',');
  const query = new URLSearchParams({
    ...(isSocket ? { host: hosts[0].host, ...(hosts[0].port === PORT ? {} : { port: String(hosts[0].port) }) } : {}),
    ...(ssl ? { sslmode: { off: 'disable', require: 'require', verify: 'verify-full' }[ssl] } : {}),
    ...(authorities ? { sslrootcert: authorities } : {}),
    ...(options ? { options } : {}),
  });
  // libpq takes a + for itself.
  const tail = query.size === 0 ? '' : `?${query.toString().replaceAll('+', '%20')}`;
  const at = login === '' ? '' : `${login}@`;
  return `postgres://${at}${isSocket ? '' : places}/${encodeURIComponent(database)}${tail}`;
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The same server and login, another database. */
export const inDatabaseOf = (url: string, database: string): string =>
  formatPostgresUrl({ ...parsePostgresUrl(url), database });

function fail(message: string): never {
  throw new PostgresUrlFault(message);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return fail(`${FORM}, with "%" of a name or password written as %25`);
  }
}

function take<Name extends string>(from: Map<string, string>, names: readonly Name[]): Partial<Record<Name, string>> {
  const taken: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = from.get(name);
    if (value !== undefined && value !== '') taken[name] = value;
    from.delete(name);
  }
  return taken;
}

/** `h1:1,[::1]:2`; of a parameter `host`, the ports may stand in `port`. */
function hostsOf(text: string, ports = ''): PostgresUrl['hosts'] {
  const given = ports.split(',');
  const [first, ...more] = (text === '' ? 'localhost' : text).split(',').map((place, index) => {
    const [, inBrackets, written, own] =
      /^(?:\[([\da-f:.%]+)\]|(\/[^,:]*|[^:[\]]*|[\da-f:.%]*))(?::(\d*))?$/i.exec(place) ?? fail(FORM);
    const port = Number(own || given[index] || (given.length === 1 && given[0]) || PORT);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) fail('must have a port from 1 to 65535');
    return { host: inBrackets ?? (written || 'localhost'), port };
  });
  if (!first || more.length >= HOSTS_MAX) return fail(`must have at most ${HOSTS_MAX} hosts`);
  if (more.length > 0 && [first, ...more].some(({ host }) => host.startsWith('/'))) {
    return fail('must have one host where it is the folder of a socket');
  }
  return [first, ...more];
}

const MODES: ReadonlyMap<string, PostgresUrl['ssl']> = new Map([
  ['disable', 'off'],
  ['require', 'require'],
  ['verify-full', 'verify'],
  // Checked as much, and the name too.
  ['verify-ca', 'verify'],
]);

function tlsOf({ sslmode, sslrootcert, ssl }: Partial<Record<'sslmode' | 'sslrootcert' | 'ssl', string>>) {
  const word =
    sslmode ?? (ssl === 'true' || ssl === '1' ? 'require' : ssl === 'false' || ssl === '0' ? 'disable' : ssl);
  if (word !== undefined && !MODES.has(word)) {
    fail(`says sslmode=${plain(word)}: it must be disable, require or verify-full`);
  }
  const mode = word === undefined ? undefined : MODES.get(word);
  if (sslrootcert === undefined) return { ssl: mode, authorities: undefined };
  if (mode === 'off') fail('says sslrootcert, which sslmode=disable makes no use of');
  // As libpq has it: authorities that are named are there to be checked.
  return { ssl: 'verify' as const, authorities: sslrootcert === 'system' ? undefined : sslrootcert };
}

/** What we do as it says in any case, by its value. */
const ALREADY: ReadonlyMap<string, RegExp> = new Map([
  ['schema', /^public$/],
  ['client_encoding', /^utf-?8$/i],
  ['channel_binding', /^(?:prefer|disable)$/],
  ['gssencmode', /^(?:prefer|disable)$/],
  ['target_session_attrs', /^(?:any|read-write|primary)$/],
  ['sslnegotiation', /^postgres$/],
  ['load_balance_hosts', /^disable$/],
  // Ours are set, whatever it says: a name for each program, two seconds, ten seconds.
  ['application_name', /^/],
  ['connect_timeout', /^/],
  ['keepalives', /^1?$/],
  ['keepalives_idle', /^/],
  ['keepalives_interval', /^/],
  ['keepalives_count', /^/],
  ['tcp_user_timeout', /^/],
]);

function refuse(parameter: string, value: string): void {
  if (ALREADY.get(parameter)?.test(value)) return;
  if (parameter === 'schema') fail('says schema: the tables of Sealpost are in the schema public');
  if (parameter === 'channel_binding') {
    fail(
      'says channel_binding=require, which cannot be done here: take it out; sslmode=verify-full proves the server, too',
    );
  }
  if (parameter === 'pgbouncer') {
    fail(
      'says pgbouncer: a pooler in transaction mode keeps no settings of a session; give the URL of PostgreSQL itself',
    );
  }
  // Its value may be anything, a password too.
  fail(`says ${plain(parameter)}, which is not known here: take it out`);
}

const plain = (text: string): string => text.replaceAll(/[^\w.-]/g, '?').slice(0, 40);
