/** A restore that nobody needs, every night: what would be restored is restored beside, rebuilt, and compared with the live log. */
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { checkBase, isWhole, listBases } from '../../backup/base.ts';
import { BackupFailed } from '../../backup/dump.ts';
import { checkDump, latestOf, listDumps } from '../../backup/folder.ts';
import { loadDump } from '../../backup/load.ts';
import { emptyCluster, recover } from '../../backup/recovery.ts';
import type { Scratch } from '../../backup/scratch.ts';
import { startTool, type ToolPlace } from '../../backup/tool.ts';
import type { BackupOptions } from '../../config/backup.ts';
import type { WalOptions } from '../../config/wal.ts';
import { type DatabaseOptions, type Sql, withPool } from '../../store/database.ts';
import { readClusterFacts, readLogSum } from '../../store/wal.ts';
import type { JobServices } from '../job.ts';
import { parsePostgresUrl } from '../../store/postgres-url.ts';

type Services = Pick<JobServices, 'sql' | 'slowSql' | 'metrics' | 'signal' | 'say'>;

const SCRATCH = 'scratch';
const STATEMENT_MILLISECONDS = 3_600_000;
const CLI = join(import.meta.dirname, '../../cli/main.ts');

type WalConfig = Readonly<{ wal: WalOptions; place: ToolPlace; database: DatabaseOptions }>;

/** The newest base backup and all WAL after it. Returns how many events it had. Throws BackupFailed with what is wrong. */
export async function rehearseRestore(
  { wal: { folder }, place, database }: WalConfig,
  { sql, slowSql, metrics, signal, say }: Services,
): Promise<number> {
  const { systemId, position } = await readClusterFacts(sql);
  const started = performance.now();
  const base = (await listBases(folder)).filter(isWhole).find(({ series }) => series.systemId === systemId);
  if (!base) throw new BackupFailed(`There is no base backup in ${folder}.`);
  say(`reading ${base.name}`);
  const problems = await checkBase(base, place, signal);
  if (problems.length > 0) throw new BackupFailed(problems.join(' '));
  const scratch = await recover({ base, place, folder: join(folder, SCRATCH), until: undefined, signal, say });
  try {
    const login = scratch.login(parsePostgresUrl(database.url).database);
    await rebuildAndCompare(login, place, signal, say);
    const restored = await within(login, (one) => readLogSum(one, position));
    // Of the live log what was restored; beyond that is what would be lost.
    const [same, live] = [await readLogSum(slowSql, restored.position), await readLogSum(slowSql, position)];
    metrics.rehearsalSeconds.set({ kind: 'base' }, (performance.now() - started) / 1000);
    metrics.rehearsalLost.set(live.events - restored.events);
    if (same.sum !== restored.sum)
      throw new BackupFailed(`The log that ${base.name} and its WAL hold is not the live one.`);
    if (live.events > restored.events)
      throw new BackupFailed(
        `${base.name} and its WAL lack ${live.events - restored.events} of ${live.events} events.`,
      );
    say(`${base.name} and its WAL: ${restored.events} events, none lost, the tables match the log`);
    return restored.events;
  } finally {
    await scratch.close();
  }
}

/** The latest dump. Returns how many events it had. Throws BackupFailed or ToolFailed with what is wrong. */
export async function rehearseDump(
  { place, backup: { folder } }: Readonly<{ place: ToolPlace; backup: BackupOptions }>,
  { metrics, signal, say }: Pick<Services, 'metrics' | 'signal' | 'say'>,
): Promise<number> {
  const started = performance.now();
  const dump = latestOf(await listDumps(folder));
  if (!dump) throw new BackupFailed(`There is no whole backup in ${folder}.`);
  say(`reading ${dump.file}`);
  const problems = await checkDump(folder, dump, signal);
  if (problems.length > 0) throw new BackupFailed(problems.join(' '));
  const scratch = await emptyCluster({ place, folder: join(folder, SCRATCH), signal, say });
  try {
    await load(scratch, place, { folder, file: dump.file, signal, say });
    await rebuildAndCompare(scratch.login('postgres'), place, signal, say);
    const { rows, position } = dump.manifest;
    const restored = await within(scratch.login('postgres'), (one) => readLogSum(one, position));
    if (restored.events !== (rows.events ?? 0))
      throw new BackupFailed(`${dump.file} loads ${restored.events} events, and its manifest says ${rows.events}.`);
    metrics.rehearsalSeconds.set({ kind: 'dump' }, (performance.now() - started) / 1000);
    say(`${dump.file}: ${restored.events} events, the tables match the log`);
    return restored.events;
  } finally {
    await scratch.close();
  }
}

type Load = Readonly<{ folder: string; file: string; signal: AbortSignal; say(note: string): void }>;

/** Into its one database, where the role is that a dump grants to. */
async function load(scratch: Scratch, place: ToolPlace, { folder, file, signal, say }: Load): Promise<void> {
  const database = scratch.login('postgres');
  await within(database, (sql) => sql`create role sealpost_app nologin`);
  let read = 0;
  const onBytes = (bytes: number): void => {
    read += bytes;
    say(`loading ${file}, ${(read / 2 ** 20).toFixed(1)} MiB so far`);
  };
  await loadDump({ database, place, folder, file, signal, onBytes });
}

/** In a process of its own, since its connections hold transactions. */
async function rebuildAndCompare(
  { url }: Readonly<{ url: string }>,
  place: ToolPlace,
  signal: AbortSignal,
  say: Services['say'],
): Promise<void> {
  say('comparing the tables with the log');
  const environment = { DATABASE_URL: url, DATABASE_ADMIN_URL: url };
  const tool = startTool(process.execPath, [CLI, 'rebuild', '--check'], { place, environment, signal });
  const [told, ended] = await Promise.allSettled([text(tool.stdout), tool.ended]);
  if (ended.status === 'fulfilled') return;
  const words = told.status === 'fulfilled' ? told.value.trim().replaceAll('\n', '; ') : '';
  throw words.includes('differ')
    ? new BackupFailed(`What was restored is not what its log says: ${words}`)
    : ended.reason;
}

const within = <T>(login: Pick<DatabaseOptions, 'url' | 'ssl'>, work: (sql: Sql) => Promise<T>): Promise<T> =>
  withPool(
    {
      ...login,
      poolMax: 1,
      applicationName: 'sealpost-rehearsal',
      statementTimeoutMilliseconds: STATEMENT_MILLISECONDS,
    },
    work,
  );
