/** `sealpost accounts`: who is made, listed, shut out and given a new password; and what is refused without a trace. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { addAccounts } from '../../services/cli/accounts.ts';
import { isPassword } from '../../services/runtime/password.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const password = 'correct horse';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.empty();
});

const accounts = (...args: readonly string[]) =>
  runCommand(addAccounts, ['accounts', ...args], { DATABASE_URL: db.url, BCRYPT_ROUNDS: '10' });
const create = (email: string, ...more: readonly string[]) =>
  accounts('create', '--email', email, '--password', password, ...more);
const rows = () => db.owner`select id, email, role, password_hash, disabled_at from accounts order by email`;
const hashOf = async (email: string) =>
  String((await db.owner`select password_hash from accounts where email = ${email}`)[0]?.password_hash);

/** An account that nobody can log in to. */
const insert = (email: string) => db.owner`
  insert into accounts (id, email, role, password_hash) values (gen_random_uuid(), ${email}, 'admin', ${`hash of ${email}`})
`;

/** A refresh token of the account. */
const token = (email: string) => db.owner`
  insert into refresh_tokens (token_hash, family, account_id, expires_at)
  select ${email}, gen_random_uuid(), id, now() + interval '1 day' from accounts where email = ${email}
`;
const tokens = async () =>
  (await db.owner`select token_hash from refresh_tokens order by 1`).map((row) => row.token_hash as string);

describe('create', () => {
  test('makes an admin unless another role is named, of the one spelling of the address, with a hash of the cost set', async () => {
    const { code, stdout } = await create('Op@Example.com');
    const other = await create('second@example.com', '--role', 'super_admin');
    const [one, two] = await rows();
    expect([code, stdout]).toEqual([0, `Created ${one?.id} with the role admin.\n`]);
    expect(other.stdout).toBe(`Created ${two?.id} with the role super_admin.\n`);
    expect(one).toMatchObject({ email: 'op@example.com', role: 'admin', disabled_at: null });
    expect(two).toMatchObject({ email: 'second@example.com', role: 'super_admin' });
    expect(one?.password_hash).toMatch(/^\$2b\$10\$/);
    expect(await isPassword(password, String(one?.password_hash))).toBe(true);
    expect(one?.password_hash).not.toBe(two?.password_hash);
  });

  test.each([
    [11, 1],
    [12, 0],
    [256, 0],
    [257, 1],
  ])('with a password of %i characters ends with %i', async (length, expected) => {
    const { code, stderr } = await accounts('create', '--email', 'op@example.com', '--password', 'x'.repeat(length));
    expect(code).toBe(expected);
    expect(stderr).toBe(expected === 1 ? 'A password must have 12 to 256 characters.\n' : '');
    expect(await rows()).toHaveLength(1 - expected);
  });

  test.each([
    ['a line', ' with blanks around \n'],
    ['a line of Windows', ' with blanks around \r\n'],
    ['no line', ' with blanks around '],
  ])('reads the password from standard input, %s, and takes nothing of it but the line end', async (_, given) => {
    const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([given]) as never);
    onTestFinished(() => stdin.mockRestore());
    expect(await accounts('create', '--email', 'op@example.com', '--password', '-')).toMatchObject({ code: 0 });
    expect(await isPassword(' with blanks around ', await hashOf('op@example.com'))).toBe(true);
  });

  test('of an address that has an account is refused, and its password stays', async () => {
    await insert('op@example.com');
    const before = await hashOf('op@example.com');
    const again = await accounts(
      'create',
      '--email',
      'OP@example.com',
      '--password',
      'another long one',
      '--role',
      'x',
    );
    expect(again).toMatchObject({
      code: 1,
      stderr: 'This address has an account: "sealpost accounts reset" gives it a new password.\n',
    });
    expect(await rows()).toEqual([expect.objectContaining({ role: 'admin', password_hash: before })]);
  });

  test.each([
    [['--email', 'nobody', '--password', password]],
    [['--email', 'op@example.com']],
    [['--password', password]],
  ])('with %j is refused, and nobody is made', async (args) => {
    expect((await accounts('create', ...args)).code).toBe(1);
    expect(await rows()).toEqual([]);
  });
});

