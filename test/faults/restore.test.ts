/** A restore under load: requests wait or are told to come again, none fails otherwise, and each acknowledged one is in one of the two databases. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { describe, expect, test } from 'vitest';
import { addRestore } from '../../services/cli/restore/command.ts';
import { JWT_SECRET } from '../support/api.ts';
import { runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';
import { type Reply, sendOtp } from '../support/load.ts';
import { backUpTestDatabase, pathWithPsql } from '../support/loadable-dump.ts';
import { inWorld, type World } from './world.ts';

const PEOPLE_AT_ONCE = 6;
const PAUSE_MILLISECONDS = 20;
/** From the end of the restore until everybody is served. */
const BACK_MILLISECONDS_MAX = 5000;

type Answered = Readonly<{ address: string; reply: Reply }>;

/** People who ask for a first code one after the other, a new one each time. */
function startLoad(world: World, api: Parameters<World['client']>[0]) {
  const client = world.client(api);
  const history: Answered[] = [];
  const stopping = new AbortController();
  let n = 0;
  const one = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const { address, token } = await world.person(`person${n++}`);
      history.push({ address, reply: await client.ask(sendOtp(token, address)) });
      await sleep(PAUSE_MILLISECONDS);
    }
  };
  const all = Promise.all(Array.from({ length: PEOPLE_AT_ONCE }, one));
  return {
    history,
    stop: async () => {
      stopping.abort();
      await all;
    },
  };
}

const acknowledged = (history: readonly Answered[]): readonly string[] =>
  history.flatMap(({ address, reply }) => (reply.status === 200 ? [address] : []));

async function askedFor(url: string): Promise<ReadonlySet<string>> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const rows = await sql<{ id: string }[]>`select stream_id as id from events where type = 'requested'`;
  await sql.end();
  return new Set(rows.map(({ id }) => id));
}

function named(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

describe('a restore beside an api under load', () => {
  test(
    'fails no request but with 503, and loses nothing that was acknowledged: it is in the restored database or in the kept one',
    inWorld(async (world) => {
      const { db } = world;
      const load = startLoad(world, await world.startSender());
      await sleep(1500);
      const folder = temporaryFolder();
      const before = acknowledged(load.history);
      await backUpTestDatabase(db, folder, { keys: [] });
      await sleep(1500);
      const environment = {
        PATH: pathWithPsql(),
        DATABASE_URL: db.url,
        DATABASE_ADMIN_URL: db.ownerUrl,
        BACKUP_DIR: folder,
        JWT_SECRET,
      };
      const { code, stdout, stderr } = await runCommand(addRestore, ['restore', 'latest', '--yes'], environment);
      expect([code, stderr]).toEqual([0, '']);
      const restoredAt = performance.now();
      const servedSince = () =>
        load.history.filter(({ reply }) => reply.status === 200 && reply.startedAt > restoredAt);
      await expect.poll(() => servedSince().length, { timeout: BACK_MILLISECONDS_MAX }).toBeGreaterThan(20);
      await load.stop();
      const kept = /The old database is (\S+);/.exec(stdout)?.[1] ?? '';
      try {
        const [now, old] = [await askedFor(db.ownerUrl), await askedFor(named(db.ownerUrl, kept))];
        const statuses = new Set(load.history.map(({ reply }) => reply.status));
        expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
        const all = acknowledged(load.history);
        expect(all.filter((address) => !now.has(address) && !old.has(address))).toEqual([]);
        expect(before.length).toBeGreaterThan(10);
        expect(before.filter((address) => !now.has(address))).toEqual([]);
        expect(servedSince().filter(({ address }) => !now.has(address))).toEqual([]);
        expect(all.length).toBeGreaterThan(before.length + 20);
      } finally {
        const admin = postgres(named(db.ownerUrl, 'postgres'), { max: 1, onnotice: () => {} });
        await admin.unsafe(`drop database "${kept}"`);
        await admin.end();
      }
    }),
    60_000,
  );
});
