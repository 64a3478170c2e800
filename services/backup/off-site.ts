/** The copy of the backups elsewhere: made by restic, thinned out, read now and then, and what is in it. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { BackupFailed, inMebibytes } from './dump.ts';
import { RESTIC_ENDS, type ResticOptions, runRestic } from './restic.ts';
import { ToolFailed } from './tool.ts';

/** By these our snapshots are known, in whichever container they were made. */
const OURS = ['--host', 'sealpost', '--tag', 'sealpost'];
const KEPT = ['--keep-daily', '30', '--keep-monthly', '12'];
const READ_EACH_WEEK = '5%';

const summary = z.object({
  message_type: z.literal('summary'),
  total_files_processed: z.int(),
  data_added: z.number(),
  snapshot_id: z.string(),
});

type CopyOptions = Omit<ResticOptions, 'scratch'> &
  Readonly<{
    sources: readonly string[];
    scratch: string;
    /** Also reads a part of what is there. */
    check: boolean;
    say(note: string): void;
  }>;

/** Makes a snapshot, then deletes old ones: never before there is a newer one. Throws ToolFailed or BackupFailed. */
export async function copyOffSite({ sources, scratch, check, say, ...how }: CopyOptions): Promise<void> {
  const there = sources.filter((source) => existsSync(source));
  if (there.length === 0) throw new BackupFailed(`Nothing to copy is there: neither of ${sources.join(', ')}.`);
  const run = (...args: readonly string[]): Promise<string> => runRestic(args, { ...how, scratch });
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  try {
    const isNew = await openRepository(run);
    // What a run that was killed has left.
    await run('unlock');
    say('copying');
    const made = await snapshot(run, there, [scratch, how.repository.at]);
    say('thinning out');
    await run('forget', ...OURS, '--group-by', 'host,tags', ...KEPT, '--prune');
    if (check) {
      say('reading a part');
      await run('check', `--read-data-subset=${READ_EACH_WEEK}`);
    }
    const [first, read] = [isNew ? 'new repository, ' : '', check ? `; ${READ_EACH_WEEK} read, all as written` : ''];
    const added = `${inMebibytes(made.data_added)} MiB added`;
    say(`${first}snapshot ${made.snapshot_id.slice(0, 8)}, ${made.total_files_processed} files, ${added}${read}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Run = (...args: readonly string[]) => Promise<string>;

const endedWith = (error: unknown, end: keyof typeof RESTIC_ENDS): boolean =>
  error instanceof ToolFailed && error.exitCode === RESTIC_ENDS[end];

/** Makes it where there is none; true then. */
async function openRepository(run: Run): Promise<boolean> {
  try {
    await run('cat', 'config');
    return false;
  } catch (error) {
    if (!endedWith(error, 'noRepository')) throw error;
    await run('init');
    return true;
  }
}

async function snapshot(
  run: Run,
  sources: readonly string[],
  excluded: readonly string[],
): Promise<z.infer<typeof summary>> {
  // A restore is rehearsed beside the WAL, and what is not whole has another name.
  const without = [...excluded, 'scratch', '*.part', '*.new'].flatMap((one) => ['--exclude', one]);
  const make = (): Promise<string> => run('backup', '--json', ...OURS, ...without, '--', ...sources);
  const text = await make().catch((error: unknown) => {
    // A file of WAL that has its last name meanwhile: the second time it is there by that.
    if (endedWith(error, 'incomplete')) return make();
    throw error;
  });
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  const parsed = summary.safeParse(parse(last));
  if (!parsed.success) throw new BackupFailed('restic did not say what it has copied.');
  return parsed.data;
}

const snapshots = z.array(
  z.object({ short_id: z.string(), time: z.iso.datetime({ offset: true }), paths: z.array(z.string()).default([]) }),
);

type Snapshot = Readonly<{ id: string; at: Date; sources: readonly string[] }>;

/** The newest of ours; undefined where there is none. Throws ToolFailed where the repository cannot be reached. */
export async function newestSnapshot(how: ResticOptions): Promise<Snapshot | undefined> {
  const text = await runRestic(
    ['snapshots', '--json', '--no-lock', '--latest', '1', ...OURS, '--group-by', 'host,tags'],
    how,
  );
  const parsed = snapshots.safeParse(groups(parse(text)));
  const newest = parsed.data?.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time))[0];
  return newest && { id: newest.short_id, at: new Date(newest.time), sources: newest.paths };
}

type FetchOptions = ResticOptions &
  Readonly<{
    /** Where each belongs: the place that it was copied from. */
    sources: readonly string[];
    /** This one goes into that folder instead. */
    beside: Readonly<{ source: string; folder: string }>;
  }>;

/** Brings the newest snapshot back, each source to its own place. Throws ToolFailed or BackupFailed. */
export async function fetchNewest({ sources, beside, ...how }: FetchOptions): Promise<Snapshot> {
  const newest = await newestSnapshot(how);
  if (!newest) throw new BackupFailed(`There is no snapshot of Sealpost's in ${how.repository.at}.`);
  const there = newest.sources.filter((source) => sources.includes(source));
  if (there.length === 0)
    throw new BackupFailed(`Snapshot ${newest.id} is of other folders: ${newest.sources.join(', ')}.`);
  for (const source of there) {
    const target = source === beside.source ? beside.folder : dirname(source);
    const what = ['--include', `/${basename(source)}`];
    await runRestic(['restore', `${newest.id}:${dirname(source)}`, '--target', target, ...what], how);
  }
  return { ...newest, sources: there };
}

/** With --group-by they come in groups. */
function groups(found: unknown): unknown {
  const grouped = z.array(z.object({ snapshots: z.array(z.unknown()) })).safeParse(found);
  return grouped.success ? grouped.data.flatMap((group) => group.snapshots) : found;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
