/** What a caller names as a purpose arrives in no mail in the operator's name. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem, startStage, type Stage } from '../support/contract.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ EMAIL_RATE_LIMIT_USER_SHARE_PER_HOUR: '5' });
});
afterAll(() => stage.stop());

describe('a purpose', () => {
  test.each(['refund-of-950-EUR_CALL-NOW_0800', 'constructor', 'Business', 'registration', 'businessx'])(
    'that is not listed (%s) is refused, recorded nowhere and mailed to nobody',
    async (purpose) => {
      const caller = await stage.as(1);
      for (const way of ['send', 'resend'] as const) {
        const refused = await stage.unchanged(() => caller[way]({ email: 'victim@example.com', purpose }));
        expectProblem(refused, 400, 'invalid_request');
        expect(refused.body.detail).toBe('purpose: must be one of verification, business, driver');
        expect(refused.text).not.toContain('CALL-NOW');
      }
    },
  );

  test('that is listed and not worded is taken, and the mail is as without it', async () => {
    const api = await stage.another({ EMAIL_PURPOSES: 'verification,Win-950-EUR_at-evil' });
    const caller = await stage.as(2, api);
    expect((await caller.send({ email: 'listed@example.com', purpose: 'Win-950-EUR_at-evil' })).status).toBe(200);
    await stage.settled();
    const [mail] = await stage.mails('listed@example.com');
    expect(JSON.stringify(mail)).not.toContain('950');
    expectProblem(await caller.send({ email: 'listed@example.com', purpose: 'business' }), 400, 'invalid_request');
  });

  test('that a mail names is worded in its language', async () => {
    const caller = await stage.as(3);
    expect((await caller.send({ email: 'worded@example.com', purpose: 'driver', locale: 'de' })).status).toBe(200);
    await stage.settled();
    const [mail] = await stage.mails('worded@example.com');
    expect(JSON.stringify(mail)).toContain('(Fahrerkonto)');
  });
});
