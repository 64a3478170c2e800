/** A backup by pg_dump: under another name until it is whole, read while it is written, and then known by its manifest. */
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { build } from '../runtime/build.ts';
import { PlainError } from '../runtime/safe-error.ts';
import { writeWhole } from '../runtime/whole-file.ts';
import type { DatabaseOptions } from '../store/database.ts';
import { createDumpScan, type DumpContent } from './dump-scan.ts';
import { type Manifest, manifestOf, nameOfDump } from './manifest.ts';
import { libpqEnvironment, startTool, toolMajor, type ToolOptions, type ToolPlace } from './tool.ts';

/** A backup could not be made, read or trusted; the message says which file and why. */
export class BackupFailed extends PlainError {
  override readonly name = 'BackupFailed';
}

type Options = Readonly<{
  database: Pick<DatabaseOptions, 'url' | 'ssl'>;
  place: ToolPlace;
  folder: string;
  /** Ids of the installation's keys, newest first. */
  keys: readonly string[];
  /** Of the cluster, where that is known. */
  systemId?: string | undefined;
  signal: AbortSignal;
  /** Told now and then how far it is. */
  say(note: string): void;
  now?: Date;
}>;

const PART = '.part';
// Somebody's exclusive lock is waited for so long.
const ARGUMENTS = ['--no-owner', '--lock-wait-timeout=60s'];
/** It counts statements and holds nothing; where its files or the right to make it are missing, a restore would end at it. */
const WITHOUT_STATISTICS = { since: 17, argument: '--exclude-extension=pg_stat_statements' };

/** How pg_dump is asked, as far as the one on this machine knows it. */
export async function dumpArguments(place: ToolPlace): Promise<readonly string[]> {
  const { since, argument } = WITHOUT_STATISTICS;
  const knows = ((await toolMajor('pg_dump', place)) ?? 0) >= since;
  return knows ? [...ARGUMENTS, argument] : ARGUMENTS;
}

/** Makes one and resolves to its manifest. Throws ToolFailed or BackupFailed, and then nothing of it is left. */
export async function makeDump(options: Options): Promise<Manifest> {
  const { database, place, folder, keys, systemId, signal, say, now = new Date() } = options;
  const environment = libpqEnvironment(database, place);
  const file = freeName(folder, environment.PGDATABASE ?? '', now);
  const part = join(folder, `${file}${PART}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { content, bytes, sha256 } = await writeDump(part, { place, environment, signal }, say);
    const made = {
      format: 1 as const,
      file,
      bytes,
      sha256,
      made_at: now.toISOString(),
      ...(await factsOf(file, content)),
      keys: [...keys],
      ...(systemId !== undefined && { system_id: systemId }),
    };
    writeWhole(join(folder, manifestOf(file)), `${JSON.stringify(made, null, 2)}\n`);
    await rename(part, join(folder, file));
    await syncFolder(folder);
    return made;
  } catch (error) {
    await Promise.all([part, join(folder, manifestOf(file))].map((one) => rm(one, { force: true }).catch(() => {})));
    throw inWords(error, folder);
  }
}

/** A name holds seconds: of two in one second the second has the next. */
function freeName(folder: string, database: string, now: Date): string {
  const name = nameOfDump(database, now);
  return existsSync(join(folder, name)) ? freeName(folder, database, new Date(now.getTime() + 1000)) : name;
}

async function writeDump(part: string, how: ToolOptions, say: Options['say']) {
  const tool = startTool('pg_dump', await dumpArguments(how.place), how);
  const scan = createDumpScan();
  const hash = createHash('sha256');
  let [read, bytes] = [0, 0];
  const [written, ended] = await Promise.allSettled([
    pipeline(
      tool.stdout,
      through((chunk) => {
        scan.write(chunk);
        read += chunk.length;
        say(`${inMebibytes(read)} MiB read`);
      }),
      createGzip(),
      through((chunk) => {
        hash.update(chunk);
        bytes += chunk.length;
      }),
      createWriteStream(part, { mode: 0o600, flush: true }),
    ),
    tool.ended,
  ]);
  // Where the file cannot be written pg_dump ends too; where pg_dump never began there is nothing to write.
  if (written.status === 'rejected' && !isPremature(written.reason)) throw written.reason;
  if (ended.status === 'rejected') throw ended.reason;
  return { content: scan.end(), bytes, sha256: hash.digest('hex') };
}

const isPremature = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';

async function factsOf(file: string, { whole, server, schema, epoch, position, rows }: DumpContent) {
  if (!whole) throw new BackupFailed(`${file} is not whole: the end of the dump is missing.`);
  if (!schema || epoch === undefined) throw new BackupFailed(`${file} is not of a Sealpost: its tables are missing.`);
  const { version } = build();
  return { version, server, schema, epoch, position, rows };
}

/** Passes everything on and looks at it. */
export const through = (look: (chunk: Buffer) => void): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding: string, done: TransformCallback) {
      look(chunk);
      done(null, chunk);
    },
  });

export const inMebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

/** A rename is kept through a loss of power only once its folder is written. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function inWords(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof PlainError || code === undefined) return error;
  const why = code === 'ENOSPC' ? 'its disk is full' : code;
  return new BackupFailed(`The backup cannot be written to ${folder}: ${why}.`, { cause: error });
}
