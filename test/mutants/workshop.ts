/** A copy of the work tree to put faults into, with a PostgreSQL of its own, and a process beside it that runs its tests. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestCluster } from '../support/cluster.ts';
import type { Asked, Result } from './bench.ts';
import { prepareFolder, restoreImage, sweep, WORKSHOP_PREFIX } from './engine.ts';
import { type Mutant, mutate } from './mutant.ts';
import { judge, type Verdict } from './verdict.ts';

const root = join(import.meta.dirname, '../..');
const RUN_MILLISECONDS_MAX = 120_000;
/** Of a test that first builds an image and brings the stack up. */
const STACK_RUN_MILLISECONDS_MAX = 480_000;

export type Workshop = Readonly<{
  /** With the fault in, what its test says. */
  try(mutant: Mutant): Promise<Verdict>;
  /** Without it: `survived`, or the row proves nothing. */
  without(mutant: Mutant): Promise<Verdict>;
  close(): Promise<void>;
}>;

/** With `stack` its tests are those of test/stack: they have an engine, and no PostgreSQL of their own. */
export async function openWorkshop({ stack = false } = {}): Promise<Workshop> {
  if (stack) sweep();
  const directory = mkdtempSync(join(tmpdir(), WORKSHOP_PREFIX));
  copyTree(directory);
  const cluster = stack ? undefined : await startTestCluster();
  const own = cluster ? { TEST_DATABASE_URL: cluster.url('postgres') } : prepareFolder(directory);
  const env = { ...process.env, ...own, CI: 'true' };
  let bench: ChildProcess | undefined;

  return {
    try: attempt,
    without: async (mutant) => judge(await run(mutant), mutant),
    close: async () => {
      await clear();
      if (stack) restoreImage(directory);
      await cluster?.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };

  async function attempt(mutant: Mutant): Promise<Verdict> {
    const path = join(directory, mutant.file);
    const before = readFileSync(path, 'utf8');
    const changed = mutate(before, mutant);
    if ('wrong' in changed) return { kind: 'unfit', detail: changed.wrong };
    try {
      writeFileSync(path, changed.text);
      return judge(await run(mutant), mutant);
    } finally {
      writeFileSync(path, before);
      // What the process remembers of it, it remembers of the fault.
      if (mutant.file.startsWith('migrations/')) await clear();
    }
  }

  async function run({ file, test, named }: Mutant): Promise<readonly Result[] | 'late'> {
    // An image is built when vitest starts: each of the stack's faults has one of its own.
    if (stack) await clear();
    bench ??= await openBench();
    const over = new AbortController();
    const { signal } = over;
    const bound = stack ? STACK_RUN_MILLISECONDS_MAX : RUN_MILLISECONDS_MAX;
    const answered = once(bench, 'message', { signal }).then(([message]) => message as readonly Result[]);
    // It died: that says nothing of the test.
    const died = once(bench, 'exit', { signal }).then((): readonly Result[] => []);
    bench.send({ file, test, named } satisfies Asked);
    const results = await Promise.race([answered, died, sleep(bound, 'late' as const, { signal })]);
    over.abort();
    if (results === 'late' || bench.exitCode !== null || bench.signalCode !== null) await clear();
    return results;
  }

  async function openBench(): Promise<ChildProcess> {
    const config = stack ? ['test/stack/vitest.config.ts'] : [];
    // What the tests start ends with it, so it leads a group.
    const opened = fork(join(directory, 'test/mutants/bench.ts'), config, {
      cwd: directory,
      env,
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const died = once(opened, 'exit').then(([code]) => {
      throw new Error(`The process that runs the tests ended with ${code} before it was ready.`);
    });
    await Promise.race([once(opened, 'message'), died]);
    return opened;
  }

  async function clear(): Promise<void> {
    if (bench?.pid !== undefined) endGroup(bench.pid);
    bench = undefined;
    if (stack) sweep();
  }
}

function copyTree(directory: string): void {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const names = execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).split('\0');
  for (const name of names.filter((one) => one !== '' && one !== 'node_modules')) {
    cpSync(join(root, name), join(directory, name), { force: true });
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended, as it should.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
