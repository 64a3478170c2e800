/** The guide's own .env with a domain: every variable arrives, certificates come by ACME and are renewed, a web app is served. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acmeFiles, issuedRoot } from './support/acme.ts';
import { type Answered, ask } from './support/ask.ts';
import { type Stack, startStack } from './support/stack.ts';
import { startStandIn } from './support/stand-in.ts';

const API = 'api.example.test';
const APP = 'app.example.test';

/** The 32 variables of the deployment guide as it sets them, with secrets of one's own and other numbers than the defaults. */
const guide = {
  NODE_ENV: 'production',
  PORT: '3101',
  HOST: '0.0.0.0',
  DB_HOST: 'localhost',
  DB_PORT: '5432',
  DB_NAME: 'other_marketplace',
  DB_USER: 'other_app',
  DB_PASSWORD: 'p@ss/word of 1:the database',
  DB_SSL: 'true',
  JWT_SECRET: 'the-operators-jwt-secret-of-256-bits-and-more',
  JWT_EXPIRES_IN: '23h',
  REFRESH_TOKEN_SECRET: 'the-operators-refresh-token-secret-and-more',
  REFRESH_TOKEN_EXPIRES_IN: '6d',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIAOFTHEOPERATOR',
  AWS_SECRET_ACCESS_KEY: 'the/operators+secret/access$key',
  SES_FROM_EMAIL: 'noreply@example.test',
  SES_FROM_NAME: 'Request Marketplace',
  EMAIL_OTP_EXPIRES_IN: '300',
  EMAIL_OTP_MAX_ATTEMPTS: '4',
  EMAIL_RATE_LIMIT_PER_HOUR: '7',
  REDIS_HOST: 'localhost',
  REDIS_PORT: '6379',
  REDIS_PASSWORD: 'a redis password',
  LOG_LEVEL: 'info',
  LOG_FILE: '/var/log/request-marketplace/app.log',
  CORS_ORIGIN: 'https://app.example.test,https://admin.example.test',
  CORS_CREDENTIALS: 'true',
  BCRYPT_ROUNDS: '11',
  SESSION_SECRET: 'the-operators-session-secret',
  RATE_LIMIT_WINDOW_MS: '900001',
  RATE_LIMIT_MAX_REQUESTS: '101',
};

const web = {
  'web/index.html': '<!doctype html><title>The app</title>',
  'web/assets/app.3f2a1b4c.js': 'console.log("the app")',
};

let stack: Stack;
let root: string;
/** Requests of which some meet an api that never answers: status and milliseconds. They take their time beside the tests. */
let slow: Promise<readonly (readonly [number, number])[]>;
beforeAll(async () => {
  const acme = await acmeFiles();
  const env = { ...guide, API_DOMAIN: API, APP_DOMAIN: APP, WEB_ROOT: './web', ACME_EMAIL: 'ops@example.test' };
  stack = await startStack({ env, files: { ...acme, ...web }, overrides: ['test/stack/acme.yaml'] });
  root = await issuedRoot(acme);
});
afterAll(() => stack?.stop());

const get = (host: string, path: string, method = 'GET'): Promise<Answered> => ask({ host, path, method, ca: root });

async function askSlowly() {
  const answer = "if (request.url !== '/hang') response.end('{}')";
  const standIn = await startStandIn(stack.project, answer, Number(guide.PORT));
  const known = (): Promise<string> => stack.compose('exec', '-T', 'caddy', 'nslookup', 'api.edge');
  await expect.poll(known, { timeout: 5000 }).toMatch(/172[^]*172/);
  // The edge asks for the names each second.
  await sleep(1500);
  const started = performance.now();
  const asked = async () => [(await get(API, '/hang')).status, performance.now() - started] as const;
  return Promise.all([asked(), asked(), asked(), asked()]).finally(standIn.remove);
}

/** What a program of the api's container prints, run in its place and with its settings. */
const inApi = async (program: string): Promise<Record<string, unknown>> =>
  JSON.parse(await stack.compose('exec', '-T', 'api', 'node', '--input-type=module', '-e', program)) as Record<
    string,
    unknown
  >;

