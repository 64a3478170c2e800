/** Who guesses a password elsewhere keeps nobody out, and nobody guesses often, from however many networks. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addAccounts } from '../../services/cli/accounts.ts';
import { type ApiProcess, JWT_SECRET, user } from '../support/api.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addressOfAccount, logIn, makeAccount, PASSWORD, post, startApis } from '../support/logins.ts';

let db: TestDatabase;
let apis: ApiProcess[];
beforeAll(async () => {
  db = await createTestDatabase();
  apis = await startApis(db, 2);
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.kill('SIGKILL')));
  await db.drop();
});
beforeEach(async () => {
  await db.setClockAhead(0);
  await db.empty();
  await makeAccount(db, 1);
});

const home = '192.0.2.7';
const abroad = '198.51.100.7';
const strange = (n: number) => `203.${n >> 8}.${n & 255}.9`;
const apiOf = (n: number): ApiProcess => apis[n % apis.length] as ApiProcess;

/** Asked again where too many are judged at once. */
async function answer(n: number, password: string, from: string, account = 1) {
  for (;;) {
    const answered = await logIn(apiOf(n), account, password, from);
    if (answered.body.error !== 'login_busy') return answered;
  }
}
const status = async (n: number, password: string, from: string, account = 1) =>
  (await answer(n, password, from, account)).status;

/** How many of so many wrong passwords were judged. */
async function judged(count: number, from: (n: number) => string, account = () => 1): Promise<number> {
  let n = 0;
  for (let tried = 0; tried < count; tried++)
    if ((await status(tried, 'wrong password!', from(tried), account())) === 401) n++;
  return n;
}

/** What so many logins as are ever judged, and some more, hear at this address. */
const told = async (email: string) => {
  const answers: string[] = [];
  for (let n = 0; n < 53; n++) {
    const {
      status: code,
      text,
      body,
      headers,
    } = await post(apiOf(n), 'login', { email, password: 'wrong password!' }, strange(n));
    const waits = headers.get('retry-after') === null ? '' : 'waits';
    answers.push(
      `${code} ${waits} ${text.replaceAll(String(body.requestId), 'id').replaceAll(/"retryAfter":\d+/g, '')}`,
    );
  }
  return answers;
};

describe('wrong passwords from elsewhere', () => {
  test('use up their own network’s share and not the owner’s, also one of the same /48', async () => {
    expect(await judged(14, (n) => `203.0.113.${n}`)).toBe(10);
    expect(await judged(14, (n) => `2001:db8:1:${n}::1`)).toBe(10);
    const limited = await answer(0, PASSWORD, '203.0.113.99');
    expect([limited.status, limited.body.error]).toEqual([429, 'login_limited']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(await status(1, PASSWORD, home)).toBe(200);
  });

  test('from ever new networks are fifty, then one in five minutes; the owner comes in from where they logged in before', async () => {
    expect(await status(0, PASSWORD, home)).toBe(200);
    // The owner's first login there was one of the fifty.
    expect(await judged(60, strange)).toBe(49);
    expect(await status(0, PASSWORD, abroad)).toBe(429);
    expect(await status(1, PASSWORD, '192.0.2.99')).toBe(200);
    await db.setClockAhead(301);
    expect(await judged(5, strange)).toBe(1);
    const waits = await answer(0, PASSWORD, abroad);
    expect(Number(waits.headers.get('retry-after'))).toBeLessThanOrEqual(300);
    // It delays and does not lock: whoever waits as told gets in, and is known there from then on.
    await db.setClockAhead(301 + 301);
    expect(await status(0, PASSWORD, abroad)).toBe(200);
    expect(await judged(3, (n) => strange(900 + n))).toBe(0);
    expect(await status(1, PASSWORD, abroad)).toBe(200);
  });

  test('of an address without an account are limited the same, to the byte', async () => {
    expect(await told('nobody@example.com')).toEqual(await told(addressOfAccount(1)));
  });

  test('from one network are fifty over all accounts; the right ones of the others there count for nothing', async () => {
    for (let account = 2; account <= 8; account++) await makeAccount(db, account);
    let turn = 0;
    expect(
      await judged(
        64,
        () => abroad,
        () => 1 + (turn++ % 8),
      ),
    ).toBe(50);
    expect(await status(0, PASSWORD, abroad, 2)).toBe(429);
    expect(await status(0, PASSWORD, home, 2)).toBe(200);
    await db.owner`delete from rate_windows`;
    for (let n = 0; n < 55; n++) expect(await status(n, PASSWORD, home, 1 + (n % 8))).toBe(200);
  });

  test('that are refused use nothing up', async () => {
    await judged(55, strange);
    for (let n = 0; n < 12; n++) expect(await status(n, PASSWORD, abroad)).toBe(429);
    await db.setClockAhead(301);
    expect(await status(0, PASSWORD, abroad)).toBe(200);
  });
});

const unlock = (email: string, secret = JWT_SECRET) =>
  runCommand(addAccounts, ['accounts', 'unlock', '--email', email], { DATABASE_URL: db.url, JWT_SECRET: secret });

describe('accounts unlock', () => {
  test('lifts every limit of that account and of no other, and is recorded', async () => {
    await makeAccount(db, 2);
    await judged(11, () => home);
    await judged(45, strange);
    let [one, other] = [0, 0];
    for (let n = 0; n < 11; n++) other += (await status(n, 'wrong password!', abroad, 2)) === 401 ? 1 : 0;
    for (const from of [home, abroad]) one += (await status(0, PASSWORD, from)) === 429 ? 1 : 0;
    expect([one, other]).toEqual([2, 10]);
    expect(await unlock('OP1@example.com')).toMatchObject({ code: 0, stdout: 'Unlocked.\n' });
    for (const from of [home, abroad]) expect(await status(0, PASSWORD, from)).toBe(200);
    expect(await status(0, PASSWORD, abroad, 2)).toBe(429);
    const rows = await db.owner`select account_id, done_by from sign_ins where what = 'unlocked'`;
    expect(rows).toEqual([{ account_id: user(1), done_by: expect.stringMatching(/^sealpost accounts \(.+\)$/) }]);
  });

  test('of an address without an account says so', async () => {
    expect(await unlock('nobody@example.com')).toMatchObject({
      code: 1,
      stderr: 'There is no account with this address.\n',
    });
  });
});
