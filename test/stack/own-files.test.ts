/** Files of the operator's own for the monitoring: they win, git does not know them, and a reload sees what took their place. */
import { execFile } from 'node:child_process';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from './support/ask.ts';
import { type Edge, startEdge } from './support/edge-alone.ts';

const run = promisify(execFile);

const config = (receiver: string): string => `route: { receiver: ${receiver} }\nreceivers: [{ name: ${receiver} }]\n`;
const rules = (alert: string): string => `groups: [{ name: own, rules: [{ alert: ${alert}, expr: vector(1) }] }]\n`;

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({}, { 'own/alertmanager/alertmanager.yml': config('mine') });
  await edge.compose('up', '-d', '--wait', 'alertmanager', 'prometheus');
});
afterAll(() => edge?.stop());

/** As git and editors do: another file by the same name. */
async function replace(name: string, text: string): Promise<void> {
  const file = join(edge.folder, name);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

const told = async (port: number, path: string): Promise<string> =>
  (await ask({ port, host: `127.0.0.1:${port}`, path })).text;
const receivers = (): Promise<string> => told(9093, '/api/v2/receivers');
const reload = (): Promise<string> => edge.compose('kill', '--signal', 'HUP', 'prometheus', 'alertmanager');

test('without the setting the file is the one that is made of .env', async () => {
  expect(await receivers()).toContain('"name":"none"');
});

test('rules of one’s own are read by a reload', async () => {
  await replace('prometheus/own/mine.yml', rules('MineFires'));
  await reload();
  await expect.poll(() => told(9090, '/api/v1/rules'), { timeout: 10_000 }).toContain('MineFires');
});

test('a folder of one’s own wins, and a file that took the place of another there is read by a reload', async () => {
  const env = { ...process.env, COMPOSE_PROJECT_NAME: edge.project, ALERTMANAGER_FOLDER: './own/alertmanager' };
  const args = ['compose', '--progress', 'quiet', 'up', '-d', '--wait', '--no-deps', 'alertmanager'];
  await run('docker', args, { cwd: edge.folder, env });
  await expect.poll(receivers, { timeout: 10_000 }).toContain('"mine"');
  await replace('own/alertmanager/alertmanager.yml', config('changed'));
  await reload();
  await expect.poll(receivers, { timeout: 10_000 }).toContain('"changed"');
});

const git = (...args: readonly string[]) => run('git', args, { cwd: edge.folder });

test('git neither names nor removes what is the operator’s own', async () => {
  await git('init', '--quiet');
  await git('add', '--all');
  const { stdout } = await git('ls-files');
  expect(stdout).toContain('prometheus/prometheus.yml\n');
  for (const own of ['own/', 'prometheus/own/', '.env\n']) expect(stdout).not.toContain(own);
});
