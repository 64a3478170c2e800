/** The parts of an import: a row as a command or the reason why not and the report by ids. */
import { describe, expect, test } from 'vitest';
import { createReport } from '../../services/cli/import/report.ts';
import { codeOf, linkOf } from '../../services/cli/import/parse-row.ts';
import type { SourceCode } from '../../services/store/import-source.ts';
import { user } from '../support/api.ts';
import { code, link } from '../support/import-rows.ts';

const NOW = 9_000;
const INSTANT_MAX = 8_640_000_000_000_000;
const nobody = () => false;

const command = (read: object) => (read as { command: Record<string, unknown> }).command;

const isErased = (address: string) => address === 'anna@example.com';

describe('a row of an address', () => {
  test('comes with its user, purpose, proof and times', () => {
    expect(linkOf(link, NOW, nobody)).toEqual({
      command: {
        type: 'import-link',
        address: 'anna@example.com',
        userId: user(1),
        purpose: 'business',
        verified: { at: 300, method: 'otp' },
        createdAt: 100,
        updatedAt: 400,
      },
    });
  });

  test.each([
    [{ verified_at: null }, { verified: { at: 400, method: 'otp' } }],
    [
      { verified_at: null, updated_at: null },
      { verified: { at: 100, method: 'otp' }, updatedAt: 100 },
    ],
    [{ verified: false }, { verified: null }],
    [{ method: 'admin' }, { verified: { at: 300, method: 'admin' } }],
    [{ method: 'signup' }, { verified: { at: 300, method: 'registration' } }],
    [{ method: null }, { verified: { at: 300, method: 'registration' } }],
    [{ created_at: null }, { createdAt: 400, updatedAt: 400 }],
    [
      { created_at: null, updated_at: null },
      { createdAt: NOW, updatedAt: NOW },
    ],
    [{ purpose: null }, { purpose: 'verification' }],
    [{ purpose: '  ' }, { purpose: 'verification' }],
    [{ purpose: ' driver ' }, { purpose: 'driver' }],
    [{ purpose: 'x'.repeat(50) }, { purpose: 'x'.repeat(50) }],
    [{ created_at: INSTANT_MAX }, { createdAt: INSTANT_MAX }],
  ])('with %j has %j', (change, expected) => {
    expect(command(linkOf({ ...link, ...change }, NOW, nobody))).toMatchObject(expected);
  });

  test.each([
    [{ email: 'a@example.com,b@example.com' }, /^email must be exactly one address/],
    [{ email: '' }, /address/],
    [{ purpose: 'x'.repeat(51) }, /^purpose must have 1 to 50 characters and no control characters$/],
    [{ purpose: 'a\nb' }, /^purpose must have 1 to 50/],
    [{ updated_at: Number.POSITIVE_INFINITY }, /^a time is outside the range of dates$/],
    [{ created_at: -INSTANT_MAX - 1 }, /^a time is outside/],
  ])('with %j is left out', (change, reason) => {
    const row = { ...link, ...change };
    expect(linkOf(row, NOW, nobody)).toEqual({ reason: expect.stringMatching(reason) });
    expect(codeOf({ ...code, ...change } as SourceCode, NOW, nobody)).toEqual({
      reason: expect.stringMatching(reason),
    });
  });

  test('of who was erased here does not come back, by the address in its one spelling', () => {
    const erased = { reason: 'the address was erased here' };
    expect([linkOf(link, NOW, isErased), codeOf(code, NOW, isErased)]).toEqual([erased, erased]);
    expect(linkOf({ ...link, email: 'b@example.com' }, NOW, isErased)).toHaveProperty('command');
  });
});

describe('a row of a code', () => {
  test('comes with its guesses and times, under its own id', () => {
    expect(codeOf(code, NOW, nobody)).toEqual({
      command: {
        type: 'import-code',
        address: 'anna@example.com',
        userId: user(1),
        purpose: 'business',
        otpId: user(101),
        attempts: 2,
        attemptsMax: 5,
        verifiedAt: null,
        expiresAt: 700,
        createdAt: 100,
        updatedAt: 400,
      },
    });
  });

  test.each([
    [{ verified: true, verified_at: 500 }, { verifiedAt: 500 }],
    [{ verified: true }, { verifiedAt: 400 }],
    [{ verified_at: 500 }, { verifiedAt: null }],
    [
      { created_at: null, updated_at: null },
      { createdAt: 700, updatedAt: 700 },
    ],
    [
      { created_at: null, updated_at: null, expires_at: NOW + 1 },
      { createdAt: NOW, expiresAt: NOW + 1 },
    ],
  ])('with %j has %j', (change, expected) => {
    expect(command(codeOf({ ...code, ...change }, NOW, nobody))).toMatchObject(expected);
  });
});

test('the report counts, gives five examples of each reason by id, and a JSON line for every row left out', () => {
  const report = createReport('a_table');
  report.imported();
  report.imported();
  report.present();
  for (let id = 1; id <= 6; id++) report.skipped('Six of it.', id);
  report.skipped('One of it.', 'x');
  expect(report.toText()).toBe(
    'a_table: 2 imported, 1 there already, 7 left out\n' +
      '  left out 6: Six of it. (id 1, 2, 3, 4, 5, …)\n' +
      '  left out 1: One of it. (id x)',
  );
  expect(report.skippedRows()).toHaveLength(7);
  expect(report.skippedRows()[6]).toBe('{"table":"a_table","reason":"One of it.","id":"x"}');
  for (let id = 2; id <= 5; id++) report.skipped('Five of it.', id);
  report.skipped('Five of it.', 6);
  expect(report.toText()).toContain('left out 5: Five of it. (id 2, 3, 4, 5, 6)');
});
