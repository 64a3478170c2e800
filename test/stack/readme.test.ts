/** The documents are true of the stack: from a fresh clone with nothing edited, each of their commands for it does what it shows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chapters } from '../../services/config/all.ts';
import { matching, needsStack, pages, shape } from '../support/pages.ts';
import { freshClone } from './support/clone.ts';
import { leftovers } from './support/stack.ts';

const UP_MILLISECONDS_MAX = 60_000;

/** What compose.yaml mounts where a setting names no file; no program looks at it. */
const NOTHING = './compose.modes.yaml';

const project = 'sealpost-readme';
const [UP, DOWN] = ['docker compose up -d --wait', 'docker compose down -v'];
const stackBlocks = pages.flatMap(({ blocks }) => blocks.filter(needsStack));

let folder: string;
beforeAll(async () => {
  folder = await freshClone();
});
afterAll(async () => {
  await sh(DOWN);
  await rm(folder, { recursive: true, force: true });
});

/** Runs the commands as a reader's terminal in the clone would; throws with what they printed when one fails. */
async function sh(command: string): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_HOST: process.env.DOCKER_HOST };
  const child = spawn('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: folder,
    env: { ...env, COMPOSE_PROJECT_NAME: project },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${command}\nended with ${code}:\n${output.stdout}\n${output.stderr}`);
  return output.stdout.trim();
}

describe('the documents of the stack', () => {
  test('begin with the one command, which ends healthy within a minute, and name once the one that deletes all', async () => {
    expect(stackBlocks.at(0)?.command).toBe(UP);
    expect(stackBlocks.filter(({ command }) => command === DOWN)).toHaveLength(1);
    const started = performance.now();
    await sh(UP);
    expect(performance.now() - started).toBeLessThan(UP_MILLISECONDS_MAX);
  });

  test('each command runs and answers what is shown: an address is verified by https, with a code out of a mail', async () => {
    const between = stackBlocks.filter(({ command }) => command !== DOWN);
    expect(between.length).toBeGreaterThan(12);
    for (const { command, shown, language } of between) {
      const output = await sh(command);
      const lines = shown.split('\n').filter(Boolean);
      if (language === 'json') expect(output.split('\n').map(shape), command).toEqual(lines.map(shape));
      if (command.includes('--scale api=3')) expect(await sh('docker compose ps --quiet api | wc -l')).toBe('3');
      if (language === 'text') expect(output, command).toMatch(matching(shown));
    }
  });

  test('the last one leaves nothing', async () => {
    expect(await leftovers(project)).not.toBe('');
    await sh(DOWN);
    expect(await leftovers(project)).toBe('');
  });

  test('their table and the settings are all that the compose files ask for, with the defaults that hold', async () => {
    const files = ['compose.yaml', 'compose.modes.yaml'].map((name) => readFile(join(folder, name), 'utf8'));
    const text = (await Promise.all(files)).join('\n');
    const lines = pages.flatMap(({ text: markdown }) => markdown.split('\n'));
    const settings = new Set(Object.values(chapters).flatMap((table) => Object.keys(table)));
    for (const [, name = '', fallback = ''] of text.matchAll(/\$\{([A-Z_0-9]+)(?::-([^$}]*)(?=\}))?/g)) {
      const row = lines.find((line) => line.startsWith('| `') && line.split(' | ')[0]?.includes(`\`${name}\``));
      expect(row, name).toBeDefined();
      const isDefault = fallback !== '' && fallback !== NOTHING;
      if (!settings.has(name) && isDefault) expect(row, name).toContain(`\`${fallback}\``);
    }
  });
});
