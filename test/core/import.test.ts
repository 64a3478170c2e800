/** What is taken over from another system: once, as it was, and never a code that could be typed. */
import { describe, expect, test } from 'vitest';
import type { Context } from '../../services/core/context.ts';
import { type Command, decide } from '../../services/core/decide.ts';
import type { Recorded } from '../../services/core/events.ts';
import { defaultPolicy } from '../../services/core/policy.ts';
import { createCodeBook } from '../../services/mail/otp-code.ts';
import { user } from '../support/api.ts';
import { at, given, happened, iso, requested } from '../support/given.ts';
import { anAddress, testKeys } from '../support/rules.ts';

const nothingToDo = { kind: 'unchanged', because: 'nothing-to-do' };

function decided(events: readonly Recorded[], command: Command) {
  const codeBook = createCodeBook(testKeys, 1);
  const context: Context = { now: at(100), policy: defaultPolicy, codeBook, freshEmailId: 77 };
  const decision = decide(given(events), command, context);
  return decision.kind === 'recorded' ? decision.events : decision;
}

const verified = happened(9, 'verified', { otpId: 'code-1', userId: user(1), purpose: 'business', method: 'otp' });

describe('an address of another system', () => {
  const link = {
    type: 'import-link',
    address: anAddress,
    userId: user(1),
    purpose: 'business',
    createdAt: at(-900),
    updatedAt: at(-500),
  } as const;
  const proof = { at: at(-600), method: 'registration' } as const;
  const data = { what: 'address', userId: user(1), purpose: 'business' };

  test('that is new takes the fresh id, its times and its proof', () => {
    expect(decided([], { ...link, verified: proof })).toEqual([
      {
        type: 'imported',
        data: {
          ...data,
          emailId: 77,
          method: 'registration',
          verifiedAt: '2026-03-01T11:50:00.000Z',
          createdAt: '2026-03-01T11:45:00.000Z',
          updatedAt: '2026-03-01T11:51:40.000Z',
        },
      },
    ]);
    expect(decided([], { ...link, verified: null })).toEqual([
      {
        type: 'imported',
        data: { ...data, emailId: 77, method: 'otp', verifiedAt: null, createdAt: iso(-900), updatedAt: iso(-500) },
      },
    ]);
  });

  test('that is here without a proof gets it, and keeps its id and when it was made here', () => {
    expect(decided([requested(0)], { ...link, verified: proof })).toEqual([
      {
        type: 'imported',
        data: {
          ...data,
          emailId: 11,
          method: 'registration',
          verifiedAt: iso(-600),
          createdAt: iso(0),
          updatedAt: iso(-500),
        },
      },
    ]);
  });

  test('that is proven here, or has nothing to add, stays as it is', () => {
    expect(decided([requested(0), verified], { ...link, verified: proof })).toEqual(nothingToDo);
    expect(decided([requested(0)], { ...link, verified: null })).toEqual(nothingToDo);
  });
});

describe('a code of another system', () => {
  const code = {
    type: 'import-code',
    address: anAddress,
    otpId: 'old-1',
    userId: user(1),
    purpose: 'driver',
    attempts: 2,
    attemptsMax: 4,
    expiresAt: at(-300),
    createdAt: at(-900),
    updatedAt: at(-650),
  } as const;

  test.each([
    [at(-700), '2026-03-01T11:48:20.000Z'],
    [null, null],
  ])('verified at %s is recorded as it was', (verifiedAt, text) => {
    expect(decided([], { ...code, verifiedAt })).toEqual([
      {
        type: 'imported',
        data: {
          what: 'code',
          otpId: 'old-1',
          userId: user(1),
          purpose: 'driver',
          attempts: 2,
          attemptsMax: 4,
          verifiedAt: text,
          expiresAt: '2026-03-01T11:55:00.000Z',
          issuedAt: '2026-03-01T11:45:00.000Z',
          updatedAt: '2026-03-01T11:49:10.000Z',
        },
      },
    ]);
  });
});
