/** Asking for a code: the caps are the address's own, and a repeat is the same code while it is fresh. */
import { describe, expect, test } from 'vitest';
import type { Requested } from '../../services/core/events.ts';
import { Story, told } from '../support/rules.ts';
import { user } from '../support/api.ts';

describe('asking for a code', () => {
  test('records one request that holds all a mail needs, and not the code', () => {
    const story = new Story();
    expect(told(story.request())).toBe('requested');
    const text = JSON.stringify(story.events);
    expect(text).not.toContain(story.code());
    expect(text).not.toContain('a@example.com');
    expect(story.state.codes).toHaveLength(1);
  });

  test('within the cooldown it is refused, whoever asks, and records nothing', () => {
    const story = new Story();
    story.request();
    const refused = story.after(20).request(user(2), 'business');
    expect(refused).toEqual({ kind: 'rejected', rejection: { code: 'resend_cooldown', retryAfterSeconds: 40 } });
    expect(story.events).toHaveLength(1);
    expect(told(story.after(39.999).request())).toBe('resend_cooldown');
    expect(told(story.after(0.001).request())).toBe('requested');
  });

  test('after the cooldown the same fresh, unguessed code is mailed again, with the life it had', () => {
    const story = new Story();
    story.request();
    const code = story.code();
    story.after(60).request();
    expect(story.types()).toEqual(['requested', 'requested']);
    expect(story.code()).toBe(code);
    const [first, second] = story.events.map(({ data }) => data as Requested['data']);
    expect(second).toMatchObject({ otpId: 'otp-1', mailing: 2, expiresAt: first?.expiresAt });
  });

  test('a guessed code is replaced, and the old one is dead', () => {
    const story = new Story();
    story.request();
    const old = story.code();
    story.guess(story.wrong());
    expect(told(story.after(60).request())).toBe('superseded send_failed requested');
    expect(told(story.guess(old, { otpId: 'otp-1' }))).toBe('otp_superseded');
    expect(story.code()).not.toBe(old);
  });

  test('a code in the second half of its life is replaced', () => {
    const story = new Story();
    story.request();
    expect(told(story.after(301).request())).toBe('superseded send_failed requested');
  });

  test('a lapsed code is told as expired before a new one is issued', () => {
    const story = new Story();
    story.request();
    expect(told(story.after(601).request())).toBe('expired send_failed requested');
  });

  test('a code of an epoch before a restore is replaced, never mailed again', () => {
    const story = new Story();
    story.request();
    const restored = new Story({}, 2);
    restored.state = story.state;
    restored.nowSeconds = 61;
    expect(told(restored.request())).toContain('requested');
    expect(restored.events.at(-1)?.data).toMatchObject({ mailing: 1, epoch: 2 });
  });

  test('the sixth request within an hour is refused, whichever users ask; the window slides', () => {
    const story = new Story();
    for (let n = 1; n <= 5; n++) expect(told(story.after(61).request(user(n)))).toContain('requested');
    const refused = story.after(61).request(user(6));
    expect(refused).toEqual({
      kind: 'rejected',
      rejection: { code: 'hourly_limit', retryAfterSeconds: 3600 - 5 * 61 },
    });
    expect(told(story.after(3600 - 5 * 61 - 1).request(user(6)))).toBe('hourly_limit');
    expect(told(story.after(1).request(user(6)))).toContain('requested');
    expect(told(story.after(60).request(user(7)))).toBe('hourly_limit');
  });

  test('where two limits hold, the longer wait is told, so that whoever keeps it is not refused by the other', () => {
    const story = new Story();
    for (let n = 0; n < 4; n++) {
      story.request(user(n));
      story.after(100);
    }
    story.after(3590 - story.nowSeconds).request(user(4));
    // The hour's first ends in a second, the cooldown of the last in 51.
    expect(story.after(9).request(user(5))).toMatchObject({
      rejection: { code: 'resend_cooldown', retryAfterSeconds: 51 },
    });
    expect(told(story.after(51).request(user(5)))).toBe('requested');
  });

  test('the daily cap holds over the hours, and ends after 24', () => {
    const story = new Story();
    let sent = 0;
    while (story.nowSeconds < 86_000) if (told(story.after(400).request(user(sent))).includes('requested')) sent++;
    expect(sent).toBe(20);
    expect(told(story.request(user(99)))).toBe('daily_limit');
    expect(told(story.after(900).request(user(99)))).toContain('requested');
  });

  test('a user who verified the address for any purpose is not asked again; another user is', () => {
    const story = new Story();
    story.request(user(1), 'business');
    story.guess(story.code(), { purpose: 'business' });
    expect(told(story.after(90).request(user(1), 'driver'))).toBe('already-verified');
    expect(told(story.request(user(2)))).toBe('requested');
  });

  test('two purposes of one user have a code each', () => {
    const story = new Story();
    story.request(user(1), 'business');
    story.after(60).request(user(1), 'driver');
    expect(told(story.guess(story.code('otp-1'), { otpId: 'otp-1' }))).toContain('verified');
  });
});
