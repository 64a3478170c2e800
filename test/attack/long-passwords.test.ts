/** A password is right as it was set and in no other spelling: not its digest, not its beginning, not another text of its bytes. */
import { createHash, createHmac } from 'node:crypto';
import { hash } from 'bcrypt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addAccounts } from '../../services/cli/accounts.ts';
import { hashPassword, isPassword } from '../../services/runtime/password.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';

let db: TestDatabase;
let served: Served;
beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db, { BCRYPT_ROUNDS: '10' });
});
afterAll(async () => {
  await served.api.stop();
  await db.drop();
});

/** What could be taken for what stands for a long password. */
const digestsOf = (password: string): readonly string[] =>
  (['base64', 'hex', 'base64url'] as const).flatMap((encoding) => [
    ...['sha256', 'sha384', 'sha512'].map((name) => createHash(name).update(password).digest(encoding)),
    createHmac('sha384', 'sealpost password v2').update(password).digest(encoding),
  ]);

test('over HTTP the digest of a long password is not the password', async () => {
  const [email, password] = ['op@example.com', `${'long '.repeat(20)}password`];
  const create = ['accounts', 'create', '--email', email, '--password', password];
  expect((await runCommand(addAccounts, create, { DATABASE_URL: db.url, BCRYPT_ROUNDS: '10' })).code).toBe(0);
  const status = async (given: string) =>
    (await served.call('POST', '/api/auth/login', { body: { email, password: given } })).status;
  expect(await status(createHash('sha256').update(password).digest('base64'))).toBe(401);
  expect(await status(password)).toBe(200);
});

const openssl = createHash('sha256').update('x').digest('base64');

describe('is right, and nothing that it could be taken for:', () => {
  test.each<[string, string, readonly string[]]>([
    ['72 bytes', 'p'.repeat(72), [`${'p'.repeat(72)}p`, 'p'.repeat(71)]],
    ['73 bytes', 'p'.repeat(73), ['p'.repeat(72), 'p'.repeat(74), `${'p'.repeat(72)}q`]],
    [
      'a character across the 72nd byte',
      `${'p'.repeat(71)}ß`,
      ['p'.repeat(71), `${'p'.repeat(71)}Ã`, `${'p'.repeat(71)}ü`],
    ],
    [
      'a NUL within',
      'before\u0000behind it',
      ['before', 'before\u0000', 'before\u0000behind', 'before\u0000another one'],
    ],
    [
      'a NUL beyond the 72nd byte',
      `${'p'.repeat(80)}\u0000x`,
      ['p'.repeat(80), `${'p'.repeat(80)}\u0000`, `${'p'.repeat(80)}\u0000y`],
    ],
    [
      'one of the form of a digest',
      openssl,
      ['x', openssl.slice(0, -1), createHash('sha256').update(openssl).digest('base64')],
    ],
    ['the mark before it', `v2$${'p'.repeat(80)}`, ['p'.repeat(80), `v2$${'p'.repeat(79)}`]],
    ['256 characters of three bytes', '字'.repeat(256), ['字'.repeat(255), '字'.repeat(24)]],
  ])('a password of %s', async (_what, password, others) => {
    const hashed = await hashPassword(password, 4);
    expect(await isPassword(password, hashed)).toBe(true);
    for (const other of [...others, ...digestsOf(password), '', hashed])
      expect(await isPassword(other, hashed), other).toBe(false);
  });
});

describe('a hash that was made before there were marks', () => {
  test('is right for its long password still, and not for the digest that it is of', async () => {
    const password = 'p'.repeat(100);
    const digest = createHash('sha256').update(password).digest('base64');
    const older = await hash(digest, 4);
    expect(await isPassword(password, older)).toBe(true);
    for (const other of [digest, ...digestsOf(password)]) expect(await isPassword(other, older)).toBe(false);
  });

  test('is right for its short password still', async () => {
    expect(await isPassword('correct horse', await hash('correct horse', 4))).toBe(true);
  });
});
