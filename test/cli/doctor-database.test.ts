/** The doctor on the database: each fault is made for real in a database of its own, and told with what to do. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeDurability } from '../../services/cli/doctor/database.ts';
import type { LocalSes } from '../../services/ses-local/server.ts';
import type { ServerFacts } from '../../services/store/server-facts.ts';
import { startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { examine, examineOne } from '../support/doctor.ts';
import { awaitCode } from '../support/mailbox.ts';

let db: TestDatabase;
let ses: LocalSes;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  const api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url });
  const token = await tokenOf(user(1));
  for (const email of ['a@example.com', 'b@example.com', 'c@example.com']) {
    await api.call('POST', '/api/email-verification/send-otp', { token, body: { email } });
    const otp = await awaitCode(ses.url, email);
    await api.call('POST', '/api/email-verification/verify-otp', { token, body: { email, otp } });
  }
  await api.kill('SIGTERM');
});
afterAll(async () => {
  await Promise.all([ses.close(), db.drop()]);
});

const look = (name: string, databaseUrl = db.url) => examineOne({ databaseUrl }, name);

describe('the doctor on the database', () => {
  test('a good one: reachable, schema, rights, clock, read tables, nothing waiting, nothing overdue', async () => {
    const names = ['database', 'schema', 'rights', 'clock', 'read tables', 'scheduler', 'outbox'];
    const found = Object.values(await examine({ databaseUrl: db.url }, names));
    expect(found.map(({ name, status }) => [name, status])).toEqual(names.map((name) => [name, 'ok']));
    expect(found.find(({ name }) => name === 'read tables')?.what).toContain('for 3 sampled addresses');
  });

  test('P7: the versions of what the stack uses are told', async () => {
    expect((await look('versions')).what).toMatch(/^Sealpost \d.*Node 2\d\..*OpenSSL .*PostgreSQL \d\d/);
  });

  test.each([
    ['a wrong password', (url: URL) => (url.password = 'not-the-one'), '28P01', 'DB_PASSWORD'],
    ['no such database', (url: URL) => (url.pathname = '/not_there'), '3D000', 'sealpost migrate'],
    ['no such host', (url: URL) => (url.hostname = 'db.invalid'), /ENOTFOUND|EAI_AGAIN/, 'DB_HOST'],
    ['nobody listening', (url: URL) => (url.port = '9'), 'ECONNREFUSED', 'Start PostgreSQL'],
  ])('%s is told with its code and what to do, and not the password', async (_, change, code, todo) => {
    const url = new URL(db.url);
    change(url);
    const found = await look('database', url.href);
    expect(found.status).toBe('wrong');
    expect(found.what).toMatch(code);
    expect(found.todo).toContain(todo);
    expect(JSON.stringify(found)).not.toContain(url.password);
  });

  test('a read-only database is wrong', async () => {
    await db.owner.unsafe(`alter role request_app in database ${dbName()} set default_transaction_read_only = on`);
    expect(await look('database')).toMatchObject({ status: 'wrong', what: expect.stringContaining('read-only') });
    await db.owner.unsafe(`alter role request_app in database ${dbName()} reset default_transaction_read_only`);
  });

  test('an old schema is wrong and names the way; what needs the schema is not checked', async () => {
    const [row] = await db.owner`delete from schema_migrations where number = 9 returning *`;
    const found = await examine({ databaseUrl: db.url }, ['schema', 'rights']);
    await db.owner`insert into schema_migrations ${db.owner(row as Record<string, string>)}`;
    expect(found.schema).toMatchObject({ status: 'wrong', todo: 'Run "sealpost migrate".' });
    expect(found.schema?.what).toBe('The database lacks 009_create_accounts.sql.');
    expect(found.rights?.what).toBe("Not checked: its schema is not this program's.");
  });

  test('the owner as role may change events: a warning; a role that may not add them: wrong', async () => {
    const owner = await look('rights', db.ownerUrl);
    expect(owner).toMatchObject({
      status: 'warning',
      what: expect.stringContaining('may update on events, delete on events, truncate on events'),
    });
    await db.owner`revoke insert on events from sealpost_app`;
    const lacking = await look('rights');
    await db.owner`grant insert on events to sealpost_app`;
    expect(lacking).toMatchObject({ status: 'wrong', what: 'The role request_app lacks insert on events.' });
  });

  test.each([
    [1, 'ok'],
    [10, 'warning'],
    [-10, 'warning'],
    [60, 'wrong'],
  ])("a database's clock that is %i s ahead is %s", async (seconds, status) => {
    await db.setClockAhead(seconds);
    const found = await look('clock');
    await db.setClockAhead(0);
    expect(found.status).toBe(status);
  });

  test.each([
    ['user_email_addresses', "update user_email_addresses set purpose = 'other' where email_address = 'a@example.com'"],
    ['email_otp_verifications', 'update email_otp_verifications set attempts = 7, updated_at = updated_at'],
    ['streams', `update streams set state = state || '{"x":1}' where id = 'b@example.com'`],
    ['a row that is gone', "delete from user_email_addresses where email_address = 'c@example.com'"],
    [
      'a row that no event made',
      `insert into user_email_addresses (user_id, email_address) values ('${user(9)}', 'a@example.com')`,
    ],
  ])('read tables that are not what the log says are wrong: %s', async (_, tamper) => {
    const copies = ['streams', 'user_email_addresses', 'email_otp_verifications'];
    for (const table of copies) await db.owner.unsafe(`create table copy_${table} as table ${table}`);
    await db.owner.unsafe(tamper);
    const found = await look('read tables');
    for (const table of copies) {
      await db.owner.unsafe(`delete from ${table}; insert into ${table} table copy_${table}; drop table copy_${table}`);
    }
    expect(found).toMatchObject({ status: 'wrong', todo: expect.stringContaining('rebuild --check') });
    expect((await look('read tables')).status).toBe('ok');
  });

  test.each([
    [5, 'ok'],
    [60, 'warning'],
    [300, 'wrong'],
  ])('a mail that has waited for %i s is %s', async (seconds, status) => {
    await db.owner`
      insert into outbox (otp_id, mailing, stream_id, version, created_at, expires_at, claimed_until)
      values (${randomUUID()}, 1, 'x@example.com', 1, now() - ${seconds} * interval '1 s', now() + interval '1 h', now())
    `;
    const found = await look('outbox');
    await db.owner`delete from outbox`;
    expect(found.status).toBe(status);
    expect(found.what).not.toContain('x@example.com');
  });

  test('a code that is open long after its time says that the scheduler does not work', async () => {
    await db.owner`update streams set expires_at = now() - interval '10 minutes' where id = 'a@example.com'`;
    const found = await look('scheduler');
    await db.owner`update streams set expires_at = null where id = 'a@example.com'`;
    expect(found).toMatchObject({ status: 'wrong', what: expect.stringContaining('10 minutes after') });
  });

  test('a job that fails is named with its words', async () => {
    await db.owner`
      insert into job_runs (job, slot, started_at, ended_at, error) values ('backup', now(), now(), now(), 'No room.')`;
    await db.owner`insert into jobs values ('backup', '0 2 * * *', 60)`;
    const found = await look('scheduler');
    await db.owner`delete from job_runs`;
    expect(found).toMatchObject({ status: 'wrong', what: 'The job backup fails: No room.' });
    expect(await look('scheduler')).toMatchObject({ status: 'ok' });
  });

  test('synchronous_commit that is off for the role is wrong', async () => {
    await db.owner.unsafe(`alter role request_app in database ${dbName()} set synchronous_commit = off`);
    const found = await look('durability');
    await db.owner.unsafe(`alter role request_app in database ${dbName()} reset synchronous_commit`);
    expect(found).toMatchObject({ status: 'wrong', what: expect.stringContaining('synchronous_commit') });
  });

  test.each([
    [{}, 'ok'],
    [{ dataChecksums: 'off' }, 'warning'],
    [{ fsync: 'off' }, 'wrong'],
    [{ fullPageWrites: 'off' }, 'wrong'],
  ])('durability with %j is %s', (change, status) => {
    const on = { fsync: 'on', fullPageWrites: 'on', synchronousCommit: 'on', dataChecksums: 'on' };
    const facts: ServerFacts = { version: '18.4', major: 18, readOnly: false, ...on, ...change };
    expect(judgeDurability(facts).status).toBe(status);
  });
});

const dbName = (): string => new URL(db.url).pathname.slice(1);
