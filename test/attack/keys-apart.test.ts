/** While keys are rotated process by process, no right code is called wrong, and no mail is given up. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStage, type Stage } from '../support/contract.ts';
import { wrongCode } from '../support/mailbox.ts';
import { codeIn } from '../support/mailbox.ts';

const [OLD, NEW] = [`old:${'o'.repeat(32)}`, `new:${'n'.repeat(32)}`];

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ OTP_KEYS: OLD });
});
afterAll(() => stage.stop());

describe('one api with the new key and one without', () => {
  test('a code of a key that this one does not have is not judged, costs nothing, and is accepted where the key is', async () => {
    const ahead = await stage.another({ OTP_KEYS: `${NEW},${OLD}` });
    const email = 'ahead@example.com';
    const [here, there] = [await stage.as(1), await stage.as(1, ahead)];
    expect((await there.send({ email })).status).toBe(200);
    const otp = await stage.code(email);
    const before = await stage.events(email);
    for (const typed of [otp, wrongCode(otp), otp, wrongCode(otp), otp]) {
      const refused = await here.verify({ email, otp: typed });
      expect([refused.status, refused.body.error]).toEqual([503, 'otp_key_unavailable']);
      expect(Number(refused.headers.get('Retry-After'))).toBeLessThanOrEqual(2);
    }
    expect(await stage.events(email)).toEqual(before);
    expect((await there.verify({ email, otp })).status).toBe(200);
  });

  test('60 mails of codes of the new key all go out, whichever process takes them up', async () => {
    const ahead = await stage.another({ OTP_KEYS: `${NEW},${OLD}` });
    const emails = Array.from({ length: 60 }, (_, n) => `mail-${n}@example.com`);
    const sent = await Promise.all(emails.map(async (email, n) => (await stage.as(100 + n, ahead)).send({ email })));
    expect(sent.map(({ status }) => status)).toEqual(emails.map(() => 200));
    // Whoever looks takes them: half of the claims are put back as if their holder had died.
    await stage.db.owner`update outbox set claimed_until = created_at`;
    await expect
      .poll(
        () =>
          stage.db
            .owner`select count(distinct stream_id)::integer as n from events where type = 'sent' and stream_id like 'mail-%'`,
        {
          timeout: 60_000,
        },
      )
      .toEqual([{ n: 60 }]);
    expect(await stage.db.owner`select from events where type = 'send_failed'`).toHaveLength(0);
    const codes = new Set((await Promise.all(emails.map((email) => stage.mails(email)))).flat().map(codeIn));
    expect(codes.size).toBeGreaterThan(55);
  }, 90_000);

  test('first added as an older one, then promoted: every step is accepted everywhere', async () => {
    const steps = [`${OLD},${NEW}`, `${NEW},${OLD}`];
    const apis = [stage.api, ...(await Promise.all(steps.map((OTP_KEYS) => stage.another({ OTP_KEYS }))))];
    const told: string[] = [];
    for (const [n, [issuing, judging]] of [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 1],
    ].entries()) {
      const email = `step-${n}@example.com`;
      await (await stage.as(1, apis[issuing ?? 0])).send({ email });
      const otp = await stage.code(email);
      told.push(String((await (await stage.as(1, apis[judging ?? 0])).verify({ email, otp })).status));
    }
    expect(told).toEqual(['200', '200', '200', '200']);
  });
});
