/** The driver's pool, as every program of ours sets it up. */
import postgres from 'postgres';
import type { driverOptions, Tls } from './driver.ts';

export type DatabaseOptions = Readonly<{
  /** postgres://user:password@host:port/database */
  url: string;
  /** Where the URL does not say it. */
  ssl: Tls;
  poolMax: number;
  applicationName: string;
  /** The bound of every statement, for the server and for who waits. */
  statementTimeoutMilliseconds: number;
  /** Of a scheduler: its writes are refused once the lease with this token has passed to another (see lease.ts). */
  leaseToken?: number;
  /** Of the server, for these connections alone. */
  serverSettings?: Readonly<Record<string, string | number>>;
  /** Told when somebody on the way has forgotten a connection, and the pool is replaced. */
  onForgotten?: () => void;
}>;

/** `server` is what the options' URL says. `onclose` is told of each connection that ends, also of one that was never let in. */
export function openPool(
  options: DatabaseOptions,
  server: ReturnType<typeof driverOptions>,
  onclose: () => void,
): postgres.Sql {
  const { poolMax, applicationName, statementTimeoutMilliseconds, leaseToken, serverSettings } = options;
  return postgres({
    ...server,
    max: poolMax,
    fetch_types: false,
    connect_timeout: 2,
    idle_timeout: 300,
    keep_alive: 10,
    backoff: (retries: number) => Math.min(0.02 * 2 ** retries, 0.25),
    onclose,
    onnotice: () => {},
    types: { bigint: bigintAsNumber },
    connection: {
      ...server.connection,
      application_name: applicationName,
      statement_timeout: statementTimeoutMilliseconds,
      timezone: 'UTC',
      ...serverSettings,
      ...(leaseToken !== undefined && { 'sealpost.lease_token': leaseToken }),
    },
  });
}

// Positions and counts stay far below 2^53.
const bigintAsNumber = {
  to: 20,
  from: [20],
  parse: Number,
  serialize: (value: number) => value.toString(),
};
