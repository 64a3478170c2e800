/** The doctor as a command: what is wrong stands first, the exit code says it, no secret is shown, and it always comes to an end. */
import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { addDoctor } from '../../services/cli/doctor.ts';
import { checks } from '../../services/cli/doctor/checks.ts';
import { ok } from '../../services/cli/doctor/finding.ts';
import { createContext } from '../../services/cli/doctor/context.ts';
import { reportAsJson, reportAsText } from '../../services/cli/doctor/print.ts';
import { type Result, runChecks } from '../../services/cli/doctor/run.ts';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { apiEnvironment, type ApiProcess, credentials, JWT_SECRET, startApiProcess, startSes } from '../support/api.ts';
import { runCli } from '../support/cli.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { examine, nowhere } from '../support/doctor.ts';
import { APP_PASSWORD, APP_ROLE } from '../support/global-setup.ts';

let db: TestDatabase;
let ses: LocalSes;
let api: ApiProcess;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url });
});
afterAll(async () => {
  await api.kill('SIGTERM');
  await Promise.all([ses.close(), db.drop()]);
});

type Report = { healthy: boolean; failing: string | null; checks: Result[] };

async function doctor(env: Record<string, string>, args: readonly string[] = []) {
  const options = { databaseUrl: db.url, sesUrl: ses.url };
  const ran = await runCommand(addDoctor, ['doctor', '--json', ...args], { ...apiEnvironment(options), ...env });
  const report = JSON.parse(ran.stdout) as Report;
  const named = (name: string) => report.checks.find((check) => check.name === name);
  return { ...ran, report, named };
}

