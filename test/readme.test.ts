/** The README is true: every command in it runs, what it shows is what comes, and its table is the code's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guideUses } from '../services/config/guide.ts';
import { settingsAsEnvironmentFile, settingsAsMarkdown } from '../services/config/all.ts';
import type { TestDatabase } from './support/database.ts';
import { createGuideDatabase } from './support/guide-tables.ts';
import { localEnvironment, type Started, startLocalProcess } from './support/local.ts';
import { blocks, needsStack, readme, shape } from './support/readme.ts';

const root = join(import.meta.dirname, '..');
/** These two are what runs this test and what it starts itself; CI runs them on a clean clone. */
const twoCommands = ['npm ci && npm start', 'npm ci && npm test'];

let folder: string;
let started: Started;
/** Stands for the database of the guide's system. */
let guide: TestDatabase;
// As it is once it is ready: what it logs later, such as a slow request, is no part of it.
let welcome: string;
beforeAll(async () => {
  guide = await createGuideDatabase();
  await guide.owner.unsafe(`
    insert into user_email_addresses (user_id, email_address, is_verified, verified_at)
    values (gen_random_uuid(), 'old@example.com', true, now());
    insert into email_otp_verifications (user_id, email, otp, expires_at)
    values (gen_random_uuid(), 'old@example.com', '000000', now());
  `);
  folder = await mkdtemp(join(tmpdir(), 'sealpost-readme-'));
  started = await startLocalProcess(await localEnvironment(join(folder, 'data')));
  welcome = started.output();
});
afterAll(async () => {
  await started?.stop('SIGINT');
  await guide?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** `…` in a shown text stands for what differs from machine to machine, within its line. */
const matching = (shown: string): RegExp => new RegExp(`^${shown.split('…').map(RegExp.escape).join('.+')}$`);

/** Runs the blocks one after the other in one shell, as a reader's terminal would, and gives each one's output. */
async function runAll(commands: readonly string[]): Promise<readonly string[]> {
  const { PORT = '', MAILBOX_PORT = '', METRICS_PORT = '' } = started.environment;
  const mark = '--- the next block ---';
  const script = commands
    .join(`\necho; echo '${mark}'\n`)
    .replaceAll(':3001', `:${PORT}`)
    .replaceAll(':8005', `:${MAILBOX_PORT}`)
    .replaceAll(':9464', `:${METRICS_PORT}`)
    .replaceAll(/postgres:\/\/request_app:its-password@\S+/g, guide.ownerUrl);
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env: started.environment });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // Progress and complaints: told when something fails, and no part of the answer.
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`a command of the README ended with ${code}:\n${output}${said}`);
  return output
    .replaceAll(`:${PORT}`, ':3001')
    .replaceAll(`:${MAILBOX_PORT}`, ':8005')
    .split(mark)
    .map((part) => part.trim());
}

/** What npm start prints, but for the token, the ports and the folder. */
const plain = (text: string): string =>
  text
    .replaceAll(/eyJ[\w.…-]+/g, 'eyJ')
    .replaceAll(/:\d{4,5}/g, ':port')
    .replaceAll(/\/\S*(?:\.data|\/data)/g, 'data')
    .trim();

describe('the README', () => {
  test('has the two commands, and they are what npm runs', () => {
    expect(blocks.map(({ command }) => command)).toEqual(expect.arrayContaining(twoCommands));
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/npm ci\n.*\nnpm test/);
  });

  test('every other command runs, and answers what is shown; those of the stack run in test/stack', async () => {
    const others = blocks.filter((block) => !twoCommands.includes(block.command) && !needsStack(block));
    expect(others.length).toBeGreaterThan(10);
    const outputs = await runAll(others.map(({ command }) => command));
    for (const [index, { language, shown, command }] of others.entries()) {
      const output = outputs[index] ?? '';
      if (language === 'json') expect(shape(output), command).toEqual(shape(shown));
      if (language === 'text') expect(output, command).toMatch(matching(shown));
    }
  });

  test('shows what npm start prints', () => {
    const start = blocks.find(({ command }) => command === 'npm ci && npm start');
    expect(plain(welcome)).toBe(plain(start?.shown ?? ''));
  });

  test('its table of settings and .env.example are made from the code', () => {
    expect(readme).toContain(settingsAsMarkdown());
    expect(Object.keys(guideUses).filter((name) => readme.includes(`| \`${name}\``))).toHaveLength(32);
    expect(readFileSync(join(root, '.env.example'), 'utf8')).toBe(settingsAsEnvironmentFile());
  });

  test('every file that a document points to is there', () => {
    for (const name of ['README.md', 'services/README.md', 'CONTRIBUTING.md', 'SECURITY.md']) {
      const text = readFileSync(join(root, name), 'utf8');
      const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)\)|`(test\/[\w/.-]+\.test\.ts)`/g)].map((match) =>
        match[1] ? join(root, name, '..', match[1]) : join(root, match[2] ?? ''),
      );
      expect(
        targets.filter((target) => !existsSync(target)),
        name,
      ).toEqual([]);
    }
  });
});
