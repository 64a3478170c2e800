/** A copy of the work tree to put faults into, with a PostgreSQL of its own, and one run of one test in it. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestCluster } from '../support/cluster.ts';
import { prepareFolder, restoreImage, sweep, WORKSHOP_PREFIX } from './engine.ts';
import { type Mutant, mutate, needsStack } from './mutant.ts';

const root = join(import.meta.dirname, '../..');
const RUN_MILLISECONDS_MAX = 180_000;
/** Of a test that first builds an image and brings the stack up. */
const STACK_RUN_MILLISECONDS_MAX = 900_000;

/** `survived`: its test passed. `late`: no end within the time, which counts as noticed. `unfit`: it says nothing of the test. */
export type Verdict = Readonly<{ kind: 'killed' | 'late' | 'survived' | 'unfit'; detail: string }>;

export type Workshop = Readonly<{
  try(mutant: Mutant): Promise<Verdict>;
  /** Those whose test fails, or is not there, without any fault; and how. */
  baseline(mutants: readonly Mutant[]): Promise<ReadonlyMap<Mutant, string>>;
  close(): Promise<void>;
}>;

/** With `stack` its tests are those of test/stack: they have an engine, and no PostgreSQL of their own. */
export async function openWorkshop({ stack = false } = {}): Promise<Workshop> {
  if (stack) sweep();
  const directory = mkdtempSync(join(tmpdir(), WORKSHOP_PREFIX));
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  for (const name of execFileSync('git', listed, { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((one) => one !== '' && one !== 'node_modules')) {
    cpSync(join(root, name), join(directory, name), { force: true });
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  const cluster = stack ? undefined : await startTestCluster();
  const own = cluster ? { TEST_DATABASE_URL: cluster.url('postgres') } : prepareFolder(directory);
  const env = { ...process.env, ...own, CI: 'true' };

  return {
    try: attempt,
    baseline,
    close: async () => {
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
      const results = await run([mutant]);
      if (results === 'late') return { kind: 'late', detail: '' };
      return judge(results, mutant);
    } finally {
      writeFileSync(path, before);
    }
  }

  async function baseline(mutants: readonly Mutant[]): Promise<ReadonlyMap<Mutant, string>> {
    const results = await run(mutants);
    const told = mutants.map((mutant) => {
      const verdict: Verdict = results === 'late' ? { kind: 'late', detail: 'no end' } : judge(results, mutant);
      return [mutant, verdict] as const;
    });
    return new Map(
      told
        .filter(([, { kind }]) => kind !== 'survived')
        .map(([mutant, { detail }]) => [mutant, `without the fault: ${detail}`]),
    );
  }

  async function run(mutants: readonly Mutant[]): Promise<readonly Result[] | 'late'> {
    const report = join(directory, 'report.json');
    rmSync(report, { force: true });
    const config = mutants.some(needsStack) ? ['--config', 'test/stack/vitest.config.ts'] : [];
    const pattern = mutants.map(({ named }) => named.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|');
    const files = [...new Set(mutants.map(({ test }) => test))];
    const one = stack ? STACK_RUN_MILLISECONDS_MAX : RUN_MILLISECONDS_MAX;
    const bound = mutants.length === 1 ? one : one * 10;
    // What the stack's tests have started of Docker's must end with them.
    const group = { detached: stack };
    const options = { cwd: directory, env, timeout: bound, killSignal: 'SIGKILL' as const, maxBuffer: 1e9, ...group };
    const shape = ['--reporter=json', `--outputFile=${report}`, '--testNamePattern', pattern];
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const ended = await new Promise<Error | null>((resolve) => {
      const command = [vitest, 'run', ...config, ...files, ...shape];
      const child = execFile(process.execPath, command, options, (error) => {
        if (stack) endGroup(child.pid);
        resolve(error);
      });
    });
    if (stack) sweep();
    if (ended && 'killed' in ended && ended.killed) return 'late';
    return readReport(report, directory);
  }
}

function endGroup(pid: number | undefined): void {
  try {
    process.kill(-Number(pid), 'SIGKILL');
  } catch (error) {
    // It has ended, as it should.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

type Result = Readonly<{ file: string; name: string; status: string; message: string }>;

function readReport(path: string, directory: string): readonly Result[] {
  type Report = {
    testResults: {
      name: string;
      message: string;
      assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
    }[];
  };
  const text = orEmpty(() => readFileSync(path, 'utf8'));
  if (text === '') return [];
  return (JSON.parse(text) as Report).testResults.flatMap(({ name, message, assertionResults }) => {
    const file = name.replace(`${directory}/`, '');
    return [
      ...(message ? [{ file, name: '', status: 'failed', message }] : []),
      ...assertionResults.map(({ fullName, status, failureMessages }) => ({
        file,
        name: fullName,
        status,
        message: failureMessages.join('\n'),
      })),
    ];
  });
}

function judge(results: readonly Result[], { test, named }: Mutant): Verdict {
  const own = results.filter(({ file, name }) => file === test && name.includes(named));
  const ran = own.filter(({ status }) => status === 'passed' || status === 'failed');
  const failed = ran.find(({ status }) => status === 'failed');
  if (failed) return { kind: 'killed', detail: firstLine(failed.message) };
  if (ran.length > 0) return { kind: 'survived', detail: '' };
  const whole = results.find(({ file, name, status }) => file === test && name === '' && status === 'failed');
  return { kind: 'unfit', detail: whole ? `no test ran: ${firstLine(whole.message)}` : 'no test of that name ran' };
}

const firstLine = (text: string): string => text.split('\n')[0]?.slice(0, 200) ?? '';

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