/** Accepts connections and never says a word. */
async function silentPort(): Promise<number> {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('sealpost doctor', () => {
  test('makes every check, each with a status and a sentence, and asks the api where it is', async () => {
    const { report, named } = await doctor({}, ['--api-url', api.url]);
    expect(report.checks.map(({ name }) => name).toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
    for (const { what, todo, status } of report.checks) {
      expect(what).toMatch(/^[^\n]{5,}\.$/);
      expect(todo === undefined).toBe(status === 'ok' || status === 'skipped');
    }
    expect(named('api')).toEqual({ name: 'api', status: 'ok', what: `The api answers at ${api.url}/health.` });
    // The cluster of the tests runs without fsync, which the doctor must not overlook.
    const isWrong = report.checks.filter(({ status }) => status === 'wrong').map(({ name }) => name);
    expect(isWrong.filter((name) => name !== 'durability')).toEqual([]);
  });

  test('as a process it says the same, and ends with 1', async () => {
    const env = { ...apiEnvironment({ databaseUrl: nowhere.databaseUrl, sesUrl: nowhere.sesUrl }), PORT: '9' };
    const { code, stdout, stderr } = await runCli(['doctor', '--json'], env);
    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({ healthy: false, failing: 'database' });
  });

  test('EM1: with the database and the api away the database stands first, SES is examined all the same, exit code 1', async () => {
    const { report, code, named } = await doctor({ DATABASE_URL: nowhere.databaseUrl, PORT: '9' });
    expect([code, report.healthy, report.failing]).toEqual([1, false, 'database']);
    expect(report.checks.slice(0, 2).map(({ name, status }) => [name, status])).toEqual([
      ['database', 'wrong'],
      ['api', 'wrong'],
    ]);
    expect(named('database')?.what).toContain('127.0.0.1:9/nothing (ECONNREFUSED)');
    expect(named('outbox')?.what).toBe('Not checked: the database does not answer.');
    expect(named('ses')?.status).toBe('ok');
    expect(named('identity')?.status).toBe('ok');
  });

  test('a database, an SES, a DNS server and an api that take connections and never answer end no check late', async () => {
    const port = await silentPort();
    const started = performance.now();
    const { code, named } = await doctor({
      DATABASE_URL: `postgres://a:b@127.0.0.1:${port}/c`,
      SES_ENDPOINT: `http://127.0.0.1:${port}`,
      DNS_SERVERS: `127.0.0.1:${port}`,
      HOST: '127.0.0.1',
      PORT: String(port),
    });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(code).toBe(1);
    expect(['database', 'api', 'ses'].map((name) => named(name)?.status)).toEqual(['wrong', 'wrong', 'wrong']);
    expect(named('spf record')?.what).toMatch(/^Not checked: no DNS server answered/);
  });

  test('ends with 0 where nothing is wrong, also where something is a warning, and with 1 where one thing is', async () => {
    // As on a server that keeps what it acknowledged; the cluster of the tests does not.
    await db.owner.unsafe(`
      create function current_setting(name text) returns text language sql as
      $$ select case when name in ('fsync', 'full_page_writes') then 'on' else pg_catalog.current_setting(name) end $$`);
    const role = `alter role ${APP_ROLE} in database ${new URL(db.url).pathname.slice(1)}`;
    await db.owner.unsafe(`${role} set search_path = public, pg_catalog`);
    onTestFinished(async () => {
      await db.owner.unsafe(`${role} reset search_path; drop function public.current_setting(text)`);
    });
    const env = { ...apiEnvironment({ databaseUrl: db.url, sesUrl: ses.url }), REFRESH_TOKEN_SECRET: JWT_SECRET };
    const run = (...args: readonly string[]) => runCommand(addDoctor, ['doctor', '--no-api', ...args], env);
    const { code, stdout } = await run();
    expect(stdout.split('\n')[0]).toMatch(/^warning {2}keys /);
    expect(stdout).toMatch(/\n\nNothing is wrong \(0 wrong, \d+ warnings, \d+ ok, \d+ skipped\)\.\n$/);
    expect(code).toBe(0);
    expect(JSON.parse((await run('--json')).stdout)).toMatchObject({ healthy: true, failing: null });
    await db.owner`update schema_migrations set number = 900 where number = 9`;
    const broken = await run('--json');
    await db.owner`update schema_migrations set number = 9 where number = 900`;
    expect([broken.code, JSON.parse(broken.stdout)]).toMatchObject([1, { healthy: false, failing: 'schema' }]);
  });

  test('before the first start the api need not run', async () => {
    expect((await doctor({ PORT: '9' }, ['--no-api'])).named('api')?.status).toBe('skipped');
    expect((await doctor({ PORT: '9' })).named('api')?.status).toBe('wrong');
  });

  test('V1: wrong settings are told by name and come first; what does not need them is examined', async () => {
    const { report, named } = await doctor({ PORT: 'eighty', SES_FROM_EMAIL: 'nobody' });
    expect(report.failing).toBe('settings');
    expect(named('settings')?.what).toMatch(/^PORT: .*SES_FROM_EMAIL: /);
    expect(named('identity')?.what).toBe('Not checked: its settings are wrong.');
    expect(named('schema')?.status).toBe('ok');
  });

  test('neither report shows a secret, whatever is wrong', async () => {
    const secrets = [JWT_SECRET, credentials.secretAccessKey, credentials.accessKeyId, APP_PASSWORD, 'hidden'];
    const bad = { SES_ENDPOINT: nowhere.sesUrl, DATABASE_URL: 'postgres://me:hidden@127.0.0.1:9/x' };
    for (const env of [{}, bad, { ...bad, NODE_ENV: 'production', JWT_SECRET: 'hidden', OTP_KEYS: 'k1:hidden' }]) {
      const { stdout, stderr } = await doctor(env);
      for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
    }
  });

  test('the report for people has a line a check, what to do after an arrow, and says where to look first', async () => {
    const text = reportAsText(Object.values(await examine({ databaseUrl: db.url, sesUrl: nowhere.sesUrl })));
    const lines = text.split('\n');
    expect(lines).toHaveLength(checks.length + 2);
    expect(lines).toContainEqual(
      expect.stringMatching(/^wrong {4}ses +The SES at \S+ cannot be reached .* -> Look for/),
    );
    expect(lines.at(-1)).toMatch(/^Look at this first: \w+ \(\d wrong, \d+ warnings, \d+ ok, \d+ skipped\)\.$/);
  });

  test('where nothing is wrong both reports say so', () => {
    const results: Result[] = [{ name: 'one', ...ok('All is well.') }];
    expect(reportAsText(results)).toBe(
      'ok       one  All is well.\n\nNothing is wrong (0 wrong, 0 warnings, 1 ok, 0 skipped).',
    );
    expect(JSON.parse(reportAsJson(results))).toEqual({ healthy: true, failing: null, checks: results });
  });

  test('a check that hangs or breaks is a warning that says why, and shows no value', async () => {
    const context = createContext({}, undefined);
    const results = await runChecks(
      [
        { name: 'hangs', look: () => new Promise(() => {}) },
        { name: 'breaks', look: () => Promise.reject(new TypeError('hidden')) },
      ],
      context,
      50,
    );
    expect(results.map(({ status, what }) => [status, what])).toEqual([
      ['warning', 'Not checked: there was no answer in 0.05 seconds.'],
      ['warning', 'Not checked: it failed with TypeError.'],
    ]);
  });
});
