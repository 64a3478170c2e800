/** What an admin, the scheduler, the mail service, another system and a person's wish to be forgotten lead to: whole events, by hand. */
import { describe, expect, test } from 'vitest';
import type { Context } from '../../services/core/context.ts';
import { type Command, decide } from '../../services/core/decide.ts';
import type { Recorded } from '../../services/core/events.ts';
import { defaultPolicy } from '../../services/core/policy.ts';
import { createCodeBook } from '../../services/mail/otp-code.ts';
import { user } from '../support/api.ts';
import { at, given, happened, iso, requested } from '../support/given.ts';
import { anAddress, testKeys } from '../support/rules.ts';

const by = '00000000-0000-4000-8000-000000000900';
const address = anAddress;
const asked = requested(0);
const sent = happened(1, 'sent', { otpId: 'code-1', mailing: 1, messageId: 'm' });
const again = requested(60, { mailing: 2, issuedAt: iso(0), expiresAt: iso(600) });
const verified = happened(9, 'verified', { otpId: 'code-1', userId: user(1), purpose: 'business', method: 'otp' });
const nothingToDo = { kind: 'unchanged', because: 'nothing-to-do' };

/** What the command leads to at so many seconds: the events, or the refusal. */
function decided(events: readonly Recorded[], command: Command, seconds = 100) {
  const codeBook = createCodeBook(testKeys, 1);
  const context: Context = { now: at(seconds), policy: defaultPolicy, codeBook, freshEmailId: 77 };
  const decision = decide(given(events), command, context);
  return decision.kind === 'recorded' ? decision.events : decision;
}

describe('an admin, or the host application, says', () => {
  const say = {
    type: 'assert-verification',
    address,
    by,
    userId: user(1),
    purpose: 'business',
    method: 'admin',
  } as const;
  const data = { emailId: 11, userId: user(1), purpose: 'business', method: 'admin', by };

  test('that an address is verified: who, before and after; a new row takes the fresh id', () => {
    expect(decided([asked], { ...say, verified: true })).toEqual([
      { type: 'asserted', data: { ...data, before: false, after: true } },
    ]);
    expect(decided([], { ...say, verified: true, method: 'registration' })).toEqual([
      { type: 'asserted', data: { ...data, emailId: 77, method: 'registration', before: false, after: true } },
    ]);
  });

  test('that it is not', () => {
    expect(decided([asked, verified], { ...say, verified: false })).toEqual([
      { type: 'asserted', data: { ...data, before: true, after: false } },
    ]);
    expect(decided([], { ...say, verified: false })).toEqual([
      { type: 'asserted', data: { ...data, emailId: 77, before: false, after: false } },
    ]);
  });

  test('what is so already: nothing is recorded', () => {
    expect(decided([asked, verified], { ...say, verified: true })).toEqual(nothingToDo);
    expect(decided([asked], { ...say, verified: false })).toEqual(nothingToDo);
  });

  test("of one user and purpose, and not of another's row", () => {
    const otherUser = decided([asked, verified], { ...say, verified: true, userId: user(2) });
    expect(otherUser).toMatchObject([{ data: { emailId: 77, userId: user(2), before: false } }]);
    const otherPurpose = decided([asked, verified], { ...say, verified: true, purpose: 'driver' });
    expect(otherPurpose).toMatchObject([{ data: { emailId: 77, purpose: 'driver', before: false } }]);
  });
});

describe('an operator', () => {
  const guessed = happened(5, 'attempted', {
    otpId: 'code-1',
    attempts: 1,
    attemptsMax: 3,
    wrongGuesses: 4,
    ipHash: null,
  });
  const suppressed = happened(6, 'suppressed', { reason: 'complaint', by: null });

  test('gives the budget of guesses back; how many there were is recorded, and none is no event', () => {
    expect(decided([asked, guessed], { type: 'unlock', address, by })).toEqual([
      { type: 'unlocked', data: { by, before: 1 } },
    ]);
    expect(decided([asked], { type: 'unlock', address, by })).toEqual(nothingToDo);
  });

  test('closes an address to mail, once', () => {
    expect(decided([], { type: 'suppress', address, by })).toEqual([
      { type: 'suppressed', data: { reason: 'admin', by } },
    ]);
    expect(decided([asked, suppressed], { type: 'suppress', address, by })).toEqual(nothingToDo);
  });

  test('opens it again; why it was closed is recorded', () => {
    expect(decided([asked, suppressed], { type: 'lift-suppression', address, by })).toEqual([
      { type: 'unsuppressed', data: { by, before: 'complaint' } },
    ]);
    expect(decided([asked], { type: 'lift-suppression', address, by })).toEqual(nothingToDo);
  });
});

const gone = (otpId: string) => ({ type: 'expired', data: { otpId } });
const unsent = (mailing: number, reason: string, otpId = 'code-1') => ({
  type: 'send_failed',
  data: { otpId, mailing, reason },
});

