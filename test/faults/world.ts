/** A world for one fault: a database of its own, an SES of its own, and as many api processes as the test starts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type ApiProcess, startApiProcess, startSes, tokenOf } from '../support/api.ts';
import { type Client, createClient } from '../support/load.ts';
import type { LocalSes } from '../../services/ses-local/server.ts';

const RATE_KNOWN_MILLISECONDS = 1500;
/** A claim lasts 15 s: after so long it is over. */
export const LEASE_OVER_SECONDS = 16;

export type Person = Readonly<{ address: string; token: string }>;

export type World = Readonly<{
  db: TestDatabase;
  ses: LocalSes;
  startApi(env?: Record<string, string>): Promise<ApiProcess>;
  /** The same, and waits until it has asked SES how many mails a second it takes: until then it sends one. */
  startSender(env?: Record<string, string>): Promise<ApiProcess>;
  client(api: ApiProcess, socketsMax?: number): Client;
  /** Moves the rules' clock on: leases run out, codes die, and nobody waits for it. */
  skip(seconds: number): Promise<void>;
  /** A person of an address and a user that nobody used before. */
  person(name: string): Promise<Person>;
  end(): Promise<void>;
}>;

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const db = await createTestDatabase();
  const ses = await startSes(options.maxSendRate);
  const processes: ApiProcess[] = [];
  const clients: Client[] = [];
  let ahead = 0;
  const startApi: World['startApi'] = async (env = {}) => {
    const api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url, env: { ...options.env, ...env } });
    processes.push(api);
    return api;
  };
  return {
    db,
    ses,
    startApi,
    startSender: async (env) => {
      const api = await startApi(env);
      await sleep(RATE_KNOWN_MILLISECONDS);
      return api;
    },
    client: (api, socketsMax = 64) => {
      const client = createClient(api.url, socketsMax);
      clients.push(client);
      return client;
    },
    skip: async (seconds) => {
      ahead += seconds;
      await db.setClockAhead(ahead);
    },
    person: async (name) => ({ address: `${name}@example.com`, token: await tokenOf(crypto.randomUUID()) }),
    end: async () => {
      for (const client of clients) client.close();
      await Promise.all(processes.map((api) => api.kill('SIGKILL')));
      await ses.close();
      await db.drop();
    },
  };
}

type WorldOptions = Readonly<{ maxSendRate?: number; env?: Record<string, string> }>;

/** A test's work in a world of its own, which ends whatever happens. */
export const inWorld =
  (work: (world: World) => Promise<void>, options: WorldOptions = {}) =>
  async (): Promise<void> => {
    const world = await createWorld(options);
    try {
      await work(world);
    } finally {
      await world.end();
    }
  };
