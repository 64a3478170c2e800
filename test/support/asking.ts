/** Deciding a request or a guess on given events, with a code book that shows what it is asked. */
import type { CodeBook, Context } from '../../services/core/context.ts';
import { decide } from '../../services/core/decide.ts';
import type { AddressEvent, Recorded } from '../../services/core/events.ts';
import { defaultPolicy, type Policy } from '../../services/core/policy.ts';
import type { Rejection } from '../../services/core/rejections.ts';
import type { RequestCode } from '../../services/core/request-code.ts';
import type { VerifyCode } from '../../services/core/verify-code.ts';
import { user } from './api.ts';
import { at, given, happened } from './given.ts';
import { anAddress } from './rules.ts';

/** code-1 has 111111, code-2 222222. */
export const rightDigits = (otpId: string): string => otpId.slice(-1).repeat(6);

export const book: CodeBook = {
  keyId: 'k1',
  epoch: 1,
  hasKey: (keyId) => keyId === 'k1',
  digest: ({ otpId, address, userId, purpose, salt, keyId, epoch, codeDigits }) =>
    [otpId, address, userId, purpose, salt, keyId, epoch, codeDigits].join(' '),
  isCode: ({ otpId, address }, typed) => address === anAddress && typed === rightDigits(otpId),
};

export type Given = Readonly<{
  events?: readonly Recorded[];
  seconds?: number;
  policy?: Partial<Policy>;
  codeBook?: CodeBook;
  overLimit?: Context['overLimit'];
}>;

type Outcome = readonly AddressEvent[] | Rejection | string;

function context({ seconds = 100, policy = {}, codeBook = book, overLimit }: Given): Context {
  return { now: at(seconds), policy: { ...defaultPolicy, ...policy }, codeBook, freshEmailId: 77, overLimit };
}

/** User 1 asks for a `business` code; the events, the refusal, or why nothing is to do. */
export function ask(about: Given, more: Partial<RequestCode> = {}): Outcome {
  const ids = { otpId: 'code-2', salt: 'salt-2', ipHash: 'net-1', locale: 'de', sending: { to: 'everyone' as const } };
  const command = { type: 'request-code' as const, address: anAddress, userId: user(1), purpose: 'business', ...ids };
  const decision = decide(given(about.events ?? []), { ...command, ...more }, context(about));
  if (decision.kind === 'recorded') return decision.events;
  return decision.kind === 'rejected' ? decision.rejection : decision.because;
}

/** User 1 types the right digits of code-1. */
export function guess(about: Given, more: Partial<VerifyCode> = {}): Outcome {
  const typed = { guess: '111111', ipHash: 'net-1', otpId: 'code-1', purpose: undefined };
  const command = { type: 'verify-code' as const, address: anAddress, userId: user(1), ...typed };
  const decision = decide(given(about.events ?? []), { ...command, ...more }, context(about));
  if (decision.kind === 'recorded') return decision.events;
  return decision.kind === 'rejected' ? decision.rejection : decision.because;
}

/** The mail of code-1 was taken. */
export const sent = happened(1, 'sent', { otpId: 'code-1', mailing: 1, messageId: 'm' });

/** A wrong guess of a code: how many of it there were then. */
export const guessed = (seconds: number, attempts: number, otpId = 'code-1') =>
  happened(seconds, 'attempted', { otpId, attempts, attemptsMax: 3, wrongGuesses: attempts, ipHash: null });

/** So many wrong guesses at once, after which the code has had as many as said. */
export const guessedTimes = (times: number, seconds: number, attempts: number, otpId = 'code-1') =>
  Array.from({ length: times }, () => guessed(seconds, attempts, otpId));

export const types = (outcome: Outcome): string =>
  (outcome as readonly AddressEvent[]).map((event) => event.type).join(' ');
