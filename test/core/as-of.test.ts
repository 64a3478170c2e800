/** What was so at a moment, by the log alone; and two names that the product goes by. */
import { describe, expect, test } from 'vitest';
import { isPseudonym } from '../../services/core/erase.ts';
import { mailName } from '../../services/core/mail.ts';
import { asOf } from '../../services/core/as-of.ts';
import type { EmailAddress } from '../../services/core/email-address.ts';
import { emptyAddress, type Link, verifiedLink } from '../../services/core/state.ts';
import { user } from '../support/api.ts';
import { at, happened, iso, requested } from '../support/given.ts';
import { anAddress } from '../support/rules.ts';

const verified = happened(9, 'verified', { otpId: 'code-1', userId: user(1), purpose: 'business', method: 'otp' });

const link = (purpose: string, seconds: number): Link => ({
  emailId: 11,
  userId: user(1),
  purpose,
  createdAt: 0,
  changedAt: 0,
  proof: { kind: 'verified', at: at(seconds), method: 'otp' },
});
const told = (...links: Link[]) => verifiedLink({ ...emptyAddress, links }, user(1))?.purpose;

describe('the past of an address', () => {
  const asked = requested(0);
  const taken = happened(30, 'asserted', {
    emailId: 11,
    userId: user(1),
    purpose: 'business',
    method: 'admin',
    by: user(9),
    before: true,
    after: false,
  });
  const guessed = happened(20, 'attempted', {
    otpId: 'code-1',
    attempts: 1,
    attemptsMax: 3,
    wrongGuesses: 1,
    ipHash: null,
  });
  const story = [asked, verified, guessed, taken];

  test.each([
    [-1, 'never heard of', undefined],
    [0, 'none', undefined],
    [8.999, 'none', undefined],
    [9, 'verified', verified],
    [29.999, 'verified', verified],
    [30, 'none', taken],
    [99, 'none', taken],
  ] as const)('at %d s: %s', (seconds, proof, because) => {
    const past = asOf(story, at(seconds), user(1));
    expect(past.state.links[0]?.proof.kind ?? 'never heard of').toBe(proof);
    expect(past.because).toEqual(because);
  });

  test('of two purposes that were proven at the same moment the first is told, of others the latest', () => {
    expect(told(link('business', 9), link('driver', 9))).toBe('business');
    expect(told(link('business', 9), link('driver', 10))).toBe('driver');
    expect(told(link('business', 10), link('driver', 9))).toBe('business');
  });

  test("another user's proof is nobody else's", () => {
    expect(asOf(story, at(10), user(2)).because).toBeUndefined();
  });

  test('what was taken over was so before it came: from its proof on, or from its making where it has none', () => {
    const was = { what: 'address' as const, emailId: 11, userId: user(1), purpose: 'business', method: 'otp' as const };
    const times = { createdAt: iso(-900), updatedAt: iso(-500) };
    const proven = happened(0, 'imported', { ...was, ...times, verifiedAt: iso(-600) });
    expect(asOf([proven], at(-601), user(1))).toMatchObject({ state: { links: [] }, because: undefined });
    expect(asOf([proven], at(-600), user(1))).toMatchObject({ state: { links: [{ emailId: 11 }] }, because: proven });
    const unproven = happened(0, 'imported', { ...was, ...times, verifiedAt: null });
    expect(asOf([unproven], at(-901), user(1)).state.links).toEqual([]);
    expect(asOf([unproven], at(-900), user(1)).state.links).toHaveLength(1);
    const history = { otpId: 'old', userId: user(1), purpose: 'driver', attempts: 1, attemptsMax: 3, verifiedAt: null };
    const code = { what: 'code' as const, ...history, issuedAt: iso(-900), expiresAt: iso(-300), updatedAt: iso(-300) };
    expect(asOf([happened(5, 'imported', code)], at(4), user(1)).state.lastEventAt).toBe(0);
    expect(asOf([happened(5, 'imported', code)], at(5), user(1)).state.lastEventAt).toBe(at(5));
  });
});

describe('a name', () => {
  test.each([
    ['erased-1@erased.invalid', true],
    ['a@example.com', false],
    ['a@erased.invalid.example.com', false],
    ['a@not-erased.invalid', false],
  ])('%s stands for an erased address: %s', (text, expected) => {
    expect(isPseudonym(text as EmailAddress)).toBe(expected);
  });

  test('tells one mailing of a code from every other', () => {
    const event = requested(0, { mailing: 3 });
    expect(mailName({ address: anAddress, event, claim: 1, livesMilliseconds: 1 } as never)).toBe('code-1 3');
  });
});
