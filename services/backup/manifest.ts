/** What is known of a backup: a small file beside it, written last, so that a backup without one is none. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({
  format: z.literal(1),
  /** Of the backup, in the same folder. */
  file: z.string(),
  bytes: z.int(),
  /** Of its bytes as they lie there. */
  sha256: z.string(),
  made_at: z.iso.datetime(),
  /** Sealpost's version and PostgreSQL's. */
  version: z.string(),
  server: z.string(),
  /** The newest migration. */
  schema: z.object({ number: z.int(), name: z.string() }),
  epoch: z.int(),
  /** Ids of the keys that codes and hashes were made with, newest first; empty where nobody said. */
  keys: z.array(z.string()).default([]),
  /** Of the cluster that it was made of, where that is known. */
  system_id: z.string().optional(),
  /** The newest event. */
  position: z.int(),
  rows: z.record(z.string(), z.int()),
});

export type Manifest = Readonly<z.infer<typeof manifest>>;

export const manifestOf = (file: string): string => `${file}.json`;

/** Undefined where there is none. */
export async function readManifest(folder: string, file: string): Promise<Manifest | 'damaged' | undefined> {
  try {
    const parsed = manifest.safeParse(JSON.parse(await readFile(join(folder, manifestOf(file)), 'utf8')));
    return parsed.success ? parsed.data : 'damaged';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'damaged';
  }
}

const NAME = /^(.+)_backup_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)\.sql\.gz$/;

/** The guide's: <database>_backup_YYYYmmdd_HHMMSS.sql.gz, in UTC. */
export function nameOfDump(database: string, at: Date): string {
  const stamp = at
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .replace('T', '_');
  return `${database}_backup_${stamp}.sql.gz`;
}

/** When a file of that name was made; undefined where its name is another. */
export function timeOfDump(file: string): Date | undefined {
  const match = NAME.exec(file);
  if (!match) return undefined;
  const [, , year, month, day, hour, minute, second] = match;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
