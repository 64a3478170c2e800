/** Each command that a runbook names runs on the stack as it stands: nobody finds out at night that there is no such one. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { page } from '../support/pages.ts';
import { type Stack, startStack } from './support/stack.ts';

const run = promisify(execFile);

/** Of the machine and not of the stack, and what would ask. */
const ELSEWHERE = /^docker (?:image|system) /;
const NOT_KNOWN =
  /unknown (?:command|option|shorthand|flag)|no such (?:service|command)|is not a docker command|no job/i;

const { text } = page('prometheus/README.md');
const named = [...text.matchAll(/`((?:\.\/sealpost|docker) [^`]+)`/g)].map(([, command = '']) => command);
const commands = [...new Set(named)].filter((command) => !ELSEWHERE.test(command));

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

/** What it printed, and how it ended. What says that something is wrong ends with 1, and has run. */
async function ran(command: string): Promise<{ code: number; output: string }> {
  const options = { cwd: stack.folder, env: stack.environment, timeout: 200_000 };
  // Who is asked something has nobody to ask.
  return run('bash', ['-c', `${command} < /dev/null`], options).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, output: stdout + stderr }),
  );
}

describe('a command of the runbooks', () => {
  test('is one of many', () => expect(commands.length).toBeGreaterThan(25));

  test.each(commands)('%s runs', async (command) => {
    const { code, output } = await ran(command);
    expect(output).not.toMatch(NOT_KNOWN);
    expect([0, 1], output).toContain(code);
    if (command.startsWith('docker')) expect(code, output).toBe(0);
  });
});
