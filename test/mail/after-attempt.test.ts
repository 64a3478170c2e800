/** What follows from each answer of the mail service: a table, with the first and the last moment of a next attempt. */
import { expect, test } from 'vitest';
import { afterAttempt, sendFailed } from '../../services/mail/after-attempt.ts';
import type { SendResult } from '../../services/mail/transport.ts';
import { mailOf } from '../support/sender.ts';

const mail = mailOf('x', 600_000, 2);
const which = { address: mail.address, otpId: 'x', mailing: 2 };

test.each<[SendResult, object, object]>([
  [{ kind: 'throttled' }, { milliseconds: 200 }, { milliseconds: 2000 }],
  [{ kind: 'unreached' }, { milliseconds: 1000 }, { milliseconds: 4000 }],
  [{ kind: 'unavailable', reason: 'quota' }, { milliseconds: 5000 }, { milliseconds: 5000 }],
])('%j: given back, for a time that spreads', (result, first, last) => {
  expect([afterAttempt(result, mail, 0), afterAttempt(result, mail, 1)]).toEqual([
    { do: 'give-back', ...first },
    { do: 'give-back', ...last },
  ]);
});

test('a mail that was taken or refused is recorded as such; one of which nobody knows is counted', () => {
  expect(afterAttempt({ kind: 'accepted', messageId: 'm' }, mail, 0)).toEqual({
    do: 'record',
    command: { type: 'record-sent', ...which, messageId: 'm' },
  });
  expect(afterAttempt({ kind: 'rejected' }, mail, 0)).toEqual({
    do: 'record',
    command: { type: 'record-send-failed', ...which, reason: 'rejected' },
  });
  expect(afterAttempt({ kind: 'unsure' }, mail, 0)).toEqual({ do: 'count-unsure' });
  expect(sendFailed(mail, 'unanswered')).toEqual({ type: 'record-send-failed', ...which, reason: 'unanswered' });
});
