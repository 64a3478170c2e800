/** From a mail that waits to what is sent: which code, how many minutes, in which words; and nothing where the key is gone. */
import { describe, expect, test } from 'vitest';
import { createCompose } from '../../services/mail/compose.ts';
import { otpKey } from '../../services/runtime/keys.ts';
import { deriveCode } from '../../services/mail/otp-code.ts';
import { requestedData } from '../support/additions.ts';
import { addressOf, testKeys } from '../support/rules.ts';

const address = addressOf('a@example.com');
const at = Date.parse('2026-03-03T12:00:00Z');
const message = { subject: 's', text: 't', html: 'h' };

/** A mail whose code lives so many milliseconds from the moment that it was asked for. */
function mailLiving(milliseconds: number) {
  const data = {
    ...requestedData(1),
    locale: 'de',
    purpose: 'business',
    expiresAt: new Date(at + milliseconds).toISOString(),
  };
  return {
    address,
    event: { type: 'requested' as const, version: 1, at, data },
    claim: 1,
    deferrals: 0,
    livesMilliseconds: 5,
  };
}

function composing(keys = testKeys) {
  const asked: unknown[] = [];
  const compose = createCompose(keys, { compose: (facts) => (asked.push(facts), message) });
  return { compose, asked };
}

describe('a mail', () => {
  test('goes to its address under its id, with its own code, in its language and purpose', () => {
    const { compose, asked } = composing();
    const mail = mailLiving(600_000);
    expect(compose(mail)).toEqual({ to: address, reference: mail.event.data.otpId, message });
    const code = deriveCode(testKeys, { ...mail.event.data, address });
    expect(code).toMatch(/^\d{6}$/);
    expect(asked).toEqual([{ code, purpose: 'business', minutes: 10, locale: 'de' }]);
  });

  test('whose key is gone has no code and is not sent', () => {
    const { compose, asked } = composing([otpKey('another', Buffer.alloc(32, 8))]);
    expect(compose(mailLiving(600_000))).toBe('no-key');
    expect(asked).toEqual([]);
  });

  test.each([
    [600_000, 10],
    [569_999, 9],
    [90_000, 2],
    [89_999, 1],
    [1, 1],
    [-5000, 1],
  ])(
    'that lives %i ms names %i minutes: they are counted from the moment that it was asked for, and are one at the least',
    (life, minutes) => {
      const { compose, asked } = composing();
      compose(mailLiving(life));
      expect(asked).toMatchObject([{ minutes }]);
    },
  );
});
