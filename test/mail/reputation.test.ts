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

test('the shares are of the mails sent; of no mails they are none', () => {
  expect(standingOf({ sent: 400, bounced: 10, complained: 2 }, limits)).toEqual({
    bounceRatio: 0.025,
    complaintRatio: 0.005,
    mayMail: true,
  });
  expect(standingOf({ sent: 0, bounced: 3, complained: 2 }, limits)).toEqual({
    bounceRatio: 0,
    complaintRatio: 0,
    mayMail: true,
  });
});

test('one limit of 0 leaves the other', () => {
  expect(of(1000, 900, 0, { bouncePercentMax: 0, complaintPercentMax: 0.3 })).toBe(true);
  expect(of(1000, 900, 3, { bouncePercentMax: 0, complaintPercentMax: 0.3 })).toBe(false);
  expect(of(1000, 50, 900, { bouncePercentMax: 5, complaintPercentMax: 0 })).toBe(false);
  expect(of(1000, 49, 900, { bouncePercentMax: 5, complaintPercentMax: 0 })).toBe(true);
});

test('three complaints of 200 pause it, of 199 they do not', () => {
  expect([of(200, 0, 3), of(199, 0, 3)]).toEqual([false, true]);
});
