/** What follows from each answer of the mail service: a table, with the first and the last moment of a next attempt. */
import { expect, test } from 'vitest';
import { afterAttempt, sendFailed } from '../../services/mail/after-attempt.ts';
import type { SendResult } from '../../services/mail/transport.ts';
import { mailOf } from '../support/sender.ts';

const mail = mailOf('x', 600_000, 2);
const which = { address: mail.address, otpId: 'x', mailing: 2 };

test.each<[SendResult, number, number]>([
  [{ kind: 'throttled' }, 500, 2000],
  [{ kind: 'unreached' }, 1000, 4000],
  [{ kind: 'deferred' }, 15_000, 18_000],
  [{ kind: 'disputed' }, 15_000, 18_000],
  [{ kind: 'unavailable', reason: 'quota' }, 5000, 5000],
  [{ kind: 'late' }, 0, 0],
])('%j: given back, for a time that spreads', (result, first, last) => {
  expect([afterAttempt(result, mail, 0), afterAttempt(result, mail, 1)]).toEqual([
    { do: 'give-back', milliseconds: first },
    { do: 'give-back', milliseconds: last },
  ]);
});

test.each<[SendResult['kind'], readonly number[]]>([
  ['throttled', [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 120_000, 120_000]],
  ['unreached', [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 120_000]],
  ['deferred', [15_000, 30_000, 60_000, 120_000, 120_000]],
  ['disputed', [15_000, 30_000, 60_000, 120_000, 120_000]],
  ['unavailable', [5000, 5000, 5000]],
])('a mail that is %s again and again waits longer each time, within eight tries a minute', (kind, pauses) => {
  const paused = pauses.map((_, deferrals) =>
    afterAttempt({ kind } as SendResult, mailOf('x', 600_000, 1, deferrals), 0),
  );
  expect(paused).toEqual(pauses.map((milliseconds) => ({ do: 'give-back', milliseconds })));
  expect(afterAttempt({ kind } as SendResult, mailOf('x', 600_000, 1, 10_000), 1)).toMatchObject({
    milliseconds: pauses.at(-1),
  });
});

test('a refusal for good is recorded with what was said; without words there are none', () => {
  const refusal = { fault: 'recipient', status: 550, words: '5.1.1 … unknown' } as const;
  expect(afterAttempt({ kind: 'rejected', refusal }, mail, 0)).toEqual({
    do: 'record',
    command: { type: 'record-send-failed', ...which, reason: 'rejected', status: 550, words: '5.1.1 … unknown' },
  });
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