describe('time', () => {
  const expire: Command = { type: 'expire-codes', address };
  test('closes a code at the end of its life and not a millisecond before, and gives its waiting mails up', () => {
    expect(decided([asked], expire, 599.999)).toEqual(nothingToDo);
    expect(decided([asked], expire, 600)).toEqual([gone('code-1'), unsent(1, 'expired')]);
    expect(decided([asked, sent], expire, 600)).toEqual([gone('code-1')]);
    expect(decided([asked, sent, again], expire, 600)).toEqual([gone('code-1'), unsent(2, 'expired')]);
    expect(decided([asked, again], expire, 600)).toEqual([gone('code-1'), unsent(1, 'expired'), unsent(2, 'expired')]);
  });

  test('closes each lapsed code of the address and leaves what is closed or alive', () => {
    const second = requested(61, { otpId: 'code-2', userId: user(2), emailId: 12 });
    const third = requested(300, { otpId: 'code-3', userId: user(3), emailId: 13 });
    const both = decided([asked, sent, second, third], expire, 661);
    expect(both).toEqual([gone('code-1'), gone('code-2'), unsent(1, 'expired', 'code-2')]);
    expect(decided([asked, verified], expire, 700)).toEqual(nothingToDo);
    const superseded = happened(70, 'superseded', { otpId: 'code-1', by: 'code-2' });
    expect(decided([asked, superseded], expire, 700)).toEqual(nothingToDo);
    expect(decided([asked, happened(600, 'expired', { otpId: 'code-1' })], expire, 700)).toEqual(nothingToDo);
  });
});

describe('the mail service', () => {
  const which = { address, otpId: 'code-1', mailing: 1 };

  test('took a mail: a fact, whatever became of the code', () => {
    const took: Command = { type: 'record-sent', ...which, messageId: 'm-9' };
    const event = { type: 'sent', data: { otpId: 'code-1', mailing: 1, messageId: 'm-9' } };
    expect(decided([asked], took)).toEqual([event]);
    expect(decided([asked, verified], took)).toEqual([event]);
    expect(decided([], took)).toEqual(nothingToDo);
    const perhaps: Command = { ...took, mayBeRecorded: true };
    expect([decided([asked], perhaps), decided([asked, sent], perhaps)]).toEqual([[event], nothingToDo]);
    expect(decided([asked, sent], took)).toEqual([event]);
  });

  test.each(['rejected', 'unanswered'] as const)('%s a mail that waits; never one that has an outcome', (reason) => {
    const failed: Command = { type: 'record-send-failed', ...which, reason };
    const event = { type: 'send_failed', data: { otpId: 'code-1', mailing: 1, reason } };
    expect(decided([asked], failed)).toEqual([event]);
    expect(decided([asked, sent], failed)).toEqual(nothingToDo);
    expect(decided([asked, sent, again], failed)).toEqual(nothingToDo);
    expect(decided([asked, sent, again], { ...failed, mailing: 2 })).toEqual([
      { type: 'send_failed', data: { otpId: 'code-1', mailing: 2, reason } },
    ]);
    // A code that the state has forgotten: what the outbox still holds is to end.
    expect(decided([asked], { ...failed, otpId: 'code-old' })).toMatchObject([{ data: { otpId: 'code-old' } }]);
    expect(decided([asked], { ...failed, mailing: 2 })).toMatchObject([{ data: { mailing: 2 } }]);
    expect(decided([], failed)).toEqual(nothingToDo);
  });
});

describe('a person who is to be forgotten', () => {
  const erase: Command = { type: 'erase', address, by };
  const erased = { type: 'erased', data: { by } };

  test('what is open ends first, each in its way; then the stream says so', () => {
    expect(decided([asked], erase)).toEqual([
      { type: 'superseded', data: { otpId: 'code-1', by: 'erasure' } },
      { type: 'send_failed', data: { otpId: 'code-1', mailing: 1, reason: 'erased' } },
      erased,
    ]);
    expect(decided([asked], erase, 600)).toEqual([
      { type: 'expired', data: { otpId: 'code-1' } },
      { type: 'send_failed', data: { otpId: 'code-1', mailing: 1, reason: 'expired' } },
      erased,
    ]);
    expect(decided([asked, verified], erase)).toEqual([erased]);
  });

  test('of whom nothing is known, or who is forgotten already: no event', () => {
    expect(decided([], erase)).toEqual(nothingToDo);
    expect(decided([asked, happened(50, 'erased', { by })], erase)).toEqual(nothingToDo);
  });

  test.each<Command>([
    { type: 'verify-code', address, userId: user(1), purpose: undefined, otpId: 'code-1', guess: '1', ipHash: null },
    { type: 'record-sent', address, otpId: 'code-1', mailing: 1, messageId: 'm' },
    { type: 'expire-codes', address },
    { type: 'unlock', address, by },
    { type: 'suppress', address, by },
    { type: 'lift-suppression', address, by },
  ])('nothing else happens meanwhile: %j', (command) => {
    expect(decided([asked, happened(50, 'erased', { by })], command, 700)).toEqual({
      kind: 'rejected',
      rejection: { code: 'erasure_under_way', retryAfterSeconds: 1 },
    });
  });
});
