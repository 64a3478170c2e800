/**
 * Where base backups and WAL lie: a folder for each series, which is the WAL of one cluster without a gap, with the base backups
 * that it continues. `<system id>_<n>/wal` and `<system id>_<n>/base/<name>`.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import { writeWhole } from '../runtime/whole-file.ts';
import { BackupFailed } from './dump.ts';

export type Series = Readonly<{
  systemId: string;
  n: number;
  wal: string;
  base: string;
  /** How far the log went when somebody looked last: a file. */
  progress: string;
}>;

const NAME = /^(\d+)_(\d+)$/;

export function seriesAt(folder: string, systemId: string, n: number): Series {
  const at = join(folder, `${systemId}_${n}`);
  return { systemId, n, wal: join(at, 'wal'), base: join(at, 'base'), progress: join(at, 'progress.json') };
}

/** Oldest first of each cluster. Throws BackupFailed where the folder cannot be read. */
export async function listSeries(folder: string): Promise<readonly Series[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new BackupFailed(`The folder ${folder} cannot be read (${error.code}).`, { cause: error });
  });
  return names
    .flatMap((name) => {
      const [, systemId, n] = NAME.exec(name) ?? [];
      return systemId === undefined ? [] : [seriesAt(folder, systemId, Number(n))];
    })
    .toSorted((a, b) => a.n - b.n);
}

/** The one that this cluster's WAL goes to; its first where there is none yet. */
export async function currentSeries(folder: string, systemId: string): Promise<Series> {
  const own = (await listSeries(folder)).findLast((one) => one.systemId === systemId);
  return own ?? seriesAt(folder, systemId, 1);
}

const progress = z.object({ epoch: z.int(), position: z.int() });

/** How far a log goes: the epoch, which a restore counts up, then the newest event. */
export type Progress = Readonly<z.infer<typeof progress>>;

/** Above 0 where the first goes further. */
export const ahead = (a: Progress, b: Progress): number => a.epoch - b.epoch || a.position - b.position;

export function writeProgress(series: Series, { epoch, position }: Progress): void {
  writeWhole(series.progress, `${JSON.stringify({ epoch, position })}\n`);
}

/** Undefined where nobody looked. */
export async function readProgress(series: Series): Promise<Progress | undefined> {
  try {
    return progress.safeParse(JSON.parse(await readFile(series.progress, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** A file of WAL: whole, packed by us, or being received. */
const SEGMENT = /^([0-9A-F]{24})(\.gz|\.partial)?$/;

export type Segment = Readonly<{ name: string; file: string; kind: 'whole' | 'packed' | 'partial' }>;

/** In order; none where the folder is not there yet. */
export async function listSegments({ wal }: Series): Promise<readonly Segment[]> {
  const files = await readdir(wal).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new BackupFailed(`The folder ${wal} cannot be read (${error.code}).`, { cause: error });
  });
  return files
    .flatMap((file): readonly Segment[] => {
      const [, name, ending] = SEGMENT.exec(file) ?? [];
      if (name === undefined) return [];
      return [{ name, file, kind: ending === '.gz' ? 'packed' : ending === '.partial' ? 'partial' : 'whole' }];
    })
    .toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

/** Until when there is WAL: the newest file's time. */
export async function receivedUntil(series: Series): Promise<Date | undefined> {
  const last = (await listSegments(series)).at(-1);
  return last && (await stat(join(series.wal, last.file))).mtime;
}

const SEGMENTS_OF_A_LOG = 256n;

/** Its place among all of its timeline: each follows the one before by one (16 MiB each, as initdb makes them). */
const placeOf = (name: string): bigint =>
  BigInt(`0x${name.slice(8, 16)}`) * SEGMENTS_OF_A_LOG + BigInt(`0x${name.slice(16)}`);

/** The first segment that is missing after this one, which must be there itself; undefined where none is. */
export function firstGap(segments: readonly Segment[], from: string): string | undefined {
  const there = new Set(segments.map(({ name }) => name));
  const places = [...there].filter((name) => name.slice(0, 8) === from.slice(0, 8)).map(placeOf);
  const last = places.reduce((most, place) => (place > most ? place : most), placeOf(from));
  for (let place = placeOf(from); place <= last; place++) {
    const name = nameAt(from.slice(0, 8), place);
    if (!there.has(name)) return name;
  }
  return undefined;
}

const hex = (value: bigint): string => value.toString(16).toUpperCase().padStart(8, '0');

function nameAt(timeline: string, place: bigint): string {
  return `${timeline}${hex(place / SEGMENTS_OF_A_LOG)}${hex(place % SEGMENTS_OF_A_LOG)}`;
}

/** The segment that holds a position in the WAL, such as 0/3000028. */
export function segmentOf(timeline: number, lsn: string): string {
  const [high = '0', low = '0'] = lsn.split('/');
  const place = BigInt(`0x${high}`) * SEGMENTS_OF_A_LOG + (BigInt(`0x${low}`) >> 24n);
  return nameAt(hex(BigInt(timeline)), place);
}

/** Packs what is whole, but for the newest, which the receiver may still look at. Resolves to how many. */
export async function packSegments(series: Series, signal: AbortSignal): Promise<number> {
  const whole = (await listSegments(series)).filter(({ kind }) => kind === 'whole').slice(0, -1);
  for (const segment of whole) {
    if (signal.aborted) break;
    await pack(series, segment);
  }
  return whole.length;
}

async function pack({ wal }: Series, { file }: Segment): Promise<void> {
  const [from, to] = [join(wal, file), join(wal, `${file}.gz`)];
  await pipeline(
    createReadStream(from),
    createGzip({ level: 1 }),
    createWriteStream(`${to}.part`, { mode: 0o600, flush: true }),
  );
  await rename(`${to}.part`, to);
  await rm(from);
}
