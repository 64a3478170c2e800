/** What an admin does: each act by its own name in the log with who did it, what each answer says, and what stays hidden. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressHash, otpKey } from '../../services/runtime/keys.ts';
import { tokenOf, user } from '../support/api.ts';
import { expectProblem } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { guessOf, handlerOn, requestOf, wrongCodeOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { serve, type Served, TEST_KEYS } from '../support/served.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealpost-admin-'));
const ledger = join(folder, 'erasures.jsonl');
const secret = 'x'.repeat(32);
const env = { ADMIN_ROLES: 'ops', OTP_KEYS: `k2:${secret},${TEST_KEYS}`, ERASURE_LEDGER: ledger };
let db: TestDatabase;
let served: Served;
let token: string;
beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db, env);
  token = await tokenOf(user(900), 'ops');
});
afterAll(async () => {
  await served?.api.stop();
  await db?.drop();
  rmSync(folder, { recursive: true });
});

const base = '/api/admin/email-management';
const get = (path: string, by = token) => served.call('GET', `${base}/${path}`, { token: by });
const post = (path: string, body: object) => served.call('POST', `${base}/${path}`, { token, body });
const eventsOf = async (email: string) =>
  [...(await db.owner`select type, data from events where stream_id = ${email} order by version`)].map(
    ({ type, data }) => [type, data] as [string, Record<string, unknown>],
  );
const by = user(900);

describe('an act', () => {
  test('on the suppressions of an address is told in its own words and recorded by whom', async () => {
    const email = 'quiet@example.com';
    expect((await post('suppressions', { email })).body).toEqual({
      success: true,
      message: 'The address gets no mail.',
    });
    const listed = (await get('suppressions')).body;
    expect(listed).toMatchObject({
      suppressions: [{ email, reason: 'admin' }],
      pagination: { page: 1, limit: 50, total: 1, totalPages: 1 },
    });
    const [row] = await db.owner<
      { at: Date }[]
    >`select at from events where stream_id = ${email} and type = 'suppressed'`;
    expect((listed.suppressions as { since: string }[])[0]?.since).toBe(row?.at.toISOString());
    expect((await post('suppressions/lift', { email })).body).toEqual({
      success: true,
      message: 'The address gets mail.',
    });
    expect((await get('suppressions')).body.suppressions).toEqual([]);
    expect((await eventsOf(email)).map(([type, data]) => [type, data.by])).toEqual([
      ['suppressed', by],
      ['unsuppressed', by],
    ]);
  });

  test('of unlocking gives the guesses back', async () => {
    const address = addressOf('locked@example.com');
    const handler = handlerOn(db.sql);
    await handler.handle(requestOf(address, user(1)));
    await handler.handle(guessOf(address, user(1), await wrongCodeOf(db.sql, address, user(1))));
    expect((await post('unlock', { email: address })).body).toEqual({
      success: true,
      message: 'The address is not locked.',
    });
    expect((await eventsOf(address)).at(-1)).toEqual(['unlocked', expect.objectContaining({ by, before: 1 })]);
  });

  test('of verifying by hand and of taking it back says which, for this user and purpose alone', async () => {
    const email = 'hand@example.com';
    const verified = await post('manual-verify', { userId: user(2), email, purpose: 'driver' });
    expect(verified.body).toMatchObject({
      success: true,
      message: 'The email is verified.',
      email: {
        user_id: user(2),
        email_address: email,
        purpose: 'driver',
        is_verified: true,
        verification_method: 'admin',
      },
    });
    const { id: emailId } = verified.body.email as { id: number };
    const back = await post('toggle-verification', { emailId, verified: false });
    expect(back.body).toMatchObject({
      message: 'The email is no longer verified.',
      email: { id: emailId, is_verified: false },
    });
    const again = await post('toggle-verification', { emailId, verified: true });
    expect(again.body).toMatchObject({ message: 'The email is verified.', email: { id: emailId, is_verified: true } });
    const said = (await eventsOf(email)).filter(([type]) => type === 'asserted').map(([, data]) => data);
    expect(said).toMatchObject([
      { by, userId: user(2), purpose: 'driver', method: 'admin', before: false, after: true },
      { by, before: true, after: false },
      { by, before: false, after: true },
    ]);
    expectProblem(await post('toggle-verification', { emailId: 2_000_000_000, verified: true }), 404, 'email_unknown');
  });
});

const typesOf = ({ body }: { body: Record<string, unknown> }) =>
  (body.events as { type: string }[]).map(({ type }) => type);

describe('the story of a code', () => {
  test('is that of this code alone, with nothing that helps to guess it, for an admin of the set roles only', async () => {
    const address = addressOf('story@example.com');
    const handler = handlerOn(db.sql);
    const [first, second] = [requestOf(address, user(3)), requestOf(address, user(4), 'driver')];
    await handler.handle(first);
    await db.setClockAhead(70);
    await handler.handle(second);
    await handler.handle(guessOf(address, user(4), await wrongCodeOf(db.sql, address, user(4)), second.otpId));
    await db.setClockAhead(0);
    const [whole, ofFirst, ofSecond] = [
      await get(`timeline?email=${address}`),
      await get(`timeline?otpId=${first.otpId}`),
      await get(`timeline?otpId=${second.otpId}`),
    ];
    expect(typesOf(whole)).toEqual(['requested', 'requested', 'attempted']);
    expect(typesOf(ofFirst)).toEqual(['requested']);
    expect(typesOf(ofSecond)).toEqual(['requested', 'attempted']);
    expect((whole.body.events as { version: number }[]).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(whole.text).not.toMatch(/"(?:salt|digest|keyId)"/);
    for (const hidden of [first.salt, second.salt]) expect(whole.text).not.toContain(hidden);
    expectProblem(await get(`timeline?otpId=${user(77)}`), 404, 'otp_unknown');
    expectProblem(await get('timeline?email=a@example.com', await tokenOf(user(900), 'admin')), 403, 'forbidden');
  });

  test('is masked in the history, whose rows say what became of it', async () => {
    const { body } = await get('otp-history?email=story&limit=1&page=2');
    expect(body.pagination).toEqual({ page: 2, limit: 1, total: 2, totalPages: 2 });
    expect(body.otpHistory).toEqual([
      {
        id: expect.any(String),
        email: 'story@example.com',
        otp: '••••••',
        purpose: 'verification',
        verified: false,
        verified_at: null,
        attempts: 0,
        created_at: expect.stringMatching(/Z$/),
        display_name: null,
      },
    ]);
  });
});

describe('an erasure', () => {
  const gone = addressOf('gone@example.com');

  test('stands in the ledger under the newest key before anything is erased: where it cannot be written nothing is', async () => {
    await handlerOn(db.sql).handle(requestOf(gone, user(5)));
    const elsewhere = await serve(db, { ...env, ERASURE_LEDGER: folder });
    const answer = await elsewhere.call('POST', `${base}/erase`, { token, body: { email: gone } });
    await elsewhere.api.stop();
    expectProblem(answer, 500, 'internal_error');
    expect(answer.text).not.toContain(folder);
    expect((await eventsOf(gone)).map(([type]) => type)).toEqual(['requested']);

    const began = Date.now();
    const done = await post('erase', { email: gone });
    expect(done.body).toEqual({ success: true, message: 'Nothing that identifies this person is left.' });
    expect(await eventsOf(gone)).toEqual([]);
    const [row] = await db.owner`select id from user_email_addresses where email_address like 'erased-%'`;
    expectProblem(await post('toggle-verification', { emailId: row?.id, verified: true }), 404, 'email_unknown');
    const [line, ...others] = readFileSync(ledger, 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, string>);
    const keys = [otpKey('k2', Buffer.from(secret))] as const;
    expect(others).toEqual([]);
    expect(line).toEqual({ at: expect.any(String), keyId: 'k2', addressHash: addressHash(keys, 'k2', gone) });
    expect(Date.parse(line?.at ?? '')).toBeGreaterThanOrEqual(began);
    const [erased] = await db.owner`select data from events where type = 'erased'`;
    expect(erased?.data).toEqual({ by });
  });
});
