/** A user asks for a code: the caps, the cooldown, and whether the same code is mailed again or a new one replaces it. */
import { isLapsed, replace } from './close-code.ts';
import { type CodeIdentity, type Context, suppressionOf } from './context.ts';
import { type Decision, recorded, rejected, unchanged } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import type { Requested } from './events.ts';
import { nextGuessAt } from './guessing.ts';
import { type Limited, mailLimits } from './mail-limits.ts';
import { type Policy, retryAfterSeconds } from './policy.ts';
import { type AddressState, type Code, findLink, isProven, newestCode, verifiedLink } from './state.ts';

export type RequestCode = Readonly<{
  type: 'request-code';
  address: EmailAddress;
  userId: string;
  purpose: string;
  locale: string;
  ipHash: string | null;
  /** Of the request that asks, as its line in the log has it. */
  requestId?: string | undefined;
  /** Where it stands in its trace (W3C Trace Context), where it has one. */
  traceparent?: string | undefined;
  sending: Sending;
  /** Taken when a new code is issued: a fresh UUID and 16 random bytes. */
  otpId: string;
  salt: string;
}>;

/** Whom a mail would go out to now, in time; and what whoever gets none is told. */
export type Sending =
  | Readonly<{ to: 'everyone' }>
  | Readonly<{
      to: 'proven' | 'nobody';
      code: 'mail_unavailable' | 'sending_paused' | 'user_paused';
      retryAfterSeconds: number;
    }>;

export function requestCode(state: AddressState, command: RequestCode, context: Context): Decision {
  if (verifiedLink(state, command.userId)) return unchanged('already-verified');
  if (suppressionOf(state, context)) return rejected({ code: 'address_suppressed' });
  const refusal = longest([
    ...limits(state, command.userId, context),
    ...(context.overLimit ? [context.overLimit] : []),
  ]);
  if (refusal) return rejected(refusal);
  const { sending } = command;
  if (sending.to === 'nobody' || (sending.to === 'proven' && !isProven(state))) {
    return rejected({ code: sending.code, retryAfterSeconds: sending.retryAfterSeconds });
  }
  const previous = newestCode(state, command.userId, command.purpose);
  if (previous && isFresh(previous, context)) return recorded([mailAgain(state, previous, command, context.policy)]);
  const replaced = previous ? replace(previous, command.otpId, context.now) : [];
  return recorded([...replaced, issue(state, command, context)]);
}

/** Of all that refuse, the one to wait for: whoever comes back then is not refused by another. */
function longest(refusals: readonly Limited[]): Limited | undefined {
  return refusals.toSorted((a, b) => b.retryAfterSeconds - a.retryAfterSeconds)[0];
}

function limits(state: AddressState, userId: string, { now, policy }: Context): readonly Limited[] {
  const unlockedAt = nextGuessAt(state.wrongGuesses, userId, policy, now);
  // A code that could not be judged before it dies would be a mail for nothing.
  const isLocked = unlockedAt > now + policy.codeTtlSeconds * 1000;
  return [
    ...(isLocked ? [{ code: 'address_locked' as const, retryAfterSeconds: retryAfterSeconds(unlockedAt, now) }] : []),
    ...mailLimits(state, userId, policy, now),
  ];
}

/** Pending, unguessed, of this epoch and a key that is there, and with at least half of its life ahead. */
function isFresh(code: Code, { now, codeBook }: Context): boolean {
  const half = (code.expiresAt - code.issuedAt) / 2;
  return (
    code.status.kind === 'pending' &&
    !isLapsed(code, now) &&
    code.attempts === 0 &&
    code.epoch === codeBook.epoch &&
    codeBook.hasKey(code.keyId) &&
    code.expiresAt - now >= half
  );
}

function issue(state: AddressState, command: RequestCode, { now, policy, codeBook, freshEmailId }: Context): Requested {
  const { address, otpId, userId, purpose, salt } = command;
  const { keyId, epoch } = codeBook;
  const { codeDigits, attemptsMax, codeTtlSeconds } = policy;
  const identity: CodeIdentity = { otpId, address, userId, purpose, salt, keyId, epoch, codeDigits };
  const digest = codeBook.digest(identity);
  const emailId = findLink(state, userId, purpose)?.emailId ?? freshEmailId;
  const life = { issuedAt: now, expiresAt: now + codeTtlSeconds * 1000 };
  return requested({ ...identity, ...life, digest, attemptsMax }, { mailing: 1, emailId }, command, policy);
}

function mailAgain(state: AddressState, code: Code, command: RequestCode, policy: Policy): Requested {
  const emailId = findLink(state, code.userId, code.purpose)?.emailId ?? 0;
  return requested(code, { mailing: code.mailings.length + 1, emailId }, command, policy);
}

function requested(
  code: Omit<Code, 'attempts' | 'changedAt' | 'mailings' | 'status'>,
  { mailing, emailId }: { mailing: number; emailId: number },
  { locale, ipHash, requestId, traceparent }: RequestCode,
  { cooldownSeconds: resendAfterSeconds }: Policy,
): Requested {
  const { otpId, userId, purpose, salt, keyId, epoch, digest, codeDigits, attemptsMax } = code;
  const issuedAt = new Date(code.issuedAt).toISOString();
  const expiresAt = new Date(code.expiresAt).toISOString();
  const fixed = { otpId, userId, purpose, mailing, emailId, salt, keyId, epoch, digest, codeDigits, attemptsMax };
  const asked = { locale, ipHash, ...(requestId && { requestId }), ...(traceparent && { traceparent }) };
  return { type: 'requested', data: { ...fixed, issuedAt, expiresAt, resendAfterSeconds, ...asked } };
}
