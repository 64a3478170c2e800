/** A fresh clone as an operator has it: what git knows or would add, in a folder of its own, and files of the operator's. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

/** By path: .env, a web app, Caddy's options. */
export type Files = Readonly<Record<string, string>>;

export async function freshClone(files: Files = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sealpost-stack-'));
  const { stdout } = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root });
  for (const name of stdout.split('\0').filter(Boolean)) {
    await cp(join(root, name), join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      // Known to git and removed here.
      if (error.code !== 'ENOENT') throw error;
    });
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}
