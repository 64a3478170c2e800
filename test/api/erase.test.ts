/** Erasing a person: nothing names them any more, every count stays, and neither a rebuild nor a restore brings them back. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { rebuild } from '../../services/store/rebuild.ts';
import { finishErasures } from '../../services/scheduler/jobs/finish-erasures.ts';
import { type ApiProcess, JWT_SECRET, startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, unstopped } from '../support/handlers.ts';
import { awaitCode, wrongCode } from '../support/mailbox.ts';
import { addressOf } from '../support/rules.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'sealpost-erase-'));
const ledger = join(folder, 'erasures.jsonl');
const email = 'forget.me@example.com';
const address = addressOf(email);
const same = { streams: 0, user_email_addresses: 0, email_otp_verifications: 0 };

let db: TestDatabase;
let ses: LocalSes;
let api: ApiProcess;
let admin: string;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  // With the limits on, whose rows are also of a user.
  const env = { ERASURE_LEDGER: ledger, EMAIL_RESEND_COOLDOWN: '1', EMAIL_RATE_LIMIT_PER_USER_HOUR: '10' };
  api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url, env });
  admin = await tokenOf(user(900), 'admin');
});
afterAll(async () => {
  await api?.kill('SIGKILL');
  await Promise.all([ses.close(), db.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function call(path: string, body: object, userId = user(1)) {
  return api.call('POST', `/api/email-verification/${path}`, { token: await tokenOf(userId), body });
}

const adminCall = (method: string, path: string, body?: object) =>
  api.call(method, `/api/admin/email-management/${path}`, { token: admin, body });

/** Every row of every table as text. */
async function dump(sql: postgres.Sql): Promise<string> {
  const tables = await sql<{ name: string }[]>`select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  const rows = await Promise.all(tables.map(({ name }) => sql`select ${sql(name)}::text as row from ${sql(name)}`));
  return rows.flatMap((of) => of.map(({ row }) => row as string)).join('\n');
}

const eventsCounted = () => db.owner`select count(*)::int as n from events where type <> 'sent'`;

describe('erasing a person', () => {
  test('takes the address and the users’ ids out of everything, and leaves counts, audit and others as they were', async () => {
    const { otpId } = (await call('send-otp', { email, purpose: 'business' })).body;
    const code = await awaitCode(ses.url, email);
    await call('verify-otp', { email, otp: wrongCode(code), otpId });
    await call('verify-otp', { email, otp: code, otpId });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await call('send-otp', { email }, user(2));
    await call('send-otp', { email: 'other@example.com' }, user(1));
    const statsBefore = (await adminCall('GET', 'stats')).body.stats;
    const types = () =>
      db.owner`select type, count(*)::int as n from events where type <> 'sent' group by type order by type`;
    const typesBefore = await types();
    expect(await dump(db.owner)).toContain(email);

    const answer = await adminCall('POST', 'erase', { email: email.toUpperCase() });
    expect(answer).toMatchObject({ status: 200, body: { success: true } });

    const after = await dump(db.owner);
    expect(after).not.toContain(email);
    expect(after).not.toContain(user(2));
    expect(after).toContain(user(900));
    // The same user's other address is another stream, and stays.
    expect(after).toContain('other@example.com');
    expect((await adminCall('GET', 'stats')).body.stats).toEqual(statsBefore);
    const added = [
      { type: 'erased', n: 1 },
      { type: 'superseded', n: 1 },
    ];
    expect(await types()).toEqual(
      [...typesBefore, ...added].toSorted((a, b) => (String(a.type) < String(b.type) ? -1 : 1)),
    );
    const story = (await adminCall('GET', `timeline?otpId=${String(otpId)}`)).body;
    expect(story.email).toMatch(/^erased-[0-9a-f-]{36}@erased\.invalid$/);
    const [erased] = await db.owner`select data, stream_id from events where type = 'erased'`;
    expect(erased).toEqual({ data: { by: user(900) }, stream_id: story.email });
    expect(api.output()).not.toContain(email);
  });

  test('a rebuild changes nothing of it', async () => {
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
    await rebuild(db.ownerUrl, { check: false });
    expect(await dump(db.owner)).not.toContain(email);
  });

  test('the person is as unknown as anyone, and may come again as new', async () => {
    const status = await api.call('GET', `/api/email-verification/status/${email}`, { token: await tokenOf(user(1)) });
    expect(status.body).toMatchObject({ verified: false });
    const list = await api.call('GET', '/api/email-verification/list?all=true', { token: await tokenOf(user(1)) });
    expect(list.body).toMatchObject({ total: 1, emails: [{ email: 'other@example.com' }] });
    expect((await call('send-otp', { email })).body).toMatchObject({ success: true, otpId: expect.any(String) });
  });

  test('what stands for it is nobody’s address: it is not administered and gets no mail', async () => {
    const [row] =
      await db.owner`select id, email_address from user_email_addresses where email_address like 'erased-%' limit 1`;
    const toggled = await adminCall('POST', 'toggle-verification', { emailId: row?.id, verified: false });
    expect(toggled).toMatchObject({ status: 404, body: { error: 'email_unknown' } });
    expect((await call('send-otp', { email: row?.email_address })).status).toBe(400);
  });

  test('again, or of someone unknown, it answers the same and records nothing', async () => {
    const before = await eventsCounted();
    expect((await adminCall('POST', 'erase', { email: 'nobody@example.com' })).status).toBe(200);
    expect(await eventsCounted()).toEqual(before);
  });

  test('a restored backup is told by the ledger, which names no one', async () => {
    const text = readFileSync(ledger, 'utf8');
    expect(text).not.toContain('forget');
    expect(statSync(ledger).mode & 0o077).toBe(0);
    // The address came again: what stands for the backup has it, with a story.
    expect(await dump(db.owner)).toContain(email);
    const env = { ...process.env, DATABASE_URL: db.url, JWT_SECRET, ERASURE_LEDGER: ledger };
    const { stdout } = await run(process.execPath, ['services/cli/main.ts', 'erasures', 'replay'], { env });
    expect(stdout).toBe('2 erasures in the ledger, 1 addresses erased again.\n');
    expect(await dump(db.owner)).not.toContain(email);
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
    const foreign = {
      ...env,
      JWT_SECRET: '',
      OTP_KEYS: `new:${'x'.repeat(32)}`,
      JWT_JWKS_URL: 'http://127.0.0.1:1/jwks',
    };
    await expect(
      run(process.execPath, ['services/cli/main.ts', 'erasures', 'replay'], { env: foreign }),
    ).rejects.toThrow(/needs the keys jwt_[0-9a-f]{8}/);
  });
});

describe('an erasure that was interrupted', () => {
  test('is finished by the scheduler; meanwhile nothing happens under the name, and late answers bring nothing back', async () => {
    const handler = handlerOn(db.sql);
    const half = addressOf('half@example.com');
    const sent = { type: 'record-sent' as const, address: half, otpId: user(5), mailing: 1, messageId: 'm' };
    await call('send-otp', { email: half }, user(7));
    await handler.handle({ type: 'erase', address: half, by: user(900) });
    const refused = await call('send-otp', { email: half }, user(7));
    expect(refused).toMatchObject({ status: 503, body: { error: 'erasure_under_way' } });
    expect(refused.headers.get('Retry-After')).toBe('1');
    for (const [act, more] of [['manual-verify', { userId: user(7) }], ['unlock'], ['suppressions']] as const) {
      expect((await adminCall('POST', act, { email: half, ...more })).body.error, act).toBe('erasure_under_way');
    }
    expect(await finishErasures({ signal: unstopped, sql: db.sql })).toBe(1);
    expect(await finishErasures({ signal: unstopped, sql: db.sql })).toBe(0);
    expect(await handler.handle(sent)).toMatchObject({ kind: 'unchanged' });
    expect(
      await handler.handle({ type: 'record-send-failed', address, otpId: user(5), mailing: 1, reason: 'rejected' }),
    ).toMatchObject({
      kind: 'unchanged',
    });
    expect(await dump(db.owner)).not.toContain(half);
  });

  test('the running programs can rename nothing that is not erased', async () => {
    const live = addressOf('live@example.com');
    await handlerOn(db.sql).handle({ type: 'suppress', address: live, by: user(900) });
    const [row] = await db.sql`select erase_stream(${live}) as done`;
    expect(row?.done).toBe(false);
    // Nor by what they may write: the log decides.
    await db.sql`update streams set state = state || '{"erasedAt": 1}' where id = ${live}`;
    const [again] = await db.sql`select erase_stream(${live}) as done`;
    expect(again?.done).toBe(false);
    expect(await dump(db.owner)).toContain(live);
    await expect(db.sql`update events set stream_id = 'x'`).rejects.toThrow(/permission denied/);
  });
});
