/**
 * The restore itself: a database made beside the one that serves, brought up to date, and put in its place. Until then the
 * old one serves, and at any failure it goes on.
 */
import { type Databases, keptName, restoringName } from '../../store/databases.ts';
import type { DatabaseOptions } from '../../store/database.ts';
import { countEventsAfter, countRows, endSessions, overwriteAccounts, raiseMarks } from '../../store/carry-over.ts';
import { vacuumTables } from '../../store/maintenance.ts';
import { migrate } from '../../store/migrate.ts';
import { openAddressesAfter } from '../../store/queries.ts';
import { rebuild } from '../../store/rebuild.ts';
import { errorInWords, PlainError } from '../../runtime/safe-error.ts';
import { inDatabase, urlOf } from '../admin-url.ts';
import { showCount } from '../progress.ts';
import type { Repeat } from './repeat.ts';
import { readCarriedOver } from './live.ts';
import { inDatabaseOf } from './owner.ts';
import type { Source } from './source.ts';

export type RestoreOptions = Readonly<{
  login: Pick<DatabaseOptions, 'url' | 'ssl'>;
  databases: Databases;
  /** The database that serves, or whose name the restored one gets. */
  name: string;
  /** What of it cannot be read is not carried over. */
  readable: boolean;
  repeat: Repeat;
  signal: AbortSignal;
  /** Told of each step that is done. */
  say(line: string): void;
  now: Date;
}>;

export type Restored = Readonly<{
  /** The name that the old one has now; undefined where there was none. */
  kept: string | undefined;
  /** Events of the old one that are not in the restored one, by type; undefined where it cannot be read. */
  lost: Readonly<Record<string, number>> | undefined;
}>;

/** Throws where nothing was changed, in words that say so. */
export async function restore(source: Source, options: RestoreOptions): Promise<Restored> {
  const { databases, name, now } = options;
  const [next, kept] = [restoringName(name), keptName(name, now)];
  const wasThere = await databases.exists(name);
  try {
    await prepare(source, next, options);
    options.signal.throwIfAborted();
    await swap(options, next, kept);
  } catch (error) {
    if (error instanceof SwapUnknown) throw error;
    await databases.drop(next).catch(() => {});
    const serves = wasThere ? `The database ${name} serves on` : `There is still no database ${name}`;
    const why = options.signal.aborted ? 'Interrupted.' : sentence(errorInWords(error));
    throw new PlainError(`${why} Nothing was changed. ${serves}.`, { cause: error });
  }
  return wasThere ? { kept, lost: await lookBack(source, kept, options) } : { kept: undefined, lost: undefined };
}

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

async function prepare(source: Source, next: string, options: RestoreOptions): Promise<void> {
  const { login, signal, say } = options;
  const target = inDatabase(login, next);
  await source.fill(next, signal);
  say(`Loaded into ${next}.`);
  if (source.facts.rows) say(await compareRows(target, source.name, source.facts.rows));
  for (const migration of await migrate(urlOf(target))) say(`Migrated: ${migration}.`);
  const replayed = showCount('addresses replayed');
  const found = await rebuild(urlOf(target), { check: false, onProgress: replayed.at });
  replayed.end();
  const differed = Object.values(found).reduce((sum, rows) => sum + rows, 0);
  say(`Rebuilt from the log: ${differed === 0 ? 'no row differed' : `${differed} rows differed and were put right`}.`);
  signal.throwIfAborted();
  await inDatabaseOf(target, async (sql) => {
    await vacuumTables(sql);
    // What follows takes seconds, so that little happens in the old one meanwhile; lookBack repeats what may have.
    const carried = options.readable ? await readCarriedOver(inDatabase(login, options.name)) : undefined;
    await raiseMarks(sql, carried?.marks ?? { epoch: 0, leaseToken: 0 });
    await overwriteAccounts(sql, carried?.accounts ?? []);
    const sessions = await endSessions(sql);
    const closed = await options.repeat.closeCodes(sql, openAddressesAfter);
    say(
      `Ended: the open codes of ${closed} addresses, ${sessions} sessions. Carried over: ${carried?.accounts.length ?? 0} accounts.`,
    );
  });
  say(await options.repeat.all(target, options.readable ? inDatabase(login, options.name) : undefined));
}

async function compareRows(
  target: RestoreOptions['login'],
  name: string,
  expected: Readonly<Record<string, number>>,
): Promise<string> {
  const found = await inDatabaseOf(target, (sql) => countRows(sql, Object.keys(expected)));
  const wrong = Object.keys(expected).filter((table) => found[table] !== expected[table]);
  if (wrong.length === 0) {
    const rows = Object.values(found).reduce((sum, n) => sum + n, 0);
    return `Compared with the backup: ${rows} rows in ${Object.keys(found).length} tables, as they were.`;
  }
  const told = wrong.map((table) => `${found[table] ?? 'no'} rows of ${table} in place of ${expected[table]}`);
  throw new PlainError(`${name} did not load whole: ${told.join(', ')}.`);
}

/** The server went away amid the swap, and nobody can say which of the two databases serves. */
class SwapUnknown extends PlainError {
  override readonly name = 'SwapUnknown';
}

/** A swap whose answer was lost may have happened. */
async function swap({ databases, name, say }: RestoreOptions, next: string, kept: string): Promise<void> {
  try {
    await databases.swap({ current: name, next, kept });
  } catch (error) {
    const isDone = await databases.exists(kept).catch(() => {
      const look = `where there is a database ${kept}, the restored one serves; else the old one does, and ${next} may be dropped`;
      throw new SwapUnknown(`PostgreSQL does not answer. Once it does, ${look}.`, { cause: error });
    });
    if (!isDone) throw error;
  }
  say(`Swapped: ${name} is the restored one.`);
}

/**
 * Repeats what was carried over, for what happened in the old one until its last moment, and counts what is lost. The restored
 * one serves by then: what cannot be done is told with what does it.
 */
async function lookBack(source: Source, kept: string, options: RestoreOptions): Promise<Restored['lost']> {
  if (!options.readable) return undefined;
  const old = inDatabase(options.login, kept);
  try {
    await options.repeat.all(inDatabase(options.login, options.name), old);
    return await inDatabaseOf(old, (sql) => countEventsAfter(sql, source.facts.position));
  } catch (error) {
    const why = sentence(errorInWords(error));
    options.say(`The last seconds of the old database could not be looked at: ${why} Run "sealpost erasures replay".`);
    return undefined;
  }
}
