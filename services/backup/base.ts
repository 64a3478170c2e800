/** Base backups by pg_basebackup: one is there whole, with a manifest of PostgreSQL's and one of ours, or not at all. */
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../runtime/whole-file.ts';
import type { DatabaseOptions } from '../store/database.ts';
import type { ClusterFacts } from '../store/wal.ts';
import { BackupFailed } from './dump.ts';
import { firstGap, listSegments, listSeries, segmentOf, type Series } from './series.ts';
import { libpqEnvironment, startTool, type ToolPlace } from './tool.ts';

const baseManifest = z.object({
  format: z.literal(1),
  /** When it ended: no moment before can be restored from it. */
  made_at: z.iso.datetime(),
  server: z.string(),
  schema: z.object({ number: z.int(), name: z.string() }),
  epoch: z.int(),
  keys: z.array(z.string()),
  /** The newest event when it began. */
  position: z.int(),
  /** The first segment of WAL that it needs. */
  segment: z.string(),
});

export type BaseManifest = Readonly<z.infer<typeof baseManifest>>;

/** `manifest` is undefined where it is not whole. */
export type Base = Readonly<{ name: string; folder: string; series: Series; manifest: BaseManifest | undefined }>;
export type WholeBase = Base & Readonly<{ manifest: BaseManifest }>;

const NAME = /^base_\d{8}_\d{6}$/;
const PART = '.part';
/** Of ours, beside its folder, in which PostgreSQL takes no file of others. */
export const manifestOf = (folder: string): string => `${folder}.json`;
/** PostgreSQL's own, with the SHA-256 of each file. */
const POSTGRES_MANIFEST = 'backup_manifest';

type Options = Readonly<{
  login: Pick<DatabaseOptions, 'url' | 'ssl'>;
  place: ToolPlace;
  series: Series;
  facts: ClusterFacts;
  keys: readonly string[];
  signal: AbortSignal;
  now?: Date;
}>;

/** Makes one. Throws ToolFailed or BackupFailed, and then nothing of it is left. */
export async function makeBase(options: Options): Promise<WholeBase> {
  const { login, place, series, facts, keys, signal, now = new Date() } = options;
  const stamp = now
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .replace('T', '_');
  const name = `base_${stamp}`;
  const folder = join(series.base, name);
  const part = `${folder}${PART}`;
  try {
    await mkdir(series.base, { recursive: true, mode: 0o700 });
    const tool = startTool(
      'pg_basebackup',
      [
        '--pgdata',
        part,
        '--format=tar',
        '--compress=gzip:1',
        '--wal-method=stream',
        '--checkpoint=fast',
        '--manifest-checksums=SHA256',
        '--no-password',
        '--label=sealpost',
      ],
      { place, environment: libpqEnvironment(login, place), signal },
    );
    tool.stdout.resume();
    await tool.ended;
    const manifest: BaseManifest = {
      format: 1,
      made_at: (options.now ?? new Date()).toISOString(),
      server: facts.server,
      schema: facts.schema,
      epoch: facts.epoch,
      keys: [...keys],
      position: facts.position,
      segment: await firstSegment(part),
    };
    writeWhole(manifestOf(folder), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(part, folder);
    return { name, folder, series, manifest };
  } catch (error) {
    for (const left of [part, manifestOf(folder)]) await rm(left, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

const walRanges = z.object({
  'WAL-Ranges': z.array(z.object({ Timeline: z.int(), 'Start-LSN': z.string() })).min(1),
});

async function firstSegment(folder: string): Promise<string> {
  const parsed = walRanges.safeParse(JSON.parse(await readFile(join(folder, POSTGRES_MANIFEST), 'utf8')));
  const [range] = parsed.success ? parsed.data['WAL-Ranges'] : [];
  if (!range) throw new BackupFailed(`${folder}/${POSTGRES_MANIFEST} does not say what WAL it needs.`);
  return segmentOf(range.Timeline, range['Start-LSN']);
}

/** Of all series, newest first. */
export async function listBases(folder: string): Promise<readonly Base[]> {
  const all = await Promise.all((await listSeries(folder)).map(basesOf));
  return all.flat().toSorted((a, b) => (a.name < b.name ? 1 : -1));
}

export async function basesOf(series: Series): Promise<readonly Base[]> {
  const names = await readdir(series.base).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new BackupFailed(`The folder ${series.base} cannot be read (${error.code}).`, { cause: error });
  });
  return Promise.all(
    names
      .filter((name) => NAME.test(name))
      .map(async (name) => {
        const folder = join(series.base, name);
        return { name, folder, series, manifest: await readBaseManifest(folder) };
      }),
  );
}

export const isWhole = (base: Base): base is WholeBase => base.manifest !== undefined;

async function readBaseManifest(folder: string): Promise<BaseManifest | undefined> {
  try {
    return baseManifest.safeParse(JSON.parse(await readFile(manifestOf(folder), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Reads it and the names of the WAL after it; resolves to what is wrong, a sentence each. Throws ToolFailed where pg_verifybackup is not there. */
export async function checkBase(
  { name, folder, series, manifest }: Base,
  place: ToolPlace,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!manifest) return [`${name} is damaged: ${name}.json is no manifest.`];
  const problems: string[] = [];
  const tool = startTool('pg_verifybackup', ['--no-parse-wal', '--quiet', folder], { place, environment: {}, signal });
  tool.stdout.resume();
  await tool.ended.catch((error: Error) => {
    if (signal.aborted || error.message.includes('is not on this machine')) throw error;
    problems.push(`${name} is damaged: ${error.message}`);
  });
  const gap = firstGap(await listSegments(series), manifest.segment);
  if (gap) problems.push(`The WAL after ${name} has a gap: ${gap} is missing.`);
  return problems;
}
