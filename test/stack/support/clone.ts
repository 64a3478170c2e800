/** A fresh clone as an operator has it: what git knows or would add, in a folder of its own, with the given .env or none. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

export async function freshClone(env?: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sealpost-stack-'));
  const { stdout } = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root });
  for (const name of stdout.split('\0').filter(Boolean)) {
    await cp(join(root, name), join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      // Known to git and removed here.
      if (error.code !== 'ENOENT') throw error;
    });
  }
  if (env) {
    const lines = Object.entries(env).map(([name, value]) => `${name}='${value}'\n`);
    await writeFile(join(folder, '.env'), lines.join(''));
  }
  return folder;
}
