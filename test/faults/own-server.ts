/** A PostgreSQL of one test file's own, that can be restarted, killed, paused and listened to; migrated and with the login. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { type EmbeddedPostgres, startPostgres } from '../../services/local/postgres/server.ts';
import { migrate } from '../../services/store/migrate.ts';
import { APP_PASSWORD, APP_ROLE } from '../support/global-setup.ts';

export type OwnServer = Readonly<{
  /** As the running programs log in. */
  url: string;
  ownerUrl: string;
  /** The owner's connection; it connects again after every loss. */
  owner: postgres.Sql;
  /** All that the server logged. */
  log(): string;
  /** Ends all connections of the api and says how many there were. */
  terminateApi(): Promise<number>;
  /** The pids of the backends that serve the api. */
  backends(): Promise<readonly number[]>;
  postmaster(): number;
  /** fast: as an operator does; kill: kill -9 of the postmaster. Away for so long; resolves when it accepts connections again. */
  restart(how: 'fast' | 'kill', awayMilliseconds?: number): Promise<void>;
  /** From here on it is a standby of nobody, which may be read; until it is promoted. */
  standBy(): Promise<void>;
  promote(): Promise<void>;
  end(): Promise<void>;
}>;

const settings = { max_connections: '100', shared_buffers: '128MB' };
const DATABASE = 'faults';
/** As the test cluster's, whose next start clears what a run that was killed left behind. */
const PREFIX = 'sealpost-cluster-faults-';

export async function startOwnServer(more: Readonly<Record<string, string>> = {}): Promise<OwnServer> {
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  const lines: string[] = [];
  const start = (): Promise<EmbeddedPostgres> =>
    startPostgres({
      dataDir: join(directory, 'postgres'),
      settings: { ...settings, ...more },
      log: (line) => lines.push(line),
    });
  let server = await start();
  const { port } = server;
  const ownerUrl = server.url(DATABASE);
  await once(server.url('postgres'), `create database ${DATABASE}`);
  await migrate(ownerUrl);
  await once(ownerUrl, `create role ${APP_ROLE} login password '${APP_PASSWORD}' in role sealpost_app`);
  const login = new URL(ownerUrl);
  login.username = APP_ROLE;
  login.password = APP_PASSWORD;
  const owner = postgres(ownerUrl, { max: 2, fetch_types: false, onnotice: () => {} });
  async function startAgain(between: () => unknown = () => {}): Promise<void> {
    await server.stop('fast');
    await between();
    server = await start();
    if (server.port !== port) throw new Error(`PostgreSQL came back on port ${server.port}, not ${port}.`);
  }
  return {
    url: login.href,
    ownerUrl,
    owner,
    log: () => lines.join('\n'),
    terminateApi: async () => {
      const gone = await once(ownerUrl, `select pg_terminate_backend(pid) from pg_stat_activity where ${ofApi}`);
      return gone.length;
    },
    backends: async () =>
      (await once(ownerUrl, `select pid from pg_stat_activity where ${ofApi}`)).map(({ pid }) => Number(pid)),
    postmaster: () => server.pid,
    restart: async (how, awayMilliseconds = 0) => {
      if (how === 'kill') process.kill(server.pid, 'SIGKILL');
      await startAgain(() => sleep(awayMilliseconds));
    },
    standBy: async () => {
      await startAgain(() => writeFileSync(join(directory, 'postgres/standby.signal'), ''));
    },
    promote: async () => void (await once(ownerUrl, 'select pg_promote()')),
    end: async () => {
      await owner.end({ timeout: 1 });
      await server.stop('immediate');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const ofApi = `application_name = 'sealpost-api'`;

async function once(url: string, statement: string): Promise<postgres.Row[]> {
  const sql = postgres(url, { max: 1, fetch_types: false, connect_timeout: 5, onnotice: () => {} });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Whether a process runs, and is no zombie. */
export const isAlive = (pid: number): boolean =>
  /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());
