/** The README and docs/ are true: every command in them runs, and what they show is what comes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import postgres from 'postgres';
import { environmentFile } from '../services/runtime/local-environment.ts';
import { runCli } from './support/cli.ts';
import type { TestDatabase } from './support/database.ts';
import { createGuideDatabase } from './support/guide-tables.ts';
import { freePort, localEnvironment, type Started, startLocalProcess } from './support/local.ts';
import { type Block, matching, needsStack, page, type Page, pages, shape } from './support/pages.ts';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { sealpost: string } };
/** These two are what runs this test and what it starts itself; CI runs them on a clean clone. */
const twoCommands = ['npm ci && npm start', 'npm ci && npm test'];

let folder: string;
let started: Started;
/** Stands for the database of the guide's system. */
let guide: TestDatabase;
/** Stands for a database that the reader has made: its owner's URL. */
let own: string;
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
  own = await createOwn(join(folder, 'data'));
});
afterAll(async () => {
  await started?.stop('SIGINT');
  await guide?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A database in the started PostgreSQL, which is as durable as the doctor asks for and goes with its folder. */
async function createOwn(data: string): Promise<string> {
  const { DATABASE_ADMIN_URL = '' } = JSON.parse(readFileSync(environmentFile(data), 'utf8')) as Record<string, string>;
  const sql = postgres(DATABASE_ADMIN_URL, { max: 1 });
  await sql`create database sealpost`;
  await sql.end();
  return DATABASE_ADMIN_URL.replace(/[^/]*$/, 'sealpost');
}

/** In place of the reader's two seconds: until each mail that was asked for is delivered, however busy the machine is. */
const untilDelivered = `until curl -s http://127.0.0.1:9464/metrics | awk '
  /events_total.type="requested"/ { requested += $2 } /events_total.type="delivered"/ { delivered += $2 }
  END { exit !(requested > 0 && requested == delivered) }'; do sleep 0.1; done`;

/** What the reader would put in its place, and what stands for it here. npm itself runs on the first page; on the others its script, in half the time. */
function replacements(name: string): readonly (readonly [RegExp | string, string])[] {
  const { PORT = '', MAILBOX_PORT = '', METRICS_PORT = '', SEALPOST_DATA = '' } = started.environment;
  return [
    ...(name === 'README.md' ? [] : [['npm run -s sealpost --', scripts.sealpost] as const]),
    ['sleep 2', untilDelivered],
    [':3001', `:${PORT}`],
    [':8005', `:${MAILBOX_PORT}`],
    [':9464', `:${METRICS_PORT}`],
    ['".data/', `"${SEALPOST_DATA}/`],
    [/postgres:\/\/request_app:its-password@\S+/g, guide.ownerUrl],
    [/postgres:\/\/sealpost_owner:\S+/g, own],
    ['@db.example.com:5432', `@${new URL(own).host}`],
  ];
}

/** Runs a page's blocks one after the other in one shell, as a reader's terminal would, and gives each one's output. */
async function runAll(name: string, commands: readonly string[]): Promise<readonly string[]> {
  const { PORT = '', MAILBOX_PORT = '' } = started.environment;
  const mark = '--- the next block ---';
  const shown = commands.join(`\necho; echo '${mark}'\n`);
  const script = replacements(name).reduce((text, [from, to]) => text.replaceAll(from, to), shown);
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env: started.environment });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // Progress and complaints: told when something fails, and no part of the answer.
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`a command of ${name} ended with ${code}:\n${output}${said}`);
  return output
    .replaceAll(`:${PORT}`, ':3001')
    .replaceAll(`:${MAILBOX_PORT}`, ':8005')
    .split(mark)
    .map((part) => part.trim());
}

/** All but the two, and those of the stack, which run in test/stack; what a page repeats runs once. */
const commandsOf = ({ blocks }: Page): readonly Block[] =>
  blocks
    .filter((block) => !twoCommands.includes(block.command) && !needsStack(block))
    .filter(({ command }, index, all) => all.findIndex((other) => other.command === command) === index);

/** What npm start prints, but for the token, the ports and the folder. */
const plain = (text: string): string =>
  text
    .replaceAll(/eyJ[\w.…-]+/g, 'eyJ')
    .replaceAll(/:\d{4,5}/g, ':port')
    .replaceAll(/\/\S*(?:\.data|\/data)/g, 'data')
    .trim();

describe('the README and docs/', () => {
  test('have the two commands, and they are what npm runs', () => {
    expect(page('README.md').blocks.map(({ command }) => command)).toEqual(expect.arrayContaining(twoCommands));
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/npm ci\n.*\nnpm test/);
  });

  // In this order: what a page shows may count what the pages before it have done.
  test.each(pages.filter((one) => commandsOf(one).length > 0))(
    '$name: every command runs, and answers what is shown',
    async (one) => {
      const blocks = commandsOf(one);
      const outputs = await runAll(
        one.name,
        blocks.map(({ command }) => command),
      );
      for (const [index, { language, shown, command }] of blocks.entries()) {
        const output = outputs[index] ?? '';
        if (language === 'json') expect(shape(output), command).toEqual(shape(shown));
        if (language === 'text') expect(output, command).toMatch(matching(shown));
      }
    },
  );

  test('show what npm start prints', () => {
    const start = page('README.md').blocks.find(({ command }) => command === 'npm ci && npm start');
    expect(plain(welcome)).toBe(plain(start?.shown ?? ''));
  });

  test('show what the doctor says first where nothing listens', async () => {
    const [, shown = ''] = /```text\n(wrong {4}database.*)\n```/.exec(page('docs/troubleshooting.md').text) ?? [];
    const nobody = `postgres://request_app@127.0.0.1:${await freePort()}/request_marketplace_prod`;
    const { code, stdout } = await runCli(['doctor', '--no-api'], { ...started.environment, DATABASE_URL: nobody });
    expect(code).toBe(1);
    expect(stdout.split('\n')[0]?.replace(/:\d+\//, ':5432/')).toBe(shown);
  });

  test('name every endpoint of the description, and no other', async () => {
    const answer = await fetch(`http://127.0.0.1:${started.environment.PORT}/openapi.json`);
    const { paths } = (await answer.json()) as { paths: Record<string, object> };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const named = page('docs/api.md').text.matchAll(/^\| `((?:GET|POST) \S+)` \|/gm);
    expect([...named].map(([, call]) => call).toSorted()).toEqual(described.toSorted());
  });
});
