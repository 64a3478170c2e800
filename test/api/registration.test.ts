/** The host application's word for an address: by its own role, or by a claim of the issuer; an admin's decision goes before it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { JWT_SECRET, startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';
import { jwt } from '../support/tokens.ts';

const ADMIN = '/api/admin/email-management';
const V = '/api/email-verification';

let db: TestDatabase;
let ses: LocalSes;
let served: Served;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  served = await serve(db, { SERVICE_ROLES: 'backend,cron', JWT_TRUST_EMAIL: 'true' }, ses.url);
});
afterAll(async () => {
  await served.api.stop();
  await Promise.all([ses.close(), db.drop()]);
});
beforeEach(() => db.empty());

const email = 'registered@example.com';
const as = (n: number, role?: string) => tokenOf(user(n), role);
const say = async (role: string | undefined, body: object) => {
  const answer = await served.call('POST', `${ADMIN}/manual-verify`, {
    token: await as(900, role),
    body: { email, userId: user(1), ...body },
  });
  return [
    answer.status,
    answer.body.error ?? (answer.body.email as { verification_method: string }).verification_method,
  ];
};
const eventsOf = async () =>
  (
    await db.owner`select type, data->>'method' as method, data->>'by' as by from events
    where type = 'asserted' order by position`
  ).map(({ type, method, by }) => [type, method, by].filter((one) => one !== null).join(' '));
const send = async (token: string, to = email) => served.call('POST', `${V}/send-otp`, { token, body: { email: to } });

const tokenWith = (claims: object) => jwt({ exp: 4e9, sub: user(1), ...claims }, 'HS256', JWT_SECRET);

describe('the word of the host application', () => {
  test.each<[string, string | undefined, object, unknown[]]>([
    ['of its own role', 'backend', { method: 'registration' }, [200, 'registration']],
    ['of another of its roles', 'cron', { method: 'registration' }, [200, 'registration']],
    ['of an admin', 'admin', { method: 'registration' }, [200, 'registration']],
    ['of an admin who says no method', 'admin', {}, [200, 'admin']],
    ['of an admin whose method is null', 'admin', { method: null }, [200, 'admin']],
    ['of its own role without a method', 'backend', {}, [403, 'forbidden']],
    ['of its own role, as an admin', 'backend', { method: 'admin' }, [403, 'forbidden']],
    ['of a user', undefined, { method: 'registration' }, [403, 'forbidden']],
    ['of another role', 'support', { method: 'registration' }, [403, 'forbidden']],
    ['by a method that is none', 'backend', { method: 'otp' }, [400, 'invalid_request']],
  ])('%s', async (_what, role, body, wanted) => {
    expect(await say(role, body)).toEqual(wanted);
    expect(await eventsOf()).toEqual(wanted[0] === 200 ? [`asserted ${String(wanted[1])} ${user(900)}`] : []);
  });

  test('lets nobody be asked for a code: it is the registration address, and the primary one', async () => {
    await say('backend', { method: 'registration' });
    const token = await as(1);
    expect((await send(token)).body).toMatchObject({ success: true, alreadyVerified: true });
    const { body } = await served.call('GET', `${V}/list`, { token });
    expect(body.emails).toEqual([
      expect.objectContaining({ email, verified: true, verificationMethod: 'registration', isPrimary: true }),
    ]);
    expect((await send(await as(2))).body.alreadyVerified).toBeUndefined();
  });

  test('said twice, or after the user has typed a code, changes nothing', async () => {
    await say('backend', { method: 'registration' });
    expect(await say('backend', { method: 'registration' })).toEqual([200, 'registration']);
    expect(await eventsOf()).toHaveLength(1);
  });

  test.each(['user-emails', 'stats', 'otp-history?email=a@example.com'])(
    'opens nothing else of the admins’: %s',
    async (path) => {
      const answer = await served.call('GET', `${ADMIN}/${path}`, { token: await as(900, 'backend') });
      expect([answer.status, answer.body.error]).toEqual([403, 'forbidden']);
    },
  );

  test('opens no way around: neither toggle-verification, nor the path in another spelling', async () => {
    const token = await as(900, 'backend');
    const body = { email, userId: user(1), method: 'registration' };
    for (const path of [
      `${ADMIN}/toggle-verification`,
      `${ADMIN}/manual-verify/`,
      `${ADMIN}//manual-verify`,
      `${ADMIN}/Manual-Verify`,
    ])
      expect(
        (await served.call('POST', path, { token, body: { ...body, emailId: 1, verified: true } })).status,
      ).toBeOneOf([403, 404]);
    expect(await eventsOf()).toEqual([]);
  });

  test('does not undo what an admin took back, for any purpose; the admin, or a code, does', async () => {
    await say('backend', { method: 'registration' });
    const [row] = await db.owner`select id from user_email_addresses`;
    const token = await as(901, 'admin');
    const body = { emailId: row?.id, verified: false };
    expect((await served.call('POST', `${ADMIN}/toggle-verification`, { token, body })).status).toBe(200);
    expect(await say('backend', { method: 'registration' })).toEqual([409, 'verification_taken_back']);
    expect(await say('backend', { method: 'registration', purpose: 'business' })).toEqual([
      409,
      'verification_taken_back',
    ]);
    expect(await say('backend', { method: 'registration', userId: user(2) })).toEqual([200, 'registration']);
    expect(await say('admin', {})).toEqual([200, 'admin']);
    expect(await say('backend', { method: 'registration' })).toEqual([200, 'admin']);
  });
});

describe('the word of the issuer', () => {
  test.each<[string, object, boolean]>([
    ['true', { email, email_verified: true }, true],
    ['true as a text', { email, email_verified: 'true' }, true],
    ['true, of the address in another spelling', { email: ' Registered@EXAMPLE.com', email_verified: true }, true],
    ['false', { email, email_verified: false }, false],
    ['a number', { email, email_verified: 1 }, false],
    ['not there', { email }, false],
    ['true, of another address', { email: 'another@example.com', email_verified: true }, false],
    ['true, of no address', { email: 'nobody', email_verified: true }, false],
    ['true, of a list', { email: [email], email_verified: true }, false],
    ['true, without an address', { email_verified: true }, false],
  ])('that an address is verified: %s', async (_what, claims, isTaken) => {
    const { status, body } = await send(tokenWith(claims));
    expect([status, body.alreadyVerified === true]).toEqual([200, isTaken]);
    expect((await eventsOf()).includes(`asserted registration ${user(1)}`)).toBe(isTaken);
    expect(body.otpId === undefined).toBe(isTaken);
  });

  test('counts once, and does not undo what an admin took back: then a code is asked for', async () => {
    const token = tokenWith({ email, email_verified: true });
    for (let n = 0; n < 3; n++) expect((await send(token)).body.alreadyVerified).toBe(true);
    expect(await eventsOf()).toHaveLength(1);
    const [row] = await db.owner`select id from user_email_addresses`;
    const body = { emailId: row?.id, verified: false };
    await served.call('POST', `${ADMIN}/toggle-verification`, { token: await as(901, 'admin'), body });
    const asked = await send(token);
    expect([asked.status, asked.body.alreadyVerified, typeof asked.body.otpId]).toEqual([200, undefined, 'string']);
  });

  test('counts for nothing where it is not trusted', async () => {
    const wary = await serve(db, {}, ses.url);
    const token = tokenWith({ email, email_verified: true });
    const { body } = await wary.call('POST', `${V}/send-otp`, { token, body: { email } });
    expect([body.alreadyVerified, typeof body.otpId]).toEqual([undefined, 'string']);
    await wary.api.stop();
  });
});
