/** GET status and list: what the caller is told of an address, where its mail is, and that asking changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { expectProblem, ISO, type Stage, startStage, until } from '../support/contract.ts';
import { handlerOn } from '../support/handlers.ts';
import { behave } from '../support/mailbox.ts';
import { addressOf } from '../support/rules.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

async function verify(n: number, email: string, purpose = 'verification'): Promise<void> {
  const caller = await stage.as(n);
  const { otpId } = (await caller.send({ email, purpose })).body;
  const answer = await caller.verify({ email, otp: await stage.code(email), otpId, purpose });
  expect(answer.status).toBe(200);
}

const notVerified = { success: true, verified: false, message: expect.stringMatching(/\S/) };

describe('status', () => {
  test('of an address never asked for: not verified, no delivery, and nothing recorded', async () => {
    const caller = await stage.as(1);
    const answer = await stage.unchanged(() => caller.status('never@example.com'));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(notVerified);
  });

  test('of a verified address has every field of the contract, and the delivery', async () => {
    const email = 'verified@example.com';
    await verify(1, email, 'driver');
    const answer = await stage.unchanged(async () => (await stage.as(1)).status(email));
    expect(answer.body).toEqual({
      success: true,
      verified: true,
      verifiedAt: expect.stringMatching(ISO),
      purpose: 'driver',
      verificationMethod: 'otp',
      delivery: 'sent',
    });
    expect(Math.abs(Date.parse(String(answer.body.verifiedAt)) - Date.now())).toBeLessThan(10_000);
  });

  test('is the caller’s own: another user is told nothing of it', async () => {
    const email = 'private@example.com';
    await verify(1, email);
    expect((await (await stage.as(2)).status(email)).body).toEqual(notVerified);
  });

  test('finds an address in any spelling, also one with signs that an address bar would read as its own', async () => {
    const odd = `o'brien+x/y%41?#&=~@example.com`;
    for (const [email, ...spellings] of [
      [odd, odd.toUpperCase()],
      ['idn@xn--bcher-kva.example', 'idn@bücher.example', 'IDN@BÜCHER.EXAMPLE'],
    ] as const) {
      await verify(1, email);
      for (const spelling of [email, ...spellings]) {
        expect((await (await stage.as(1)).status(spelling)).body).toMatchObject({ verified: true });
      }
    }
    expect((await (await stage.as(1)).status(odd.replace('%41', 'A'))).body).toEqual(notVerified);
  });

  test('and list are refused without a token', async () => {
    for (const path of ['status/verified%40example.com', 'list']) {
      const answer = await stage.api.call('GET', `/api/email-verification/${path}`);
      expectProblem(answer, 401, 'unauthorized');
      expect(answer.text).not.toContain('verified@');
    }
  });
});

const deliveryOf = async (email: string) => (await (await stage.as(3)).status(email)).body.delivery;

describe('the delivery of the newest request', () => {
  test('is queued while the mail service takes none, then sent, and exactly one mail comes', async () => {
    const email = 'queued@example.com';
    await behave(stage.ses.url, { mode: 'throttle' });
    expect((await (await stage.as(3)).send({ email })).status).toBe(200);
    expect(await deliveryOf(email)).toBe('queued');
    expect(await stage.mails(email)).toHaveLength(0);
    await behave(stage.ses.url, { mode: 'normal' });
    await until('it is sent', async () => (await deliveryOf(email)) === 'sent');
    await stage.settled();
    expect(await stage.mails(email)).toHaveLength(1);
    expect(await stage.events(email)).toEqual(['requested', 'sent']);
  });

  test('is failed when the mail is rejected, which is recorded once and never tried again; a later mail is sent', async () => {
    const email = 'failed@example.com';
    const caller = await stage.as(3);
    await behave(stage.ses.url, { mode: 'reject', times: 1 });
    expect((await caller.send({ email })).status).toBe(200);
    await stage.settled();
    expect((await caller.status(email)).body).toEqual({ ...notVerified, delivery: 'failed' });
    expect(await stage.mails(email)).toHaveLength(0);
    expect(await stage.events(email)).toEqual(['requested', 'send_failed']);
    await stage.later(60);
    expect((await caller.send({ email })).status).toBe(200);
    await stage.settled();
    expect(await deliveryOf(email)).toBe('sent');
    expect(await stage.mails(email)).toHaveLength(1);
  });

  test('an answer that is lost after the mail was taken leaves it queued, and the same code comes again at most once', async () => {
    const email = 'lost@example.com';
    const caller = await stage.as(3);
    await behave(stage.ses.url, { mode: 'accept-then-reset', times: 1 });
    const { otpId } = (await caller.send({ email })).body;
    await until('the mail came', async () => (await stage.mails(email)).length === 1);
    expect(await deliveryOf(email)).toBe('queued');
    await stage.skip(20);
    const otp = await stage.code(email);
    const mails = await stage.mails(email);
    expect(new Set(mails.map(({ text }) => text.slice(0, 6))).size).toBe(1);
    expect(mails).toHaveLength(2);
    expect((await caller.verify({ email, otp, otpId })).status).toBe(200);
  });
});

describe('list', () => {
  test('of a user who never asked is empty', async () => {
    const answer = await stage.unchanged(async () => (await stage.as(10)).list());
    expect([answer.status, answer.body]).toEqual([200, { success: true, emails: [], total: 0 }]);
  });

  test('has every field of the contract, the verified ones first, one primary, and nobody else’s', async () => {
    const caller = await stage.as(11);
    await caller.send({ email: 'List-Open@Example.com' });
    await stage.settled();
    expect((await caller.list('?all=true')).body.emails).toMatchObject([{ isPrimary: false, verified: false }]);
    expect((await caller.list()).body).toEqual({ success: true, emails: [], total: 0 });
    await verify(11, 'list-first@example.com', 'business');
    await verify(11, 'list-second@example.com');
    await verify(12, 'list-foreign@example.com');
    const answer = await stage.unchanged(() => caller.list('?all=true'));
    const entry = {
      verified: true,
      verifiedAt: expect.stringMatching(ISO),
      verificationMethod: 'otp',
      isPrimary: false,
    };
    expect(answer.body).toEqual({
      success: true,
      emails: [
        { ...entry, email: 'list-first@example.com', purpose: 'business', isPrimary: true },
        { ...entry, email: 'list-second@example.com', purpose: 'verification' },
        { ...entry, email: 'list-open@example.com', purpose: 'verification', verified: false, verifiedAt: null },
      ],
      total: 3,
    });
    for (const query of ['', '?all=false']) {
      const { emails, total } = (await caller.list(query)).body;
      expect([emails, total]).toEqual([(answer.body.emails as object[]).slice(0, 2), 2]);
    }
    expectProblem(await caller.list('?all=yes'), 400, 'invalid_request');
  });

  test('the primary one is what the host application vouched for, though another was verified before it', async () => {
    const caller = await stage.as(14);
    await verify(14, 'list-otp@example.com');
    await handlerOn(stage.db.sql).handle({
      type: 'assert-verification',
      address: addressOf('list-host@example.com'),
      userId: user(14),
      purpose: 'verification',
      verified: true,
      method: 'registration',
      by: user(900),
    });
    expect((await caller.list()).body.emails).toMatchObject([
      { email: 'list-otp@example.com', isPrimary: false },
      { email: 'list-host@example.com', verificationMethod: 'registration', isPrimary: true },
    ]);
  });

  test('shows an address once for each purpose that was asked for, not once for each code', async () => {
    const email = 'list-purposes@example.com';
    const caller = await stage.as(13);
    for (const purpose of ['business', 'driver', 'business']) {
      expect((await caller.send({ email, purpose })).status).toBe(200);
      await stage.later(1801);
    }
    const { emails, total } = (await caller.list('?all=true')).body;
    expect((emails as { purpose: string }[]).map(({ purpose }) => purpose)).toEqual(['business', 'driver']);
    expect(total).toBe(2);
  });

  test('of a user of more than 500 is cut off there, and says how many there are', async () => {
    const more = "gen_random_uuid()::text || '@example.com', true, now()";
    await stage.db.owner.unsafe(`insert into user_email_addresses (user_id, email_address, is_verified, verified_at)
      select '${user(15)}', ${more} from generate_series(1, 501)`);
    const { emails, total } = (await (await stage.as(15)).list()).body;
    expect([(emails as object[]).length, total]).toEqual([500, 501]);
  });
});