const sessions = () => db.owner`
  select from pg_stat_activity where datname = current_database() and application_name = 'sealpost-cli'
`;

test('no command leaves a session behind', async () => {
  await create('op@example.com');
  await accounts('list');
  await accounts('disable', '--email', 'op@example.com');
  await accounts('reset', '--email', 'nobody@example.com', '--password', password);
  await expect.poll(sessions).toHaveLength(0);
});

test('list tells each in the order of their addresses, since when a disabled one is, and no hash', async () => {
  for (const email of ['b@example.com', 'a@example.com']) await insert(email);
  await db.owner`update accounts set disabled_at = '2026-03-01T12:00:00Z' where email = 'b@example.com'`;
  const [a, b] = await rows();
  await db.owner`insert into sign_ins (what, account_id, at) values
    ('login', ${a?.id}, '2026-03-02T12:00:00Z'), ('failure', ${a?.id}, '2026-03-03T12:00:00Z')`;
  expect((await accounts('list')).stdout).toBe(
    `${a?.id}\ta@example.com\tadmin\tactive\tlast login 2026-03-02T12:00:00.000Z\n` +
      `${b?.id}\tb@example.com\tadmin\tdisabled 2026-03-01T12:00:00.000Z\tno login of late\n`,
  );
});

describe('disable', () => {
  test('shuts one out, ends its refresh tokens and nobody else’s; a second time changes nothing', async () => {
    for (const email of ['a@example.com', 'b@example.com']) {
      await insert(email);
      await token(email);
    }
    expect(await accounts('disable', '--email', 'A@example.com')).toMatchObject({ code: 0, stdout: 'Disabled.\n' });
    const [a, b] = await rows();
    expect([a?.disabled_at instanceof Date, b?.disabled_at]).toEqual([true, null]);
    expect(await tokens()).toEqual(['b@example.com']);
    await accounts('disable', '--email', 'a@example.com');
    expect((await rows())[0]?.disabled_at).toEqual(a?.disabled_at);
  });

  test.each(['disable', 'reset'])('%s of an address without an account says so, and makes none', async (verb) => {
    const more = verb === 'reset' ? ['--password', password] : [];
    expect(await accounts(verb, '--email', 'nobody@example.com', ...more)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'There is no account with this address.\n',
    });
    expect(await rows()).toEqual([]);
  });
});

describe('reset', () => {
  test('gives a new password, ends the refresh tokens of that account alone, and lets a disabled one in again', async () => {
    for (const email of ['a@example.com', 'b@example.com']) {
      await insert(email);
      await token(email);
    }
    await accounts('disable', '--email', 'b@example.com');
    await token('b@example.com');
    const others = await hashOf('a@example.com');
    const reset = await accounts('reset', '--email', 'B@example.com', '--password', 'a new long one');
    expect(reset).toMatchObject({ code: 0, stdout: 'The password was changed.\n' });
    const hash = await hashOf('b@example.com');
    expect(hash).toMatch(/^\$2b\$10\$/);
    expect(await isPassword('a new long one', hash)).toBe(true);
    expect((await rows()).map(({ disabled_at }) => disabled_at)).toEqual([null, null]);
    expect(await hashOf('a@example.com')).toBe(others);
    expect(await tokens()).toEqual(['a@example.com']);
  });

  test('with too short a password changes nothing', async () => {
    await insert('a@example.com');
    await token('a@example.com');
    const before = await hashOf('a@example.com');
    expect((await accounts('reset', '--email', 'a@example.com', '--password', 'x'.repeat(11))).code).toBe(1);
    expect([await hashOf('a@example.com'), await tokens()]).toEqual([before, ['a@example.com']]);
  });
});
