/** The folder of backups: which are there, whether they are what was written, and which are old enough to go. */
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BackupFailed, through } from './dump.ts';
import { createDumpScan, type DumpContent } from './dump-scan.ts';
import { type Manifest, manifestOf, readManifest, timeOfDump } from './manifest.ts';

export type ListedDump = Readonly<{
  file: string;
  madeAt: Date;
  bytes: number;
  /** Undefined where it has none: nobody knows then what should stand in it. */
  manifest: Manifest | 'damaged' | undefined;
}>;

export type WholeDump = Omit<ListedDump, 'manifest'> & Readonly<{ manifest: Manifest }>;

/** With a manifest, which is written last: all of it was there. */
export const isGood = (dump: ListedDump): dump is WholeDump => typeof dump.manifest === 'object';

/**
 * The one that goes furthest, which is not always the newest: in a database that was made anew the log begins anew, and so does
 * what is backed up of it. A restore counts the epoch up, so what was backed up after it is later, however far it goes.
 */
export function latestOf(dumps: readonly ListedDump[]): WholeDump | undefined {
  return dumps.filter(isGood).toSorted((a, b) => {
    const [left, right] = [a.manifest, b.manifest];
    return right.epoch - left.epoch || right.position - left.position || b.madeAt.getTime() - a.madeAt.getTime();
  })[0];
}

const DAY_MILLISECONDS = 86_400_000;
/** What a run that went away has left behind. */
const LEFT_BEHIND = /\.sql\.gz(?:\.json)?\.(?:part|new)$/;

/** Newest first. Throws BackupFailed where the folder cannot be read. */
export async function listDumps(folder: string): Promise<readonly ListedDump[]> {
  const names = await namesIn(folder);
  const dumps = names.flatMap((file) => {
    const madeAt = timeOfDump(file);
    return madeAt ? [{ file, madeAt }] : [];
  });
  const listed = await Promise.all(
    dumps.map(async ({ file, madeAt }) => {
      const [facts, manifest] = await Promise.all([factsOf(join(folder, file)), readManifest(folder, file)]);
      return facts ? [{ file, madeAt, bytes: facts.size, manifest }] : [];
    }),
  );
  return listed.flat().toSorted((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
}

/** Undefined for a file that has gone meanwhile. */
async function factsOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new BackupFailed(`${file} cannot be looked at (${code}).`, { cause: error });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new BackupFailed(`The folder ${folder} cannot be read (${code}).`, { cause: error });
  }
}

/**
 * Reads a backup from end to end; resolves to what is wrong with it, a sentence each, and nothing where all is well. Of one
 * without a manifest nobody knows what should stand in it: it must unpack and be whole.
 */
export async function checkDump(
  folder: string,
  { file, manifest }: ListedDump,
  signal: AbortSignal,
  onBytes: (bytes: number) => void = () => {},
): Promise<readonly string[]> {
  if (manifest === 'damaged') return [`${manifestOf(file)} is damaged: it is no manifest.`];
  const hash = createHash('sha256');
  const scan = createDumpScan();
  try {
    await pipeline(
      createReadStream(join(folder, file)),
      through((chunk) => {
        hash.update(chunk);
        onBytes(chunk.length);
      }),
      createGunzip(),
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          scan.write(chunk);
          done();
        },
      }),
      { signal },
    );
  } catch (error) {
    if (signal.aborted) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return [`${file} ${code.startsWith('Z_') ? 'is damaged: it cannot be unpacked' : `cannot be read (${code})`}.`];
  }
  if (manifest && hash.digest('hex') !== manifest.sha256) {
    return [`${file} is damaged: its SHA-256 is not the one in its manifest.`];
  }
  const found = scan.end();
  if (!found.whole) return [`${file} is not whole: the end of the dump is missing.`];
  return manifest ? differences(file, found, manifest) : [];
}

function differences(file: string, found: DumpContent, manifest: Manifest): readonly string[] {
  const tables = new Set([...Object.keys(found.rows), ...Object.keys(manifest.rows)]);
  const wrong = [...tables].filter((table) => found.rows[table] !== manifest.rows[table]);
  return [
    ...wrong.map(
      (table) =>
        `${file} has ${found.rows[table] ?? 'no'} rows of ${table}, and its manifest ${manifest.rows[table] ?? 'none'}.`,
    ),
    ...(found.position === manifest.position
      ? []
      : [`${file} ends at event ${found.position}, its manifest at ${manifest.position}.`]),
  ];
}

/**
 * Deletes backups of more than so many days, and what dead runs left; never the newest that has a manifest, nor the one that
 * goes furthest. Resolves to the names that went.
 */
export async function forgetOldDumps(
  folder: string,
  days: number,
  now: number = Date.now(),
): Promise<readonly string[]> {
  const dumps = await listDumps(folder);
  const stays = new Set([dumps.find(isGood)?.file, latestOf(dumps)?.file]);
  const old = dumps.filter((one) => !stays.has(one.file) && now - one.madeAt.getTime() > days * DAY_MILLISECONDS);
  for (const { file } of old) {
    // The manifest first: what is half gone must not be listed as good.
    await rm(join(folder, manifestOf(file)), { force: true });
    await rm(join(folder, file), { force: true });
  }
  const left = await leftBehind(folder, now);
  for (const file of left) await rm(join(folder, file), { force: true });
  return [...old.map(({ file }) => file), ...left];
}

// A run is over within a day, by its deadline.
async function leftBehind(folder: string, now: number): Promise<readonly string[]> {
  const names = (await namesIn(folder)).filter((name) => LEFT_BEHIND.test(name));
  const ages = await Promise.all(names.map(async (name) => ({ name, facts: await factsOf(join(folder, name)) })));
  return ages.filter(({ facts }) => facts && now - facts.mtimeMs > DAY_MILLISECONDS).map(({ name }) => name);
}