describe('in production', () => {
  test('N4, N9: certificates come from the ACME server, and are renewed by themselves while requests go on', async () => {
    await expect.poll(() => get(API, '/health').then(({ status }) => status, String), { timeout: 30_000 }).toBe(200);
    await expect.poll(() => get(APP, '/').then(({ status }) => status, String), { timeout: 30_000 }).toBe(200);
    slow = askSlowly();
    const first = (await get(API, '/health')).serial;
    let failed = 0;
    const renewed = async (): Promise<boolean> => {
      const { status, serial } = await get(API, '/health');
      if (status !== 200) failed += 1;
      return serial !== first;
    };
    await expect.poll(renewed, { timeout: 70_000, interval: 250 }).toBe(true);
    expect(failed).toBe(0);
    const log = await stack.compose('logs', 'caddy');
    expect(log).toContain('certificate renewed successfully');
    expect(log).not.toContain('"issuer":"local"');
  });

  test('there is no mailbox, and mails go to Amazon', async () => {
    expect(await stack.compose('ps', '--all', '--quiet', 'mailbox')).toBe('');
    const gone = await ask({ port: 8005, path: '/messages' });
    const told = 'The mailbox does not answer. With AWS keys there is none: Amazon SES sends for real.';
    expect([gone.status, gone.text]).toEqual([502, told]);
    const config = await inApi(`
      import { mailSettings, sesOptions } from '/app/services/config/mail.ts';
      import { readSettings } from '/app/services/runtime/settings.ts';
      console.log(JSON.stringify(sesOptions(readSettings(mailSettings, process.env))));
    `);
    expect(config).toEqual({
      region: guide.AWS_REGION,
      credentials: { accessKeyId: guide.AWS_ACCESS_KEY_ID, secretAccessKey: guide.AWS_SECRET_ACCESS_KEY },
      fromEmail: guide.SES_FROM_EMAIL,
      fromName: guide.SES_FROM_NAME,
    });
  });

  test("E1 to E32: each of the guide's variables reaches the api, secrets as files", async () => {
    const environment = await inApi('console.log(JSON.stringify(process.env))');
    const read = "import { readFileSync } from 'node:fs';";
    const files = Object.entries(environment).filter(([name]) => name.endsWith('_FILE') && name !== 'LOG_FILE');
    const values = await inApi(`${read} console.log(JSON.stringify(Object.fromEntries(
      ${JSON.stringify(files)}.flatMap(([name, file]) => {
        try { return [[name.slice(0, -5), readFileSync(file, 'utf8')]]; } catch { return []; }
      }))))`);
    const replaced = { DB_HOST: 'postgres', DB_SSL: '' };
    for (const [name, value] of Object.entries({ ...guide, ...replaced })) {
      expect(environment[name] || values[name] || '', name).toBe(value);
      if (values[name] !== undefined) expect(environment[name], name).toBe('');
    }
    expect(Object.keys(guide).length).toBe(32);
  });

  test('the database has the name, the role and the password of .env; the log file is written', async () => {
    const accounts = await stack.sealpost('accounts', 'list');
    expect(accounts).toBe('');
    const psql = ['exec', '-T', '-u', 'postgres', 'postgres', 'psql', '-At', '-c'];
    expect(await stack.compose(...psql, 'select datname, rolname from pg_database, pg_roles order by 1, 2')).toContain(
      'other_marketplace|other_app',
    );
    expect(await stack.compose('exec', '-T', 'api', 'cat', guide.LOG_FILE)).toContain('listening');
  });

  test('N10: the web app is an SPA: any path is its page and not cached, hashed assets are for a year, a missing one is missing', async () => {
    const deep = await get(APP, '/deep/link?x=1');
    expect([deep.status, deep.text]).toEqual([200, web['web/index.html']]);
    expect(deep.headers['cache-control']).toBe('no-cache, no-store, must-revalidate');
    const asset = await get(APP, '/assets/app.3f2a1b4c.js');
    expect([asset.text, asset.headers['cache-control']]).toEqual([
      web['web/assets/app.3f2a1b4c.js'],
      'public, max-age=31536000, immutable',
    ]);
    const missing = await get(APP, '/assets/none.3f2a1b4c.js');
    expect([missing.status, missing.headers['cache-control']]).toEqual([404, undefined]);
    expect((await get(APP, '/../compose.yaml')).text).toBe(web['web/index.html']);
    expect((await get(APP, '/../.env')).status).toBe(404);
    for (const { headers } of [deep, asset, missing]) {
      expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
    }
    const plain = await ask({ host: APP, path: '/deep' });
    expect([plain.status, plain.headers.location]).toEqual([301, `https://${APP}/deep`]);
  });

  test('N8: an api that does not answer within 30 seconds is given up', async () => {
    const waited = await slow;
    const late = waited.filter(([status]) => status === 504).map(([, milliseconds]) => milliseconds);
    expect(late.length).toBeGreaterThan(0);
    expect(Math.min(...late)).toBeGreaterThan(29_000);
    expect(Math.max(...late)).toBeLessThan(33_000);
  });
});
