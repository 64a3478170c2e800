/** The command line as a whole: its version, its help in groups, and that every example is a command. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const sealpost = async (...args: string[]) =>
  (await run(process.execPath, [join(root, 'services/cli/sealpost.js'), ...args], { cwd: root })).stdout;

test('it says its version, which is that of the package', async () => {
  const { version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
    bin: Record<string, string>;
  };
  expect(bin).toEqual({ sealpost: 'services/cli/sealpost.js' });
  expect(await sealpost('--version')).toMatch(new RegExp(`^${version}(?: \\([0-9a-f]{12}\\))?\\n$`));
  expect(await sealpost('-V')).toBe(await sealpost('--version'));
});

test('its help has the commands in groups, each in one of them, and examples that are commands', async () => {
  const help = await sealpost('--help');
  const [, options = '', ...groups] = help.split(/^(?=\S.*:$)/m);
  expect(options).toContain('--version');
  expect(groups.map((group) => group.split('\n')[0])).toEqual([
    'Look after it:',
    'Set it up:',
    'People and tokens:',
    'Keep and restore it:',
    'Commands:',
    'Examples:',
  ]);
  const named = groups.slice(0, -1).flatMap((group) => [...group.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name));
  expect(new Set(named).size).toBe(named.length);
  expect(named.length).toBeGreaterThan(20);
  for (const [, example = ''] of (groups.at(-1) ?? '').matchAll(/^ {2}sealpost ([a-z]+)/gm))
    expect(named).toContain(example);
});

test('what is no command is told with what is near, and ends with 1', async () => {
  const failed = sealpost('statu');
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/unknown command 'statu'[^]*status/),
  });
});
