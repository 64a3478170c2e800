/** What the client's calls record and tell beyond their answers: under which key, from which network, and of nobody else. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JWT_SECRET, tokenOf, user } from '../support/api.ts';
import { BASE, expectProblem } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';

let db: TestDatabase;
let served: Served;
beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db, { TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(async () => {
  await served?.api.stop();
  await db?.drop();
});

type Headers = Record<string, string>;
const post = async (path: string, body: object, headers: Headers = {}, n = 1) =>
  served.call('POST', `${BASE}/${path}`, { token: await tokenOf(user(n)), body, headers });
const get = async (path: string, n: number) => served.call('GET', `${BASE}/${path}`, { token: await tokenOf(user(n)) });
const eventsOf = (email: string) =>
  db.owner<{ type: string; data: Record<string, unknown> }[]>`
    select type, data from events where stream_id = ${email} order by version
  `;
const count = async () =>
  (await db.owner`select count(*)::int as n from events where type = 'requested'`)[0]?.n as number;
const wrong = { otp: '000000' };

describe('an Idempotency-Key', () => {
  const key = { 'Idempotency-Key': 'a-key-of-one-request' };

  test('belongs to one path: the same body at the other one is another request', async () => {
    const body = { email: 'path@example.com' };
    expect((await post('send-otp', body, key)).status).toBe(200);
    const before = await count();
    expectProblem(await post('resend-otp', body, key), 422, 'idempotency_mismatch');
    expect(await count()).toBe(before);
  });

  test('belongs to what was asked for, not to the language of the browser that asks again', async () => {
    const body = { email: 'browser@example.com' };
    const first = await post('send-otp', body, { ...key, 'Accept-Language': 'de' }, 2);
    const again = await post('send-otp', body, { ...key, 'Accept-Language': 'fr' }, 2);
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
    expectProblem(await post('send-otp', { ...body, locale: 'de' }, key, 2), 422, 'idempotency_mismatch');
  });

  test('is the same for any spelling of one address, and for a purpose that is said or left out', async () => {
    const first = await post('send-otp', { email: 'spelt@example.com' }, key, 3);
    const again = await post('send-otp', { email: ' Spelt@Example.COM', purpose: 'verification' }, key, 3);
    expect([again.status, again.text]).toEqual([200, first.text]);
  });

  test('stands in the database as a hash of it, beside its caller', async () => {
    for (const n of [8, 9]) await post('send-otp', { email: `hashed-${n}@example.com` }, key, n);
    const rows = await db.owner`
      select caller, key_hash from idempotency_keys where stream_id like 'hashed%' order by caller
    `;
    const keyHash = createHash('sha256').update('a-key-of-one-request').digest('base64url');
    expect(rows.map(({ caller, key_hash }) => [caller, key_hash])).toEqual([8, 9].map((n) => [user(n), keyHash]));
  });
});

const from = (ip: string) => ({ 'X-Forwarded-For': `192.0.2.1, ${ip}` });

describe('the network that a call comes from', () => {
  test('stands in the log of events as six characters that name no IP, of a request and of a guess', async () => {
    const email = 'network@example.com';
    await post('send-otp', { email }, from('198.51.100.7'), 4);
    await post('verify-otp', { email, ...wrong }, from('198.51.100.250'), 4);
    await post('verify-otp', { email, ...wrong }, from('203.0.113.7'), 4);
    const hashes = (await eventsOf(email)).filter(({ type }) => type !== 'send_failed').map(({ data }) => data.ipHash);
    expect(hashes).toHaveLength(3);
    for (const hash of hashes) expect(hash).toMatch(/^[\w-]{6}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });
});

describe('what is recorded of a request', () => {
  test('is its user, purpose, language and rules, a salt of its own, and no code', async () => {
    const asks = { email: 'asked@example.com', purpose: 'driver', locale: 'de-AT' };
    const { otpId, expiresAt } = (await post('send-otp', asks, {}, 5)).body;
    await post('send-otp', { email: 'other@example.com' }, { 'Accept-Language': 'xx, fr;q=0.5' }, 5);
    const [{ data } = { data: {} as Record<string, unknown> }] = await eventsOf('asked@example.com');
    expect(data).toMatchObject({
      otpId,
      expiresAt,
      userId: user(5),
      purpose: 'driver',
      locale: 'de',
      codeDigits: 6,
      attemptsMax: 3,
      mailing: 1,
    });
    expect(Buffer.from(String(data.salt), 'base64url')).toHaveLength(16);
    const [{ data: other } = { data: {} as Record<string, unknown> }] = await eventsOf('other@example.com');
    expect(other).toMatchObject({ purpose: 'verification', locale: 'fr' });
    expect([other.salt, other.otpId]).not.toEqual([data.salt, data.otpId]);
    expect(JSON.stringify([data, other])).not.toContain(JWT_SECRET);
  });
});

describe('another user', () => {
  test('sees nothing of an address: the same bytes as of one that nobody asked for, and no row in the list', async () => {
    await post('send-otp', { email: 'mine@example.com' }, {}, 6);
    expect((await get('status/mine@example.com', 6)).body).toHaveProperty('delivery');
    const [known, unknown] = [await get('status/mine@example.com', 7), await get('status/nobody@example.com', 7)];
    expect(known.text).toBe('{"success":true,"verified":false,"message":"The address is not verified."}');
    expect(unknown.text).toBe(known.text);
    expect((await get('list?all=true', 7)).body).toEqual({ success: true, emails: [], total: 0 });
    expect((await get('list?all=true', 6)).body).toMatchObject({
      total: 1,
      emails: [{ email: 'mine@example.com', isPrimary: false }],
    });
  });
});
