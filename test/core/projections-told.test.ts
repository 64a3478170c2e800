/** What the guide's two tables hold after an admin's word and an import, in values written by hand. */
import { describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { at, emailRow, happened, iso, requested, rowsOf } from '../support/given.ts';
import { anAddress } from '../support/rules.ts';

const asked = requested(0);
const verified = happened(9, 'verified', { otpId: 'code-1', userId: user(1), purpose: 'business', method: 'otp' });
const said = { userId: user(1), purpose: 'business', by: user(9), before: false, after: true };

describe('asserted', () => {
  test.each(['admin', 'registration'] as const)('by %s: a new row is made verified, with this method', (method) => {
    const event = happened(40, 'asserted', { ...said, emailId: 15, method });
    const row = { ...emailRow, id: 15, is_verified: true, verified_at: at(40), verification_method: method };
    expect(rowsOf(event)).toEqual({ email: { ...row, created_at: at(40), updated_at: at(40) } });
  });

  test('of a row that is there: it keeps its id and its making', () => {
    const event = happened(40, 'asserted', { ...said, emailId: 11, method: 'admin' });
    const row = {
      ...emailRow,
      is_verified: true,
      verified_at: at(40),
      verification_method: 'admin',
      updated_at: at(40),
    };
    expect(rowsOf(asked, event)).toEqual({ email: row });
  });

  test('that it is not verified: no time and no method remain, and no row of a code changes', () => {
    const event = happened(40, 'asserted', { ...said, emailId: 11, method: 'admin', before: true, after: false });
    expect(rowsOf(asked, verified, event)).toEqual({ email: { ...emailRow, updated_at: at(40) } });
  });
});

describe('imported', () => {
  const taken = { userId: user(3), purpose: 'verification', createdAt: iso(-900), updatedAt: iso(-500) };

  test.each(['otp', 'registration', 'admin'] as const)('an address verified by %s comes as it was', (method) => {
    const data = { ...taken, what: 'address' as const, emailId: 5, method, verifiedAt: iso(-600) };
    expect(rowsOf(happened(0, 'imported', data))).toEqual({
      email: {
        id: 5,
        user_id: '00000000-0000-4000-8000-000000000003',
        email_address: anAddress,
        is_verified: true,
        verified_at: at(-600),
        purpose: 'verification',
        verification_method: method,
        created_at: at(-900),
        updated_at: at(-500),
      },
    });
  });

  test('an address that is not verified comes without a proof', () => {
    const data = { ...taken, what: 'address' as const, emailId: 5, method: 'admin' as const, verifiedAt: null };
    expect(rowsOf(happened(0, 'imported', data))).toMatchObject({
      email: { is_verified: false, verified_at: null, verification_method: 'otp' },
    });
  });

  test.each([
    [iso(-700), true, at(-700)],
    [null, false, null],
  ])('a code verified at %s comes as history, with no digest that could be a code', (verifiedAt, was, when) => {
    const times = { issuedAt: iso(-900), expiresAt: iso(-300), updatedAt: iso(-650), verifiedAt };
    const data = { what: 'code' as const, otpId: 'old-1', userId: user(3), purpose: 'driver', ...times };
    expect(rowsOf(happened(0, 'imported', { ...data, attempts: 2, attemptsMax: 4 }))).toEqual({
      code: {
        id: 'old-1',
        user_id: '00000000-0000-4000-8000-000000000003',
        email: anAddress,
        otp: 'imported',
        purpose: 'driver',
        verified: was,
        verified_at: when,
        expires_at: at(-300),
        attempts: 2,
        max_attempts: 4,
        created_at: at(-900),
        updated_at: at(-650),
      },
    });
  });
});
