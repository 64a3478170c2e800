/**
 * Databases of a server as a whole: made, copied, put in another's place, kept and dropped. As the owner, over a connection
 * to none of them; not for api or scheduler.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { driverOptions } from './driver.ts';

export type KeptDatabase = Readonly<{ name: string; bytes: number }>;

export type Databases = Readonly<{
  /** One restore at a time of a database, until this is closed: throws RestoreUnderWay. */
  lock(name: string): Promise<void>;
  exists(name: string): Promise<boolean>;
  /** Drops what is there under this name, whoever is connected, and makes an empty one, or a copy of another. */
  make(name: string, copyOf?: string): Promise<void>;
  drop(name: string): Promise<void>;
  /**
   * Puts `next` in the place of `current`, which is called `kept` from then on, both or neither. Who is connected to it loses
   * the connection, and whoever connects meanwhile waits or is told that it is gone.
   */
  swap(names: Readonly<{ current: string; next: string; kept: string }>): Promise<void>;
  /** Those that a restore has kept of this one, newest first. */
  kept(name: string): Promise<readonly KeptDatabase[]>;
  close(): Promise<void>;
}>;

/** Another process restores this database now. */
export class RestoreUnderWay extends Error {
  override readonly name = 'RestoreUnderWay';
}

const LOCK = 732_576_802;
const TERMINATED_EVERY_MILLISECONDS = 50;
/** PostgreSQL's limit of a name. */
const NAME_BYTES_MAX = 63;

export const restoringName = (name: string): string => withSuffix(name, '_restoring');

export function keptName(name: string, at: Date): string {
  const stamp = at.toISOString().replaceAll(/[-:]|\..*/g, '');
  return withSuffix(name, `_before_${stamp.replace('T', '_')}`);
}

function withSuffix(name: string, suffix: string): string {
  let stem = name;
  while (Buffer.byteLength(stem + suffix) > NAME_BYTES_MAX) stem = stem.slice(0, -1);
  return stem + suffix;
}

/** `url` names any database of the server; connections are made on first use. */
export function openDatabases(url: string): Databases {
  const server = { ...driverOptions(url), database: 'postgres' };
  const open = (): postgres.Sql => postgres({ ...server, max: 1, fetch_types: false, onnotice: () => {} });
  const [sql, other] = [open(), open()];
  return {
    lock,
    exists,
    make,
    drop,
    swap: (names) => swap(sql, other, names),
    kept: (name) => keptOf(sql, name),
    close,
  };

  async function close(): Promise<void> {
    await Promise.all([sql.end({ timeout: 5 }), other.end({ timeout: 5 })]);
  }

  async function lock(name: string): Promise<void> {
    const [row] = await sql<[{ locked: boolean }]>`
      select pg_try_advisory_lock(${LOCK}, hashtext(${name})) as locked
    `;
    if (!row.locked) throw new RestoreUnderWay(`Another restore of ${name} is under way.`);
  }

  async function exists(name: string): Promise<boolean> {
    return (await sql`select from pg_database where datname = ${name}`).length > 0;
  }

  async function make(name: string, copyOf = 'template0'): Promise<void> {
    await drop(name);
    await sql`create database ${sql(name)} template ${sql(copyOf)}`;
  }

  async function drop(name: string): Promise<void> {
    await sql`drop database if exists ${sql(name)} with (force)`;
  }
}

type Swap = Parameters<Databases['swap']>[0];

async function swap(sql: postgres.Sql, other: postgres.Sql, { current, next, kept }: Swap): Promise<void> {
  const done = new AbortController();
  // Where that is not allowed the rename says who is connected.
  const terminating = terminate(other, current, done.signal).catch(() => {});
  try {
    // The first rename keeps new connections out until the transaction ends, and waits five seconds for those there are.
    await sql.begin(async (transaction) => {
      const there = await transaction`select from pg_database where datname = ${current}`;
      if (there.length > 0) await transaction`alter database ${sql(current)} rename to ${sql(kept)}`;
      await transaction`alter database ${sql(next)} rename to ${sql(current)}`;
    });
  } finally {
    done.abort();
    await terminating;
  }
}

async function terminate(sql: postgres.Sql, name: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    await sleep(TERMINATED_EVERY_MILLISECONDS);
  }
}

async function keptOf(sql: postgres.Sql, name: string): Promise<readonly KeptDatabase[]> {
  return sql<KeptDatabase[]>`
    select datname as name, pg_database_size(oid)::float8 as bytes
    from pg_database
    where datname ~ '_before_[0-9]{8}_[0-9]{6}$'
      and left(datname, -15) = ${keptName(name, new Date(0)).slice(0, -15)}
    order by datname desc
  `;
}
