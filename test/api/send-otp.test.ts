/** POST send-otp and resend-otp: what the 200 says, what is mailed, and what must not be mailed or told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeIn, wrongCode } from '../support/mailbox.ts';
import { expectProblem, ISO, retryAfterOf, type Stage, startStage, UUID } from '../support/contract.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ SES_FROM_NAME: 'Example & Söhne' });
});
afterAll(() => stage.stop());

const sentAnswer = {
  success: true,
  message: expect.stringMatching(/\S/),
  otpId: expect.stringMatching(UUID),
  expiresIn: 600,
  expiresAt: expect.stringMatching(ISO),
  resendAfter: 60,
  otpLength: 6,
  maxAttempts: 3,
};

const alreadyVerified = { success: true, message: expect.stringMatching(/\S/), alreadyVerified: true };

describe('the answer', () => {
  test.each(['send', 'resend'] as const)(
    'of %s-otp has every field of the contract, and never the code',
    async (way) => {
      const email = `fields-${way}@example.com`;
      const caller = await stage.as(1);
      const answer = await caller[way]({ email });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('Content-Type')).toMatch(/^application\/json\b/);
      expect(answer.body).toEqual(sentAnswer);
      const life = Date.parse(String(answer.body.expiresAt)) - Date.now();
      expect(life).toBeGreaterThan(595_000);
      expect(life).toBeLessThanOrEqual(600_000);
      const { otpId: _, expiresAt: __, ...rest } = answer.body;
      expect(JSON.stringify(rest)).not.toContain(await stage.code(email));
      expect(await stage.events(email)).toEqual(['requested', 'sent']);
    },
  );

  test('a repeat of the code says how long it still lives, with the same otpId and end', async () => {
    const email = 'repeat@example.com';
    const caller = await stage.as(1);
    const first = await caller.send({ email });
    await stage.later(100);
    const { otpId, expiresAt, expiresIn } = (await caller.resend({ email })).body;
    expect([otpId, expiresAt]).toEqual([first.body.otpId, first.body.expiresAt]);
    expect(expiresIn).toBeGreaterThan(480);
    expect(expiresIn).toBeLessThanOrEqual(500);
  });

  test('fields that the contract does not know are ignored', async () => {
    const caller = await stage.as(1);
    const body = {
      email: 'more@example.com',
      purpose: 'business',
      locale: 'pt-BR',
      userId: 'x',
      otpId: 'y',
      admin: true,
    };
    expect((await caller.send(body)).body).toEqual(sentAnswer);
    expect(await stage.events('more@example.com')).toEqual(expect.arrayContaining(['requested']));
  });
});

describe('what is no preference', () => {
  test.each([
    ['null', { purpose: null, locale: null }],
    ['a locale that cannot be read', { locale: '../x' }],
    ['a locale of one letter', { locale: 'x' }],
    ['a locale of the wrong type', { locale: 7 }],
  ])('%s is as if it were absent: the purpose is verification, the language that of the header', async (_, more) => {
    const email = `p-${JSON.stringify(more).replaceAll(/\W/g, '')}-${JSON.stringify(more).length}@example.com`;
    const caller = await stage.as(1);
    expect((await caller.send({ email, ...more }, { 'Accept-Language': 'de' })).body).toEqual(sentAnswer);
    const [event] = await stage.db.owner`select data from events where stream_id = ${email} and type = 'requested'`;
    expect(event?.data).toMatchObject({ purpose: 'verification', locale: 'de' });
  });
});

describe('the mail', () => {
  test('is exactly one, to the canonical address, from the sender, with the code as plain digits in text and HTML', async () => {
    const email = 'mail@example.com';
    await (await stage.as(2)).send({ email: 'Mail@Example.COM' });
    const code = await stage.code(email);
    const mails = await stage.mails(email);
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail).toMatchObject({ from: 'noreply@example.com', to: [email] });
    expect(code).toMatch(/^\d{6}$/);
    expect(mail?.text.split(/\D+/)).toContain(code);
    const shown = mail?.html.replaceAll(/<style>[\s\S]*?<\/style>|<[^>]*>/g, '|').split(/[\s|]+/);
    expect(shown).toContain(code);
  });

  test('does not show the code in its subject or in any header', async () => {
    const email = 'subject@example.com';
    await (await stage.as(2)).send({ email });
    const code = await stage.code(email);
    const [mail] = await stage.mails(email);
    expect(mail?.subject).toMatch(/\S/);
    expect(mail?.subject).not.toMatch(/\d{4}/);
    const { 'message-id': _, date: __, ...headers } = mail?.headers ?? {};
    expect(JSON.stringify(headers)).not.toContain(code);
  });

  test('says that no program may answer it, and carries neither a link nor a picture', async () => {
    const email = 'headers@example.com';
    await (await stage.as(2)).send({ email });
    await stage.settled();
    const [newest] = await stage.mails(email);
    const one = (await (await fetch(`${stage.ses.url}/messages/${newest?.id}`)).json()) as typeof newest;
    expect(one?.headers['auto-submitted']).toBe('auto-generated');
    expect(one?.headers.to).not.toContain(',');
    expect(`${one?.html}${one?.text}`).not.toMatch(/https?:|<img|<a\b|<script|Example & S.hne<|&amp;amp;/);
    expect(one?.text).toContain('Example & Söhne');
  });

  test('shows the purpose in its own words, and takes no other', async () => {
    const email = 'purpose@example.com';
    const caller = await stage.as(2);
    expect((await caller.send({ email, purpose: 'driver' })).status).toBe(200);
    await stage.settled();
    expect((await stage.mails(email))[0]?.text).toContain('(driver account)');
    for (const purpose of ['<b>x</b>', 'evil.example', 'https://evil', 'driver_2-x']) {
      const refused = await stage.unchanged(() => caller.send({ email: 'other-purpose@example.com', purpose }));
      expectProblem(refused, 400, 'invalid_request');
    }
  });

  test('of two requests for two addresses goes each to its own, with a code of its own', async () => {
    const [one, two] = ['own-1@example.com', 'own-2@example.com'];
    const caller = await stage.as(2);
    const [first, second] = await Promise.all([caller.send({ email: one }), caller.send({ email: two })]);
    await stage.settled();
    expect(first.body.otpId).not.toBe(second.body.otpId);
    const crossed = await caller.verify({ email: two, otp: await stage.code(one), otpId: second.body.otpId });
    const same = (await stage.code(one)) === (await stage.code(two));
    expect(crossed.status).toBe(same ? 200 : 400);
    expect([(await stage.mails(one)).length, (await stage.mails(two)).length]).toEqual([1, 1]);
  });
});

describe('nobody is asked twice', () => {
  test('an address that this user verified for ANY purpose is told so: no code, no mail, no event', async () => {
    const email = 'unified@example.com';
    const caller = await stage.as(3);
    const { otpId } = (await caller.send({ email, purpose: 'business' })).body;
    await caller.verify({ email, otp: await stage.code(email), otpId, purpose: 'business' });
    for (const body of [
      { email },
      { email: 'Unified@EXAMPLE.com', purpose: 'driver' },
      { email, purpose: 'business' },
    ]) {
      for (const way of ['send', 'resend'] as const) {
        const answer = await stage.unchanged(() => caller[way](body));
        expect([answer.status, answer.body]).toEqual([200, alreadyVerified]);
      }
    }
    await stage.later(61);
    const stranger = await (await stage.as(4)).send({ email });
    expect(stranger.body).toEqual(sentAnswer);
  });
});

describe('resend-otp is send-otp by another name', () => {
  test('the two share the cooldown, the hour and the code', async () => {
    const email = 'resend@example.com';
    const caller = await stage.as(5);
    const { otpId } = (await caller.send({ email })).body;
    const refused = await stage.unchanged(() => caller.resend({ email }));
    expectProblem(refused, 429, 'resend_cooldown');
    expect(retryAfterOf(refused)).toBeLessThanOrEqual(60);
    const code = await stage.code(email);
    await stage.later(60);
    expect((await caller.resend({ email })).body.otpId).toBe(otpId);
    await stage.settled();
    expect((await stage.mails(email)).map(codeIn)).toEqual([code, code]);
    await caller.verify({ email, otp: wrongCode(code), otpId });
    await stage.later(61);
    expectProblem(await stage.unchanged(() => caller.resend({ email })), 429, 'hourly_limit');
    await stage.later(3500);
    expect((await caller.resend({ email })).body.otpId).not.toBe(otpId);
    await stage.settled();
    expect((await stage.mails(email)).length).toBe(3);
  });
});
