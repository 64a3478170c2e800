/** `npm start`: everything comes up, says where to click and a curl that works, stops cleanly and survives a kill. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dumpText, fakePgDump } from '../support/fake-pg-dump.ts';
import { awaitCode } from '../support/mailbox.ts';
import { localEnvironment, type Started, startLocalProcess } from '../support/local.ts';

const run = promisify(execFile);
let folder: string;
let environment: Record<string, string>;
let started: Started | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealpost-start-'));
  // The tokens that it prints are for its own api, whatever that asks of them.
  const claims = { JWT_ISSUER: 'https://id.example.com', JWT_AUDIENCE: 'sealpost' };
  environment = { ...(await localEnvironment(join(folder, 'data'))), ...claims };
});
afterAll(async () => {
  await started?.stop('SIGKILL');
  // The database of a killed start is stopped by the next one; here is none, so by its folder's name.
  await run('pkill', ['-9', '-f', folder]).catch(() => {});
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const sealpost = (...args: string[]) => run(process.execPath, ['services/cli/main.ts', ...args], { env: environment });
const mailbox = () => `http://127.0.0.1:${environment.MAILBOX_PORT}`;

/** The processes of the folder's PostgreSQL. */
async function databaseProcesses(): Promise<string> {
  const { stdout } = await run('pgrep', ['-f', `postgres.*${folder}`]).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

async function pastedCurl(output: string, email: string): Promise<string> {
  const curl = /curl -X POST[\s\S]*?-d '[^']*'/.exec(output)?.[0] ?? 'false';
  const { stdout } = await run('bash', ['-c', `${curl.replace('a@example.com', email)} -s`]);
  return stdout;
}

describe('npm start', () => {
  test('comes up on an empty folder, and the curl that it prints works when pasted', async () => {
    started = await startLocalProcess(environment);
    expect(started.output()).toContain(`API      http://127.0.0.1:${environment.PORT}`);
    expect(started.output()).toContain(`Mailbox  ${mailbox()}`);
    expect(JSON.parse(await pastedCurl(started.output(), 'a@example.com'))).toMatchObject({
      success: true,
      expiresIn: 600,
    });
    expect(await awaitCode(mailbox(), 'a@example.com')).toMatch(/^\d{6}$/);
    const { stdout } = await sealpost('events', '--email', 'a@example.com');
    expect(stdout).toMatch(/^1\t.*\trequested\t/);
  });

  test('keeps its secrets for their owner only', async () => {
    const data = join(folder, 'data');
    for (const name of ['secrets.json', 'environment.json'])
      expect((await stat(join(data, name))).mode & 0o077).toBe(0);
    expect(await readdir(data)).toEqual(expect.arrayContaining(['postgres', 'postgres.log']));
  });

  test('the command line prints a token alone, and rebuild --check finds no difference', async () => {
    const { stdout } = await sealpost('token', '--user', '7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c', '--role', 'admin');
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect((await sealpost('rebuild', '--check')).stdout).toContain('The tables match the log.');
    await expect(sealpost('token', '--user', '')).rejects.toMatchObject({
      stderr: expect.stringContaining('It must not be empty.'),
    });
  });

  test('a second one on the same folder is refused in one sentence, and the first one lives on', async () => {
    const other = { ...(await localEnvironment(join(folder, 'data'))) };
    await expect(startLocalProcess(other)).rejects.toThrow(new RegExp(String(started?.child.pid)));
    expect((await fetch(`http://127.0.0.1:${environment.PORT}/health`)).status).toBe(200);
  });

  test('after kill -9 the next start recovers, with the data there, and with a pg_dump that can it makes backups', async () => {
    expect(started?.output()).toContain('Backups  none: pg_dump 18 or later is not on this machine');
    await started?.stop('SIGKILL');
    started = await startLocalProcess({ ...environment, PATH: fakePgDump(dumpText()).place.path });
    const backups = join(folder, 'data/backups');
    expect(started.output()).toContain(`Backups  ${backups}\n`);
    // The lease of the killed one is over first.
    const listed = () =>
      sealpost('jobs', 'list').then(
        ({ stdout }) => stdout,
        () => '',
      );
    await expect.poll(listed, { timeout: 25_000, interval: 500 }).toContain('\nbackup ');
    expect((await sealpost('backup', 'now')).stdout).toMatch(/^backup: did 1 in /);
    // One was made at once, for there was none.
    const names = (await readdir(backups)).map((name) => name.replace(/\d{8}_\d{6}/, 'when'));
    const name = 'request_marketplace_prod_backup_when.sql.gz';
    expect(new Set(names)).toEqual(new Set([name, `${name}.json`]));
    const { stdout } = await sealpost('events', '--email', 'a@example.com');
    expect(stdout).toContain('\tsent\t');
  });

  test('Ctrl-C ends all of it with exit code 0: no PostgreSQL is left, and the ports are free', async () => {
    expect(await databaseProcesses()).not.toBe('');
    expect(await started?.stop('SIGINT')).toBe(0);
    expect(await databaseProcesses()).toBe('');
    await expect(fetch(`http://127.0.0.1:${environment.PORT}/health`)).rejects.toThrow();
  });

  test('a wrong setting stops the start with all problems, and leaves nothing running', async () => {
    const wrong = { ...environment, EMAIL_OTP_EXPIRES_IN: '601', EMAIL_OTP_MAX_ATTEMPTS: 'many', JWT_SECRET: 'short' };
    const failed = startLocalProcess(wrong);
    await expect(failed).rejects.toThrow(/ended with 78[\s\S]*EMAIL_OTP_MAX_ATTEMPTS[\s\S]*EMAIL_OTP_EXPIRES_IN/);
    await expect(failed).rejects.toThrow(/JWT_SECRET: must have at least 32 bytes/);
    expect(await databaseProcesses()).toBe('');
  });
});
