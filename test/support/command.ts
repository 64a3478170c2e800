/** One of the operator's commands in this process: what it prints and how it ends, without a program's start. */
import { Command } from 'commander';
import { vi } from 'vitest';
import type { Environment } from '../../services/runtime/settings.ts';
import type { Ran } from './cli.ts';

type Add = (program: Command, environment: Environment) => void;

/** As `sealpost <args>` in this environment; a thrown error is its message on stderr and exit code 1. */
export async function runCommand(add: Add, args: readonly string[], environment: Environment): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const log = vi.spyOn(console, 'log').mockImplementation((text: unknown) => void (stdout += `${String(text)}\n`));
  const error = vi.spyOn(console, 'error').mockImplementation((text: unknown) => void (stderr += `${String(text)}\n`));
  // How far a long work is; nobody watches.
  const progress = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const program = new Command('sealpost').exitOverride();
    add(program, environment);
    // After its commands were added, which keep what the program had.
    for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) {
      command.exitOverride().configureOutput({ writeErr: (text) => void (stderr += text) });
    }
    await program.parseAsync(args, { from: 'user' });
    return { code: process.exitCode, stdout, stderr };
  } catch (thrown) {
    return { code: 1, stdout, stderr: `${stderr}${(thrown as Error).message}\n` };
  } finally {
    process.exitCode = before;
    log.mockRestore();
    error.mockRestore();
    progress.mockRestore();
  }
}
