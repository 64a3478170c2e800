/** The operator's commands as child processes: what they print and how they end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { inherited } from './inherited.ts';

export type Ran = Readonly<{ code: number; stdout: string; stderr: string }>;

/** Runs `sealpost <args>` in this environment and no other; the data folder is one that is not there. */
export async function runCli(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const child = spawn(process.execPath, ['services/cli/main.ts', ...args], {
    env: { ...inherited(), SEALPOST_DATA: `${tmpdir()}/sealpost-no-such-folder`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}
