/** Loads a backup, or another database, into an empty one with psql. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { DatabaseOptions } from '../store/database.ts';
import { dumpArguments, through } from './dump.ts';
import { libpqEnvironment, startTool, type Tool, type ToolPlace } from './tool.ts';

type Options = Readonly<{
  /** The empty one, as its owner. */
  database: Pick<DatabaseOptions, 'url' | 'ssl'>;
  place: ToolPlace;
  folder: string;
  file: string;
  signal: AbortSignal;
  /** Told how many bytes of the file were read since it was told last. */
  onBytes(bytes: number): void;
}>;

// One transaction, no settings of whoever runs it, the first error ends it; of a row no value is told.
const ARGUMENTS = ['-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=terse', '-f', '-'];

function startPsql({ database, place, signal }: Pick<Options, 'database' | 'place' | 'signal'>): Tool {
  const environment = libpqEnvironment(database, place);
  const tool = startTool('psql', ARGUMENTS, { place, environment, signal, input: true });
  tool.stdout.resume();
  return tool;
}

/** Resolves once all is committed. Where it throws, nobody knows what is in the database: it is to be dropped. */
export async function loadDump({ database, place, folder, file, signal, onBytes }: Options): Promise<void> {
  const tool = startPsql({ database, place, signal });
  const [read, ended] = await Promise.allSettled([
    pipeline(
      createReadStream(join(folder, file)),
      through((chunk) => onBytes(chunk.length)),
      createGunzip(),
      tool.stdin,
      { signal },
    ),
    tool.ended,
  ]);
  // Where psql ended early the pipe broke because of that.
  if (ended.status === 'rejected') throw ended.reason;
  if (read.status === 'rejected') throw read.reason;
}

type Copy = Readonly<{
  from: Options['database'];
  database: Options['database'];
  place: ToolPlace;
  signal: AbortSignal;
}>;

/** The same of another database as it is now, by pg_dump. */
export async function copyDatabase({ from, database, place, signal }: Copy): Promise<void> {
  const dump = startTool('pg_dump', await dumpArguments(place), {
    place,
    environment: libpqEnvironment(from, place),
    signal,
  });
  const load = startPsql({ database, place, signal });
  const [piped, dumped, loaded] = await Promise.allSettled([
    pipeline(dump.stdout, load.stdin, { signal }),
    dump.ended,
    load.ended,
  ]);
  for (const one of [loaded, dumped, piped]) if (one.status === 'rejected') throw one.reason;
}
