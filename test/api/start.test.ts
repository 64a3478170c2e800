/** The start of the api: wrong settings are all said at once and no secret with them; a wrong database is said plainly. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { apiEnvironment } from '../support/api.ts';
import { createTestDatabase } from '../support/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealpost-start-'));
afterAll(() => rmSync(folder, { recursive: true }));

const nowhere = {
  databaseUrl: 'postgres://request_app:test-only-password@127.0.0.1:1/none',
  sesUrl: 'http://127.0.0.1:1',
};

/** Runs the api to its end, which must come by itself within 15 s. */
async function run(env: Record<string, string>, options = nowhere) {
  const child = spawn(process.execPath, ['services/api/main.ts'], {
    env: apiEnvironment({ ...options, env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, log] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)));
  child.stdout.on('data', (chunk: Buffer) => (log += String(chunk)));
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  expect(log).not.toContain('"listening"');
  return { code, output: output + log, problems: output.split('\n').filter((line) => line.startsWith('  - ')) };
}

describe('wrong settings', () => {
  test('are listed all at once, each by its name, with exit code 78, and show no secret', async () => {
    const secrets = {
      DATABASE_URL: 'mysql://root:hidden-database-password@db.example.com/x',
      JWT_SECRET: 'hidden-short-jwt-secret',
      OTP_KEYS: 'k1:hidden-short-key',
      AWS_ACCESS_KEY_ID: 'HIDDENACCESSKEY',
    };
    const bad = {
      PORT: 'three thousand',
      METRICS_PORT: '99999',
      NODE_ENV: 'staging',
      LOG_LEVEL: 'loud',
      DB_SSL: 'maybe',
      DB_POOL_MAX: '0',
      AWS_REGION: 'us east 1',
      AWS_SECRET_ACCESS_KEY: '',
      SES_ENDPOINT: 'nowhere',
      SES_FROM_EMAIL: 'nobody',
      EMAIL_OTP_LENGTH: '4',
      EMAIL_OTP_EXPIRES_IN: '601',
      EMAIL_OTP_MAX_ATTEMPTS: '2.5',
      EMAIL_RESEND_COOLDOWN: '-1',
      EMAIL_RATE_LIMIT_PER_HOUR: '0',
      EMAIL_RATE_LIMIT_PER_DAY: '1e9',
      EMAIL_WRONG_GUESSES_MAX: 'many',
    };
    const { code, output, problems } = await run({ ...bad, ...secrets });
    expect(code).toBe(78);
    const named = [...Object.keys(bad), 'DATABASE_URL', 'JWT_SECRET', 'OTP_KEYS'];
    expect(problems.map((line) => line.slice(4).split(':')[0]).toSorted()).toEqual(named.toSorted());
    for (const value of Object.values(secrets)) expect(output).not.toContain(value);
    expect(output).not.toMatch(/hidden|HIDDEN/);
    expect(output).not.toMatch(/^\s+at /m);
  });

  test('with nothing set at all name what is required and nothing else', async () => {
    const empty = Object.fromEntries(Object.keys(apiEnvironment(nowhere)).map((name) => [name, '']));
    const { code, problems } = await run({ ...empty, PATH: process.env.PATH ?? '' });
    expect(code).toBe(78);
    const named = problems.map((line) => line.slice(4).split(':')[0]).toSorted();
    // Codes are derived from JWT_SECRET, so that without one keys of their own may be asked for as well.
    expect(named.filter((name) => name !== 'OTP_KEYS')).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'JWT_SECRET',
      'SES_FROM_EMAIL',
    ]);
  });

  test('of files: one that is not there, one that is too short, and a secret given twice', async () => {
    const short = join(folder, 'short');
    writeFileSync(short, 'hidden-in-a-file\n');
    const { code, output } = await run({
      JWT_SECRET: '',
      JWT_SECRET_FILE: short,
      AWS_SECRET_ACCESS_KEY_FILE: short,
      OTP_KEYS_FILE: join(folder, 'absent'),
    });
    expect(code).toBe(78);
    expect(output).toMatch(/JWT_SECRET: must have at least 32 bytes/);
    expect(output).toMatch(/AWS_SECRET_ACCESS_KEY: .*not both/);
    expect(output).toMatch(/OTP_KEYS_FILE: .*ENOENT/);
    expect(output).not.toContain('hidden-in-a-file');
  });

  test.each([
    ['a placeholder as secret', { JWT_SECRET: 'your-super-secret-jwt-key-change-this-in-production' }],
    ['another placeholder as secret', { JWT_SECRET: 'changeme-changeme-changeme-changeme' }],
  ])('of production: %s is refused', async (_, env) => {
    const { code, output } = await run({ NODE_ENV: 'production', ...env });
    expect([code, output]).toEqual([78, expect.stringContaining('JWT_SECRET')]);
  });
});

describe('a database that is not ready', () => {
  test('without the migrations: it says to run migrate, changes nothing and serves nothing', async () => {
    const db = await createTestDatabase('template1');
    try {
      const { code, output } = await run({}, { ...nowhere, databaseUrl: db.url });
      expect(code).toBe(1);
      expect(output).toMatch(/run "?(?:npx )?sealpost migrate/);
      expect(output).not.toMatch(/^\s+at /m);
      expect(await db.owner`select from pg_class where relnamespace = 'public'::regnamespace`).toHaveLength(0);
    } finally {
      await db.drop();
    }
  });

  test('without the last migration only: it names that one', async () => {
    const db = await createTestDatabase();
    try {
      const [last] = await db.owner<{ name: string }[]>`
        delete from schema_migrations
        where number = (select max(number) from schema_migrations)
        returning name
      `;
      const { code, output } = await run({}, { ...nowhere, databaseUrl: db.url });
      expect(code).toBe(1);
      expect(output).toContain(last?.name);
      expect(output).toMatch(/sealpost migrate/);
    } finally {
      await db.drop();
    }
  });

  // The second resolves to ::1 and 127.0.0.1, as localhost does on most machines and not on all: Node's error is then an
  // AggregateError, which has no message of its own.
  const twoAddresses = `import dns from 'node:dns';
    const both = [{ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }];
    dns.lookup = (name, options, callback) => callback(null, both);`;
  test.each([
    ['at one address', {}],
    ['at either of two', { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(twoAddresses)}` }],
  ])('not reachable %s: it says so, without password or stack', async (_, env) => {
    const host = 'NODE_OPTIONS' in env ? 'localhost' : '127.0.0.1';
    const databaseUrl = nowhere.databaseUrl.replace('127.0.0.1', host);
    const { code, output } = await run(env, { ...nowhere, databaseUrl });
    expect(code).toBe(1);
    expect(output).toMatch(/ECONNREFUSED|not reachable|cannot connect/i);
    expect(output).not.toContain('test-only-password');
    expect(output).not.toMatch(/^\s+at /m);
  });
});

describe('a port that is taken', () => {
  test('ends the start with a plain sentence', async () => {
    const db = await createTestDatabase();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { port } = other.address() as { port: number };
      const { code, output } = await run({ PORT: String(port) }, { ...nowhere, databaseUrl: db.url });
      expect(code).toBe(1);
      expect(output).toContain(String(port));
      expect(output).not.toMatch(/^\s+at /m);
    } finally {
      other.close();
      await db.drop();
    }
  });
});
