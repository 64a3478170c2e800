/** The admin's calls: fields as the guide's panel reads them, every change an event that names the admin, and 403 for others. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ISO } from '../support/contract.ts';
import { adminWorld } from '../support/admin.ts';
import { user } from '../support/api.ts';
import { awaitCode, mailsTo, wrongCode } from '../support/mailbox.ts';

let world: Awaited<ReturnType<typeof adminWorld>>;
beforeAll(async () => {
  world = await adminWorld();
});
afterAll(() => world?.stop());

const pathsOf = {
  GET: ['user-emails', 'stats', 'otp-history', 'timeline?email=anna@example.com', 'suppressions'],
  POST: ['toggle-verification', 'manual-verify', 'unlock', 'suppressions', 'suppressions/lift', 'erase'],
} as const;

describe('an admin', () => {
  test('H7: nobody else gets anything: 403 without the role, 401 without a token, and nothing is recorded', async () => {
    const [before] = await world.db.owner`select count(*)::int as n from events where type <> 'sent'`;
    for (const path of pathsOf.GET) expect((await world.get(path, world.person)).status).toBe(403);
    for (const path of pathsOf.POST) {
      const body = { email: 'anna@example.com', userId: user(1), emailId: 1, verified: false };
      expect(await world.post(path, body, world.person)).toMatchObject({
        status: 403,
        body: { success: false, error: 'forbidden' },
      });
      expect((await world.anonymous(path, body)).status).toBe(401);
    }
    expect((await world.db.owner`select count(*)::int as n from events where type <> 'sent'`)[0]).toEqual(before);
  });

  test('sees all addresses a page at a time, and finds them by a part, % and _ meant as they are', async () => {
    const all = await world.get('user-emails');
    expect(all.body).toMatchObject({ success: true, pagination: { page: 1, limit: 50, total: 2, totalPages: 1 } });
    expect(all.body.emails).toHaveLength(2);
    expect((await world.get('user-emails?search=ANNA')).body.emails).toEqual([
      {
        id: expect.any(Number),
        user_id: user(1),
        email_address: 'anna@example.com',
        is_verified: true,
        verified_at: expect.stringMatching(/Z$/),
        purpose: 'business',
        verification_method: 'otp',
        user_name: null,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ]);
    expect((await world.get('user-emails?search=%25')).body.emails).toEqual([]);
    expect((await world.get('user-emails?search=o_b')).body.emails).toHaveLength(1);
    expect((await world.get('user-emails?limit=1&page=2')).body).toMatchObject({
      pagination: { page: 2, limit: 1, totalPages: 2 },
    });
    expect((await world.get('user-emails?limit=201')).status).toBe(400);
    expect((await world.get('user-emails?page=0')).status).toBe(400);
  });

  test('H6: gets the figures as numbers, by purpose, and the newest verifications', async () => {
    const { body } = await world.get('stats');
    expect(body).toEqual({
      success: true,
      asOf: expect.stringMatching(ISO),
      stats: {
        total_emails: 2,
        verified_emails: 1,
        pending_emails: 1,
        registration_verified: 0,
        otp_verified: 1,
        business_emails: 1,
        driver_emails: 1,
        by_purpose: [
          { purpose: 'business', total: 1, verified: 1 },
          { purpose: 'driver', total: 1, verified: 0 },
        ],
      },
      recentVerifications: [
        {
          email_address: 'anna@example.com',
          verified_at: expect.any(String),
          verification_method: 'otp',
          display_name: null,
        },
      ],
    });
  });

  test('sees the codes masked: no answer of the admin holds one', async () => {
    const [code] = (await mailsTo(world.ses.url, 'anna@example.com')).map((mail) => mail.text.slice(0, 6));
    const { body, text } = await world.get('otp-history?email=anna');
    expect(body.otpHistory).toMatchObject([{ email: 'anna@example.com', otp: '••••••', verified: true, attempts: 0 }]);
    const rest = await Promise.all(pathsOf.GET.map((path) => world.get(path)));
    for (const answer of [text, ...rest.map((one) => one.text)]) expect(answer).not.toContain(`"${code}"`);
  });

  test('takes a verification back and gives it again; who did it stands in the log, and saying it twice records nothing', async () => {
    const [row] = await world.db.owner`select id from user_email_addresses where email_address = 'anna@example.com'`;
    const back = await world.post('toggle-verification', { emailId: String(row?.id), verified: false });
    expect(back.body).toMatchObject({ success: true, email: { id: row?.id, is_verified: false, verified_at: null } });
    expect(
      (await world.api.call('GET', '/api/email-verification/status/anna@example.com', { token: world.person })).body
        .verified,
    ).toBe(false);
    expect((await world.post('toggle-verification', { emailId: row?.id, verified: true })).body).toMatchObject({
      email: { is_verified: true, verification_method: 'admin' },
    });
    await world.post('toggle-verification', { emailId: row?.id, verified: true });
    const said = (await world.eventsOf('anna@example.com')).filter(({ type }) => type === 'asserted');
    expect(said.map(({ data }) => [data.by, data.before, data.after])).toEqual([
      [user(900), true, false],
      [user(900), false, true],
    ]);
    expect(await world.post('toggle-verification', { emailId: 99_999, verified: true })).toMatchObject({
      status: 404,
      body: { error: 'email_unknown' },
    });
  });

  test('verifies an address by hand that was never asked for; its user is not asked again', async () => {
    const answer = await world.post('manual-verify', {
      userId: user(5),
      email: 'Chris@Example.com',
      purpose: 'driver',
    });
    expect(answer.body).toMatchObject({
      email: { user_id: user(5), email_address: 'chris@example.com', is_verified: true, verification_method: 'admin' },
    });
    expect((await world.send('chris@example.com', user(5))).body).toMatchObject({ alreadyVerified: true });
    expect(await mailsTo(world.ses.url, 'chris@example.com')).toEqual([]);
  });

  test('with a purpose that is null verifies for `verification`; the case of ids does not count', async () => {
    const userId = 'ABCDEF00-0000-4000-8000-00000000ABCD';
    const answer = await world.post('manual-verify', { userId, email: 'dora@example.com', purpose: null });
    expect(answer.body).toMatchObject({
      email: { user_id: userId.toLowerCase(), purpose: 'verification', is_verified: true },
    });
    const [event] = await world.eventsOf('dora@example.com');
    expect(event?.data).toMatchObject({ userId: userId.toLowerCase(), purpose: 'verification' });
  });

  test('reads the story of an address or of one code, with its delivery and without salt or digest', async () => {
    const { body } = await world.get('timeline?email=anna@example.com');
    const types = (body.events as { type: string }[]).map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['requested', 'sent', 'verified']);
    const [{ data }] = body.events as [{ data: Record<string, string> }];
    expect(data).not.toHaveProperty('salt');
    expect(data).not.toHaveProperty('digest');
    const ofCode = await world.get(`timeline?otpId=${data.otpId}`);
    expect(ofCode.body).toMatchObject({ email: 'anna@example.com' });
    expect((ofCode.body.events as { type: string }[]).map(({ type }) => type)).toEqual([
      'requested',
      'sent',
      'verified',
    ]);
    expect((await world.get(`timeline?otpId=${user(77)}`)).status).toBe(404);
    expect((await world.get('timeline')).status).toBe(400);
  });

  test('unlocks an address whose budget of wrong guesses is used up', async () => {
    const email = 'locked@example.com';
    const { body } = await world.send(email, user(6));
    const code = await awaitCode(world.ses.url, email);
    for (let n = 0; n < 3; n++) await world.guess(email, user(6), wrongCode(code), String(body.otpId));
    expect((await world.post('unlock', { email })).status).toBe(200);
    expect((await world.post('unlock', { email })).status).toBe(200);
    expect((await world.eventsOf(email)).filter(({ type }) => type === 'unlocked')).toMatchObject([
      { data: { by: user(900), before: 3 } },
    ]);
  });

  test('stops mail to an address, sees it in the list, and lifts it', async () => {
    const email = 'quiet@example.com';
    await world.post('suppressions', { email });
    expect(await world.send(email, user(7))).toMatchObject({ status: 422, body: { error: 'address_suppressed' } });
    expect((await world.get('suppressions')).body).toMatchObject({
      suppressions: [{ email, reason: 'admin' }],
      pagination: { total: 1 },
    });
    expect(await mailsTo(world.ses.url, email)).toEqual([]);
    await world.post('suppressions/lift', { email });
    expect((await world.get('suppressions')).body).toMatchObject({ suppressions: [] });
    expect((await world.send(email, user(7))).status).toBe(200);
    expect((await world.eventsOf(email)).map(({ type }) => type).slice(0, 3)).toEqual([
      'suppressed',
      'unsuppressed',
      'requested',
    ]);
  });
});
