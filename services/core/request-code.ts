/** A user asks for a code: the caps, the cooldown, and whether the same code is mailed again or a new one replaces it. */
import { replace } from './close-code.ts';
import type { CodeIdentity, Context } from './context.ts';
import { type Decision, recorded, rejected, unchanged } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import type { Instant, Requested } from './events.ts';
import { nextGuessAt, type Policy, retryAfterSeconds } from './policy.ts';
import type { Rejection } from './rejections.ts';
import { type AddressState, type Code, findLink, newestCode, verifiedLink } from './state.ts';

export type RequestCode = Readonly<{
  type: 'request-code';
  address: EmailAddress;
  userId: string;
  purpose: string;
  locale: string;
  ipHash: string | null;
  /** False while a mail would not go out in time, or not at all. */
  canMail: boolean;
  /** Taken when a new code is issued: a fresh UUID and 16 random bytes. */
  otpId: string;
  salt: string;
}>;

const MAIL_RETRY_SECONDS = 10;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

export function requestCode(state: AddressState, command: RequestCode, context: Context): Decision {
  if (verifiedLink(state, command.userId)) return unchanged('already-verified');
  if (state.suppression) return rejected({ code: 'address_suppressed' });
  const refusal = longest([
    ...limits(state, context.now, context.policy),
    ...(context.overLimit ? [context.overLimit] : []),
  ]);
  if (refusal) return rejected(refusal);
  if (!command.canMail) return rejected({ code: 'mail_unavailable', retryAfterSeconds: MAIL_RETRY_SECONDS });
  const previous = newestCode(state, command.userId, command.purpose);
  if (previous && isFresh(previous, context)) return recorded([mailAgain(state, previous, command, context.policy)]);
  const replaced = previous ? replace(previous, command.otpId, context.now) : [];
  return recorded([...replaced, issue(state, command, context)]);
}

type Limited = Extract<Rejection, Readonly<{ retryAfterSeconds: number }>>;

/** Of all that refuse, the one to wait for: whoever comes back then is not refused by another. */
function longest(refusals: readonly Limited[]): Limited | undefined {
  return refusals.toSorted((a, b) => b.retryAfterSeconds - a.retryAfterSeconds)[0];
}

/** The address's own limits, the same whoever asks: guesses, cooldown, hour, day. */
function limits(state: AddressState, now: Instant, policy: Policy): readonly Limited[] {
  const times = state.codes.flatMap((code) => code.mailings.map((mailing) => mailing.at)).toSorted((a, b) => b - a);
  const window = (code: 'resend_cooldown' | 'hourly_limit' | 'daily_limit', max: number, seconds: number) => {
    const oldest = times[max - 1];
    return oldest !== undefined && oldest + seconds * 1000 > now
      ? [{ code, retryAfterSeconds: retryAfterSeconds(oldest + seconds * 1000, now) }]
      : [];
  };
  const unlockedAt = nextGuessAt(state.wrongGuesses, policy);
  // A code that could not be judged before it dies would be a mail for nothing.
  const isLocked = unlockedAt > now + policy.codeTtlSeconds * 1000;
  return [
    ...(isLocked ? [{ code: 'address_locked' as const, retryAfterSeconds: retryAfterSeconds(unlockedAt, now) }] : []),
    ...window('daily_limit', policy.requestsPerDayMax, DAY_SECONDS),
    ...window('hourly_limit', policy.requestsPerHourMax, HOUR_SECONDS),
    ...window('resend_cooldown', 1, policy.cooldownSeconds),
  ];
}

/** Pending, unguessed, of this epoch and a key that is there, and with at least half of its life ahead. */
function isFresh(code: Code, { now, codeBook }: Context): boolean {
  const half = (code.expiresAt - code.issuedAt) / 2;
  return (
    code.status.kind === 'pending' &&
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
  { locale, ipHash }: RequestCode,
  { cooldownSeconds: resendAfterSeconds }: Policy,
): Requested {
  const { otpId, userId, purpose, salt, keyId, epoch, digest, codeDigits, attemptsMax } = code;
  const issuedAt = new Date(code.issuedAt).toISOString();
  const expiresAt = new Date(code.expiresAt).toISOString();
  const fixed = { otpId, userId, purpose, mailing, emailId, salt, keyId, epoch, digest, codeDigits, attemptsMax };
  return { type: 'requested', data: { ...fixed, issuedAt, expiresAt, resendAfterSeconds, locale, ipHash } };
}
