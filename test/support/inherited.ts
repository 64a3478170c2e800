/** What every process of a test inherits of this one's environment, and where Node keeps what it compiled. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Node's compile cache: a process then starts with a third of the work. Keyed by the content of each file. */
export const compileCache = join(root, 'node_modules/.cache/node-compile');

export const inherited = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  NODE_COMPILE_CACHE: compileCache,
});

const programs = ['api/start', 'scheduler/start', 'cli/doctor', 'local/start'];

/** Loads the programs once, without starting any, since one that is killed later leaves nothing in the cache. */
export async function fillCompileCache(): Promise<void> {
  const script = programs.map((name) => `await import('./services/${name}.ts');`).join('\n');
  const args = ['--input-type=module', '--eval', `${script}\nprocess.exit()`];
  await once(spawn(process.execPath, args, { cwd: root, env: inherited(), stdio: 'ignore' }), 'exit');
}
