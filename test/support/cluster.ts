/** A throw-away PostgreSQL for one test run, fast because nothing in it is to survive; or the server of TEST_DATABASE_URL. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearLeftover } from '../../services/local/postgres/leftover.ts';
import { isOwned } from '../../services/local/postgres/lock.ts';
import { type EmbeddedPostgres, startPostgres } from '../../services/local/postgres/server.ts';

export type TestCluster = { url(database: string): string; stop(): Promise<void>; postgres: EmbeddedPostgres };

const prefix = 'sealpost-cluster-';
const youngMilliseconds = 60_000;
// No fsync: only a power cut would show it. Commits keep their meaning, since synchronous_commit stays on.
const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '300', shared_buffers: '256MB' };

/** Resolves when the server accepts connections; `stop` leaves neither a process nor a file. */
export async function startTestCluster(): Promise<TestCluster> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return useGiven(given);
  await sweep();
  const directory = mkdtempSync(join(tmpdir(), prefix));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    const postgres = await startPostgres({ dataDir: join(directory, 'postgres'), settings });
    return { url: postgres.url, postgres, stop: () => postgres.stop('immediate').finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

const stop = async (): Promise<void> => {};

function useGiven(given: string): TestCluster {
  const url = (database = 'postgres'): string => {
    const changed = new URL(given);
    changed.pathname = `/${database}`;
    return changed.href;
  };
  return { url, stop, postgres: { port: Number(new URL(given).port || 5432), pid: 0, url, stop } };
}

// A run that was killed leaves its server and 60 MB behind, under a name that no later run would use.
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    try {
      await discard(join(tmpdir(), name));
    } catch {
      // Another user's: not ours to clear.
    }
  }
}

async function discard(directory: string): Promise<void> {
  const dataDir = join(directory, 'postgres');
  // Young: perhaps a run beside this one that has not taken its lock yet.
  if (isOwned(dataDir) || Date.now() - statSync(directory).mtimeMs < youngMilliseconds) return;
  await clearLeftover(dataDir, { pgCtl: 'pg_ctl', stepMilliseconds: 5_000, log: () => {} });
  rmSync(directory, { recursive: true, force: true });
}
