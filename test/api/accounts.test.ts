/** Accounts: made by the command line, logged in over HTTP; a refresh token works once, and its second use ends its family. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRefreshTokens } from '../../services/api/identity/refresh-token.ts';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type Answer, type ApiProcess, apiEnvironment, startApiProcess, startSes } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const run = promisify(execFile);
const email = 'op@example.com';
const password = 'correct horse battery';
let db: TestDatabase;
let ses: LocalSes;
let api: ApiProcess;

beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url, env: { BCRYPT_ROUNDS: '10' } });
  await sealpost('accounts', 'create', '--email', 'Op@Example.com', '--password', password, '--role', 'super_admin');
});
afterAll(async () => {
  await api?.kill('SIGKILL');
  await Promise.all([ses?.close(), db?.drop()]);
});

const environment = () => ({
  ...apiEnvironment({ databaseUrl: db.url, sesUrl: ses.url }),
  BCRYPT_ROUNDS: '10',
  SEALPOST_DATA: '/nonexistent',
});
const sealpost = (...args: string[]) =>
  run(process.execPath, ['services/cli/main.ts', ...args], { env: environment() });
const post = (path: string, body: object): Promise<Answer> => api.call('POST', `/api/auth/${path}`, { body });
const login = (given = password, address = email): Promise<Answer> =>
  post('login', { email: address, password: given });
const tokensLeft = async () => (await db.owner`select count(*)::int as n from refresh_tokens`)[0]?.n;

const plain = ({ text }: Answer) => text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id');

describe('accounts', () => {
  test("H2: login gives the guide's token, and it is good for the admin's calls", async () => {
    const { status, body } = await login();
    expect(status).toBe(200);
    const names = { email, role: 'super_admin', display_name: email };
    const tokens = {
      token: expect.any(String),
      refreshToken: expect.any(String),
      user: { id: expect.any(String), ...names, is_active: true, permissions: {} },
    };
    expect(body).toEqual({ success: true, message: 'You are signed in.', ...tokens, expiresIn: 86_400, data: tokens });
    const stats = await api.call('GET', '/api/admin/email-management/stats', { token: String(body.token) });
    expect(stats.status).toBe(200);
  });

  test('an unknown address and a wrong password get the same bytes, but for the request id', async () => {
    const [unknown, wrong] = [await login(password, 'nobody@example.com'), await login('wrong password!')];
    expect([unknown.status, wrong.status]).toEqual([401, 401]);
    expect(plain(unknown)).toBe(plain(wrong));
  });

  test('no password and no token stands in the database', async () => {
    const { body } = await login();
    const rows = await db.owner`select a::text as row from accounts a union all select r::text from refresh_tokens r`;
    const text = JSON.stringify(rows);
    expect(text).not.toContain(password);
    expect(text).not.toContain(String(body.refreshToken));
    expect(text).toContain('$2');
  });

  test('a refresh token gives a new pair and is dead; its reuse ends the whole family, and no other', async () => {
    const other = String((await login()).body.refreshToken);
    const first = String((await login()).body.refreshToken);
    const second = await post('refresh', { refreshToken: first });
    expect(second.status).toBe(200);
    const third = await post('refresh', { refreshToken: second.body.refreshToken });
    expect(third.status).toBe(200);
    expect(await post('refresh', { refreshToken: first })).toMatchObject({
      status: 401,
      body: { error: 'invalid_refresh_token' },
    });
    expect((await post('refresh', { refreshToken: third.body.refreshToken })).status).toBe(401);
    expect((await post('refresh', { refreshToken: other })).status).toBe(200);
  });

  test('a reuse is answered only once the family is ended: where that takes too long it is 503, and asked again', async () => {
    const first = String((await login()).body.refreshToken);
    const second = String((await post('refresh', { refreshToken: first })).body.refreshToken);
    await db.owner.begin(async (tx) => {
      await tx`select 1 from refresh_tokens where used_at is null for update`;
      const held = await post('refresh', { refreshToken: first });
      expect([held.status, held.body.error]).toEqual([503, 'store_unavailable']);
    });
    expect((await post('refresh', { refreshToken: first })).status).toBe(401);
    expect((await post('refresh', { refreshToken: second })).status).toBe(401);
  });

  test('of 20 refreshes with one token at the same moment at most one succeeds', async () => {
    const { refreshToken } = (await login()).body;
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('refresh', { refreshToken })));
    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
    expect(answers.filter(({ status }) => status === 401).length).toBe(19);
  });

  test('logout ends the family; saying it twice is fine', async () => {
    const { refreshToken } = (await login()).body;
    expect((await post('logout', { refreshToken })).body).toEqual({ success: true });
    expect((await post('logout', { refreshToken })).status).toBe(200);
    expect((await post('refresh', { refreshToken })).status).toBe(401);
  });

  test('after ten wrong passwords the address has to wait, the right one included; another one does not', async () => {
    const address = 'limited@example.com';
    await sealpost('accounts', 'create', '--email', address, '--password', password);
    for (let n = 0; n < 10; n++) expect((await login(`wrong password ${n}`, address)).status).toBe(401);
    const limited = await login(password, address);
    expect(limited).toMatchObject({ status: 429, body: { error: 'login_limited' } });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await login()).status).toBe(200);
  });

  test('the password comes from standard input with -, a short one is refused, and a second account of an address too', async () => {
    const args = ['services/cli/main.ts', 'accounts', 'create', '--email', 'in@example.com', '--password', '-'];
    const child = spawn(process.execPath, args, { env: environment() });
    child.stdin.end('a password from a pipe\n');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect((await login('a password from a pipe', 'in@example.com')).status).toBe(200);
    await expect(
      sealpost('accounts', 'create', '--email', 'x@example.com', '--password', 'short'),
    ).rejects.toMatchObject({ code: 1 });
    await expect(sealpost('accounts', 'create', '--email', email, '--password', password)).rejects.toMatchObject({
      stderr: expect.stringContaining('has an account'),
    });
    expect((await sealpost('accounts', 'list')).stdout).toMatch(/\tin@example\.com\tadmin\tactive\tlast login \S+\n/);
  });

  test('a disabled account can neither log in nor refresh; a reset one logs in with the new password only', async () => {
    const { refreshToken } = (await login()).body;
    await sealpost('accounts', 'disable', '--email', email);
    expect((await login()).status).toBe(401);
    expect((await post('refresh', { refreshToken })).status).toBe(401);
    await sealpost('accounts', 'reset', '--email', email, '--password', 'another long password');
    expect([(await login()).status, (await login('another long password')).status]).toEqual([401, 200]);
    expect(await tokensLeft()).toBeGreaterThan(0);
  });
});

test('what stands for a refresh token is by a key of its own, which is not the secret itself', () => {
  const { create, hashOf } = createRefreshTokens('a-secret-of-thirty-two-characters', 60);
  // HMAC-SHA-256 of "token" with HKDF-SHA-256 of the secret, by another program.
  expect(hashOf('token')).toBe('gjbz2pEhmhCbojKprKNxIqL6TmPitZl5PZBERWC7bhU');
  const [one, other] = [create(), create()];
  expect(one).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/), tokenHash: hashOf(one.token), lifeSeconds: 60 });
  expect(other.token).not.toBe(one.token);
});
