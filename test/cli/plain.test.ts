/** What the commands make of their settings and options, without a database: addresses, tokens, records, bars and tables. */
import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { senderRecords, zoneLine } from '../../services/cli/dns-records.ts';
import { ownUrl, readable } from '../../services/cli/own-url.ts';
import { showProgress } from '../../services/cli/progress.ts';
import { addSettings } from '../../services/cli/settings.ts';
import { addToken } from '../../services/cli/token.ts';
import { createTokenCheck } from '../../services/api/identity/token-check.ts';
import { userIdOf } from '../../services/runtime/subject.ts';
import { settingsAsEnvironmentFile, settingsAsMarkdown } from '../../services/config/all.ts';
import { JWT_SECRET, user } from '../support/api.ts';
import { runCommand } from '../support/command.ts';

test.each([
  [{}, 'http://127.0.0.1:3001'],
  [{ HOST: '::', PORT: '8080' }, 'http://127.0.0.1:8080'],
  [{ HOST: '192.0.2.1' }, 'http://192.0.2.1:3001'],
  [{ HOST: '::1', PORT: '80' }, 'http://[::1]:80'],
  [{ HOST: 'api.example.com', PORT: 'eighty' }, 'http://127.0.0.1:3001'],
])('with %j the api of this machine is at %s', (environment, url) => {
  expect(ownUrl(environment)).toBe(url);
  expect(readable(() => JSON.parse('{') as unknown)).toBeUndefined();
});

const check = (issuer?: string, audience?: string, claims: object = {}) =>
  createTokenCheck({
    secrets: [JWT_SECRET],
    issuerKeys: undefined,
    algorithms: [],
    issuer,
    audience,
    userClaims: ['userId', 'sub'],
    roleClaims: ['roles', 'role'],
    ...claims,
  });

describe('sealpost token', () => {
  test('prints a token that the api takes, alone, good for as long as is set', async () => {
    const { stdout, stderr } = await runCommand(addToken, ['token', '--user', user(1)], { JWT_SECRET });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { payload, protectedHeader } = await jwtVerify(stdout.trim(), Buffer.from(JWT_SECRET));
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    const { iat = 0 } = payload;
    expect(payload).toEqual({ userId: user(1), sub: user(1), iat, exp: iat + 86_400 });
    const short = await runCommand(addToken, ['token', '--user', user(1)], { JWT_SECRET, JWT_EXPIRES_IN: '5m' });
    const { iat: from = 0, exp } = decodeJwt(short.stdout.trim());
    expect(exp).toBe(from + 300);
  });

  test('has the role that is asked for, and the issuer and audience that the api asks for', async () => {
    const settings = { JWT_SECRET, JWT_ISSUER: 'https://id.example.com', JWT_AUDIENCE: 'sealpost' };
    const { stdout } = await runCommand(addToken, ['token', '--user', user(2), '--role', 'admin'], settings);
    const take = check(settings.JWT_ISSUER, settings.JWT_AUDIENCE);
    expect(await take(stdout.trim())).toEqual({ userId: user(2), roles: ['admin'], issuer: settings.JWT_ISSUER });
    const plain = await runCommand(addToken, ['token', '--user', user(2)], { JWT_SECRET });
    await expect(take(plain.stdout.trim())).rejects.toThrow();
    expect(await check()(plain.stdout.trim())).toEqual({ userId: user(2), roles: [] });
  });

  test('is accepted where other claims hold the user and the roles', async () => {
    const settings = { JWT_SECRET, JWT_USER_CLAIMS: 'app.user_id,sub', JWT_ROLE_CLAIMS: 'realm_access.roles' };
    const { stdout } = await runCommand(addToken, ['token', '--user', 'auth0|5f7c', '--role', 'admin'], settings);
    const claims = { userClaims: ['app.user_id', 'sub'], roleClaims: ['realm_access.roles'] };
    expect(await check(undefined, undefined, claims)(stdout.trim())).toEqual({
      userId: userIdOf('auth0|5f7c'),
      roles: ['admin'],
    });
  });

  test.each([
    [['--user', ''], { JWT_SECRET }, 'It must not be empty.'],
    [['--user', 'a'.repeat(1001)], { JWT_SECRET }, 'It must have at most 1000 characters.'],
    [[], { JWT_SECRET }, '--user'],
    [
      ['--user', user(1)],
      { JWT_JWKS_URL: 'https://id.example.com/keys', OTP_KEYS: `k:${JWT_SECRET}` },
      'your issuer signs',
    ],
    [['--user', user(1)], { JWT_SECRET: 'short' }, 'at least 32 bytes'],
  ])('with %j and %j is refused, and nothing is printed', async (args, environment, words) => {
    const { code, stdout, stderr } = await runCommand(addToken, ['token', ...args], environment);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(words);
  });
});

test('sealpost settings prints the tables of docs/settings.md, and with --env the file .env.example', async () => {
  expect((await runCommand(addSettings, ['settings'], {})).stdout).toBe(`${settingsAsMarkdown()}\n`);
  expect((await runCommand(addSettings, ['settings', '--env'], {})).stdout).toBe(settingsAsEnvironmentFile());
});

describe('the records of a sender', () => {
  const identity = {
    name: 'example.com',
    verification: 'Pending',
    verificationToken: 'v=',
    dkim: { enabled: false, status: 'NotStarted', tokens: [] as string[] },
  };

  test('have no token and no keys where SES has none, and never a second SPF', () => {
    const records = senderRecords({ ...identity, verificationToken: undefined }, 'eu-west-1');
    expect(records.needed).toEqual([]);
    expect(records.suggested.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'example.com TXT',
      '_dmarc.example.com TXT',
    ]);
    const full = senderRecords({ ...identity, dkim: { ...identity.dkim, tokens: ['k1'] } }, 'eu-west-1');
    expect(full.needed.map(zoneLine)).toEqual([
      '_amazonses.example.com. 1800 IN TXT "v="',
      'k1._domainkey.example.com. 1800 IN CNAME k1.dkim.amazonses.com.',
    ]);
  });
});

const shown = (isTTY: boolean, total: number, steps: readonly number[]) => {
  let text = '';
  const stream = { isTTY, write: (part: string) => ((text += part), true) } as NodeJS.WriteStream;
  const progress = showProgress('codes', total, stream);
  for (const step of steps) progress.advance(step);
  progress.end();
  return text;
};

describe('how far a long work is', () => {
  test('is a line every tenth where nobody watches, and none twice', () => {
    const lines = shown(false, 100, [5, 5, 5, 84, 1]).trimEnd().split('\n');
    expect(lines.map((line) => /^codes \[(#*)\.*\] (\d+) % of 100, \d+\/s, \d+ s left/.exec(line)?.slice(1))).toEqual([
      ['###', '10'],
      ['#'.repeat(30), '99'],
      ['#'.repeat(30), '100'],
    ]);
  });

  test('is one line on a terminal, whose end is drawn however fast it came', () => {
    const text = shown(true, 3, [1, 1, 1]);
    expect(text).toMatch(/^\rcodes \[.*100 % of 3.*, 0 s left {3}\n$/s);
    expect(text.split('\n')).toHaveLength(2);
  });

  test('of nothing is done, and more than all is no more than all', () => {
    expect(shown(false, 0, [0])).toContain('100 % of 0');
    expect(shown(false, 2, [3])).toContain('100 % of 2');
    expect(shown(false, 100, [9])).toBe('');
  });
});
