/** The alerts as the Prometheus of the stack reads them: each fires when it should and stays silent when it should (promtool test rules). */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ruleFiles } from '../rules/files.ts';
import { panelsFile } from '../rules/panels.ts';
import { promtoolFiles } from '../rules/promtool.ts';
import { compose } from '../support/stack-files.ts';

const run = promisify(execFile);
const files = promtoolFiles('/etc/prometheus/rules');
const ruleFilesInside = ruleFiles.map((name) => `/etc/prometheus/rules/${name}`);
const clone = join(import.meta.dirname, '../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealpost-rules-'));
  await writeFile(join(folder, 'panels.json'), panelsFile());
  await Promise.all([...files].map(([name, text]) => writeFile(join(folder, name), text)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** By the image of the stack, which reads nothing but these two folders. */
async function promtool(...words: readonly string[]): Promise<string> {
  const mounts = ['-v', `${clone}/prometheus:/etc/prometheus:ro`, '-v', `${folder}:/cases:ro`];
  const { image } = compose.services.prometheus as { image: string };
  const docker = ['run', '--rm', '--network', 'none', '--user', '0:0', ...mounts, '--entrypoint', 'promtool', image];
  const { stdout } = await run('docker', [...docker, ...words]);
  return stdout;
}

test('every rule can be read', async () => {
  expect(await promtool('check', 'rules', '--lint=all', '--lint-fatal', ...ruleFilesInside)).not.toContain('FAILED');
});

test.each([...files.keys()])('each alert of %s fires when it should, and does not when it should not', async (name) => {
  expect(await promtool('test', 'rules', `/cases/${name}`)).toContain('SUCCESS');
});

test('a panel says what is, and "Not known" where nobody measures it any more', async () => {
  expect(await promtool('test', 'rules', '/cases/panels.json')).toContain('SUCCESS');
});
