/** What an address's state is after each event, in values written by hand. */
import { describe, expect, test } from 'vitest';
import type { Recorded } from '../../services/core/events.ts';
import { evolve, foldState } from '../../services/core/evolve.ts';
import { emptyAddress } from '../../services/core/state.ts';
import { user } from '../support/api.ts';
import { at, code, given, happened, iso, link, requested } from '../support/given.ts';

const which = { otpId: 'code-1', mailing: 1 };
const asked = requested(0);
const fresh = { links: [link], codes: [code], wrongGuesses: [], lastEventAt: at(0) };
const guessed = (seconds: number, wrongGuesses: number) =>
  happened(seconds, 'attempted', { otpId: 'code-1', attempts: 1, attemptsMax: 3, wrongGuesses, ipHash: null });
const verified = happened(9, 'verified', { otpId: 'code-1', userId: user(1), purpose: 'business', method: 'otp' });
const softly = (seconds: number, feedbackId: string) =>
  happened(seconds, 'bounced', { ...which, feedbackId, permanent: false, subType: 'MailboxFull' });

describe('the state after', () => {
  test('nothing is empty', () => {
    expect(emptyAddress).toEqual({ links: [], codes: [], wrongGuesses: [], lastEventAt: 0 });
  });

  test('requested has the link and the code, pending and queued', () => {
    expect(given([asked])).toEqual(fresh);
  });

  test('requested again mails the same code once more: it is the newest now, its life and its link stay', () => {
    const other = requested(60, { otpId: 'code-2', userId: user(2), emailId: 12 });
    const state = given([asked, other, requested(120, { mailing: 2, issuedAt: iso(0), expiresAt: iso(600) })]);
    expect(state.codes.map(({ otpId }) => otpId)).toEqual(['code-2', 'code-1']);
    expect(state.codes.at(-1)).toEqual({
      ...code,
      mailings: [
        { at: at(0), delivery: 'queued' },
        { at: at(120), delivery: 'queued' },
      ],
    });
    expect(state.links[0]).toEqual(link);
    expect(state.lastEventAt).toBe(at(120));
  });

  test('requested anew moves the last change of its own link and of no other', () => {
    const others = requested(10, { otpId: 'code-2', userId: user(2), emailId: 12 });
    const anew = requested(900, { otpId: 'code-3' });
    const { links } = given([asked, others, anew]);
    expect(links.map(({ emailId, changedAt }) => [emailId, changedAt])).toEqual([
      [11, at(900)],
      [12, at(10)],
    ]);
  });

  test('a whole story is what its events come to, one after the other', () => {
    expect(foldState([asked, guessed(5, 7)])).toEqual(given([asked, guessed(5, 7)]));
    expect(foldState([])).toEqual(emptyAddress);
  });

  test('requested again keeps the budget of wrong guesses as it was used', () => {
    const anew = requested(70, { otpId: 'code-2' });
    expect(given([asked, guessed(5, 7), anew]).wrongGuesses).toEqual([{ userId: user(1), at: at(5) }]);
    const again = requested(70, { mailing: 2, issuedAt: iso(0), expiresAt: iso(600) });
    expect(given([asked, guessed(5, 7), again]).wrongGuesses).toEqual([{ userId: user(1), at: at(5) }]);
  });

  test('attempted has one guess more of the code, and of its user at the address, and when it was', () => {
    expect(given([asked, guessed(5, 7)])).toEqual({
      ...fresh,
      codes: [{ ...code, attempts: 1, changedAt: at(5) }],
      wrongGuesses: [{ userId: user(1), at: at(5) }],
      lastEventAt: at(5),
    });
  });

  test('verified has the proof, the code used, and the budget of wrong guesses of its user whole', () => {
    const proof = { kind: 'verified', at: at(9), method: 'otp' };
    expect(given([asked, guessed(5, 7), verified])).toEqual({
      links: [{ ...link, proof, changedAt: at(9) }],
      codes: [{ ...code, attempts: 1, changedAt: at(9), status: { kind: 'verified', at: at(9) } }],
      wrongGuesses: [],
      lastEventAt: at(9),
    });
  });

  test('verified: a code and a link of somebody else stay as they are', () => {
    const other = requested(1, { otpId: 'code-2', userId: user(2), emailId: 12 });
    const before = given([asked, other]);
    const after = evolve(before, verified);
    expect(after.links[1]).toEqual(before.links[1]);
    expect(after.codes[1]).toEqual(before.codes[1]);
  });

  test('expired has the code closed; when it changed last stays', () => {
    const expired = happened(700, 'expired', { otpId: 'code-1' });
    expect(given([asked, expired])).toEqual({
      ...fresh,
      codes: [{ ...code, status: { kind: 'expired' } }],
      lastEventAt: at(700),
    });
  });

  test('superseded has the code closed, and when', () => {
    const superseded = happened(70, 'superseded', { otpId: 'code-1', by: 'code-2' });
    const closed = { ...code, status: { kind: 'superseded', at: at(70) }, changedAt: at(70) };
    expect(given([asked, superseded])).toEqual({ ...fresh, codes: [closed], lastEventAt: at(70) });
  });

  test('asserted has the proof of whoever said it; taken back it has none, and the link stays', () => {
    const said = { emailId: 11, userId: user(1), purpose: 'business', by: user(9), method: 'admin' as const };
    const yes = happened(3, 'asserted', { ...said, before: false, after: true });
    const no = happened(4, 'asserted', { ...said, before: true, after: false });
    const proof = { kind: 'verified', at: at(3), method: 'admin' };
    expect(given([asked, yes]).links).toEqual([{ ...link, proof, changedAt: at(3) }]);
    const takenBack = { ...link, proof: { kind: 'none', takenBack: true }, changedAt: at(4) };
    expect(given([asked, yes, no]).links).toEqual([takenBack]);
    expect(given([asked, yes, no, { ...yes, at: at(5) }]).links).toEqual([
      { ...link, proof: { ...proof, at: at(5) }, changedAt: at(5) },
    ]);
    const alone = { ...link, proof, createdAt: at(3), changedAt: at(3) };
    expect(given([yes])).toEqual({ ...emptyAddress, links: [alone], lastEventAt: at(3) });
    const second = happened(5, 'asserted', { ...said, emailId: 12, purpose: 'driver', before: false, after: true });
    const driver = { emailId: 12, userId: user(1), purpose: 'driver', createdAt: at(5), changedAt: at(5) };
    expect(given([yes, second]).links).toEqual([alone, { ...driver, proof: { ...proof, at: at(5) } }]);
    const other = requested(1, { otpId: 'code-2', userId: user(2), emailId: 12 });
    expect(given([asked, other, yes]).links[1]).toEqual(given([asked, other]).links[1]);
  });

  test('unlocked has the budget of wrong guesses whole, and the code as it was', () => {
    const state = given([asked, guessed(5, 7), happened(6, 'unlocked', { by: user(9), before: 7 })]);
    expect(state.wrongGuesses).toEqual([]);
    expect(state.codes[0]?.attempts).toBe(1);
  });

  test.each(['admin', 'bounce', 'complaint'] as const)('suppressed says why (%s) and since when', (reason) => {
    const state = given([asked, happened(8, 'suppressed', { reason, by: null })]);
    expect(state).toEqual({ ...fresh, suppression: { reason, at: at(8) }, lastEventAt: at(8) });
  });

  test('unsuppressed has none, and begins to count bounces for now anew; reports stay known', () => {
    const suppressed = happened(8, 'suppressed', { reason: 'bounce', by: null });
    const lifted = happened(9, 'unsuppressed', { by: user(9), before: 'bounce' });
    expect(given([asked, suppressed, lifted])).toEqual({ ...fresh, reopenedAt: at(9), lastEventAt: at(9) });
    expect(given([asked, softly(7, 'f-1'), suppressed, lifted])).toEqual({
      ...fresh,
      reopenedAt: at(9),
      codes: [{ ...code, mailings: [{ at: at(0), delivery: 'bounced' }] }],
      feedback: { ids: ['f-1'], softBounces: [] },
      lastEventAt: at(9),
    });
  });

  test('an address taken over has the link as it was there; a code taken over changes nothing', () => {
    const was = { userId: user(1), purpose: 'business', createdAt: iso(-90), updatedAt: iso(-50) };
    const address = { ...was, what: 'address' as const, emailId: 11, method: 'registration' as const };
    const proof = { kind: 'verified', at: at(-60), method: 'registration' };
    const times = { createdAt: at(-90), changedAt: at(-50) };
    const taken = happened(3, 'imported', { ...address, verifiedAt: iso(-60) });
    const other = { ...link, emailId: 12, userId: user(2) };
    expect(given([taken]).links).toEqual([{ ...link, ...times, proof }]);
    expect(given([taken], { ...emptyAddress, links: [other] } as never).links[1]).toMatchObject(times);
    // A link that is there gets its proof today, whatever the time of the row there.
    expect(given([taken], { ...emptyAddress, links: [other, link] } as never).links).toEqual([
      other,
      { ...link, createdAt: at(-90), changedAt: at(3), proof },
    ]);
    const unproven = happened(3, 'imported', { ...address, verifiedAt: null });
    expect(given([unproven])).toEqual({ ...emptyAddress, links: [{ ...link, ...times }], lastEventAt: at(3) });
    const { createdAt, ...rest } = was;
    const history = { ...rest, what: 'code' as const, otpId: 'old', attempts: 1, attemptsMax: 3, verifiedAt: null };
    const old = happened(4, 'imported', { ...history, issuedAt: createdAt, expiresAt: iso(-40) });
    expect(given([old])).toEqual({ ...emptyAddress, lastEventAt: at(4) });
  });

  test('erased says when', () => {
    expect(given([asked, happened(5, 'erased', { by: user(9) })])).toEqual({
      ...fresh,
      erasedAt: at(5),
      lastEventAt: at(5),
    });
  });

  test('an event of a type that this program does not know is an error, not a wrong state', () => {
    const unheard = { type: 'teleported', data: {}, version: 2, at: at(1) } as unknown as Recorded;
    expect(() => given([asked, unheard])).toThrow(
      'Unknown event type teleported: this program is older than its database.',
    );
  });
});
