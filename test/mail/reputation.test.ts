/** Whether too many mails came back: the circuit opens before Amazon would pause the account. */
import { expect, test } from 'vitest';
import { standingOf } from '../../services/mail/reputation.ts';

const limits = { bouncePercentMax: 5, complaintPercentMax: 0.3 };
const of = (sent: number, bounced: number, complained = 0, more = limits) =>
  standingOf({ sent, bounced, complained }, more).mayMail;

test('5 % bounces pause the sending, a little less does not, and few mails say nothing', () => {
  expect([of(1000, 49), of(1000, 50), of(1000, 100)]).toEqual([true, false, false]);
  expect([of(199, 199), of(200, 10), of(0, 0)]).toEqual([true, false, true]);
});

test('complaints pause it from 0.3 % on, and never one or two alone', () => {
  expect([of(1000, 0, 2), of(1000, 0, 3), of(200, 0, 2), of(2000, 0, 5)]).toEqual([true, false, true, true]);
});

test('a limit of 0 never pauses', () => {
  expect(of(1000, 1000, 1000, { bouncePercentMax: 0, complaintPercentMax: 0 })).toBe(true);
});
