/** Every login, failure, logout and change of an account stands in a record, with who and when; it names nobody who has none. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addAccounts } from '../../services/cli/accounts.ts';
import { forgetSignIns } from '../../services/store/retention.ts';
import { type ApiProcess, user } from '../support/api.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { unstopped } from '../support/handlers.ts';
import { addressOfAccount, logIn, makeAccount, post, refreshWith, startApis } from '../support/logins.ts';

let db: TestDatabase;
let api: ApiProcess;
beforeAll(async () => {
  db = await createTestDatabase();
  [api] = (await startApis(db, 1)) as [ApiProcess];
});
afterAll(async () => {
  await api.kill('SIGKILL');
  await db.drop();
});
beforeEach(async () => {
  await db.setClockAhead(0);
  await db.empty();
});

const accounts = (...args: readonly string[]) =>
  runCommand(addAccounts, ['accounts', ...args], {
    DATABASE_URL: db.url,
    BCRYPT_ROUNDS: '10',
    JWT_SECRET: 'x'.repeat(32),
  });
const email = addressOfAccount(1);
const told = async (...args: readonly string[]) =>
  (await accounts('history', ...args)).stdout
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      line
        .split('\t')
        .slice(1)
        .join(' ')
        .replace(/network [\w-]{6}$/, 'from')
        .replace(/\(.+\)$/, '(me)'),
    );

test('what became of an account and of its sessions, the newest first, by whom and from where', async () => {
  await accounts('create', '--email', email, '--password', 'a long password');
  await logIn(api, 1, 'wrong password!');
  const { body } = await logIn(api, 1, 'a long password');
  const next = await refreshWith(api, body.refreshToken);
  await refreshWith(api, body.refreshToken);
  await refreshWith(api, next.body.refreshToken);
  const again = await logIn(api, 1, 'a long password');
  await post(api, 'logout', { refreshToken: again.body.refreshToken });
  await accounts('reset', '--email', email, '--password', 'another password');
  await accounts('unlock', '--email', email);
  await accounts('disable', '--email', email);
  await logIn(api, 1, 'another password');
  await accounts('disable', '--email', 'nobody@example.com');
  expect(await told()).toEqual([
    `failure ${email} from`,
    ...['disabled', 'unlocked', 'reset'].map((what) => `${what} ${email} sealpost accounts (me)`),
    ...['logout', 'login', 'reuse', 'login', 'failure'].map((what) => `${what} ${email} from`),
    `created ${email} sealpost accounts (me)`,
  ]);
  expect((await told('--email', email, '--limit', '2')).map((line) => line.split(' ')[0])).toEqual([
    'failure',
    'disabled',
  ]);
});

test('a failure for an address without an account names neither it nor the network', async () => {
  await post(api, 'login', { email: 'secret.person@example.com', password: 'wrong password!' }, '203.0.113.77');
  const rows = await db.owner`select s::text as row, account_id, address_hash from sign_ins as s`;
  expect(rows).toEqual([
    { row: expect.any(String), account_id: null, address_hash: expect.stringMatching(/^[\w-]{43}$/) },
  ]);
  for (const secret of ['secret', 'person', '203.0.113', 'wrong']) expect(JSON.stringify(rows)).not.toContain(secret);
  expect(api.output()).not.toContain('secret.person');
});

test('failures beyond 600 an hour at addresses without an account fill nothing, and hide none of an account’s', async () => {
  await makeAccount(db, 1);
  await db.owner`insert into rate_windows (key, started_at, count) values ('login failures', event_clock(), 599)`;
  const nobody = { email: 'nobody@example.com', password: 'wrong password!' };
  for (let n = 0; n < 3; n++) expect((await post(api, 'login', nobody)).status).toBe(401);
  for (let n = 0; n < 2; n++) expect((await logIn(api, 1, 'wrong password!')).status).toBe(401);
  const failure = `failure ${email} from`;
  expect(await told('--email', email)).toEqual([failure, failure, `created ${email}`]);
  expect(await db.owner`select from sign_ins where account_id is null and what = 'failure'`).toHaveLength(1);
});

test('what is older than 90 days goes, to the minute, and the programs can neither change nor delete anything else', async () => {
  await db.owner`
    insert into sign_ins (what, at, network) values
      ('login', now() - interval '90 days 1 minute', 'old'), ('login', now() - interval '90 days' + interval '1 minute', 'young')
  `;
  expect(await forgetSignIns(db.sql, unstopped)).toBe(1);
  expect(await db.owner`select network from sign_ins`).toEqual([{ network: 'young' }]);
  await expect(db.sql`delete from sign_ins`).rejects.toMatchObject({ code: '42501' });
  await expect(db.sql`update sign_ins set what = 'logout'`).rejects.toMatchObject({ code: '42501' });
});

test('it outlives an account, whose name it then does not know', async () => {
  await makeAccount(db, 1);
  await db.owner`delete from accounts where id = ${user(1)}`;
  expect(await told()).toEqual(['created an address without an account']);
});
