/** A user types a code: which code it is for, whether a guess may be judged at all, and the judgement. */
import { giveUpMail, isLapsed } from './close-code.ts';
import type { Context } from './context.ts';
import { type Decision, recorded, rejected, unchanged } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import { nextGuessAt, recentGuesses } from './guessing.ts';
import { retryAfterSeconds } from './policy.ts';
import { type AddressState, type Code, findCode, newestCode } from './state.ts';

export type VerifyCode = Readonly<{
  type: 'verify-code';
  address: EmailAddress;
  userId: string;
  /** Counts only where there is no otpId; absent: `verification`. */
  purpose: string | undefined;
  /** Absent: the newest of this user, address and purpose. */
  otpId: string | undefined;
  /** As `typedCode` reads it. */
  guess: string;
  ipHash: string | null;
}>;

/** A client that lost the first answer may repeat the right code so long. */
const REPEAT_SECONDS = 60;

/**
 * To judge a code without its key would call the right one wrong. While keys are rotated, another process may have the key that
 * this one does not have yet.
 */
const keyUnavailable = rejected({ code: 'otp_key_unavailable', retryAfterSeconds: 2 });

export function verifyCode(state: AddressState, command: VerifyCode, context: Context): Decision {
  const code = wantedCode(state, command);
  const digits = code?.codeDigits ?? context.policy.codeDigits;
  // A slip of the hand, not a guess.
  if (command.guess.length !== digits || !/^\d*$/.test(command.guess)) {
    return rejected({ code: 'invalid_request', field: 'otp', detail: `the code has ${digits} digits` });
  }
  if (!code) return rejected({ code: 'otp_unknown' });
  switch (code.status.kind) {
    case 'pending':
      return judge(state, code, command, context);
    case 'verified': {
      if (context.now - code.status.at >= REPEAT_SECONDS * 1000) return rejected({ code: 'otp_used' });
      if (!context.codeBook.hasKey(code.keyId)) return keyUnavailable;
      return isRight(code, command, context) ? unchanged('just-verified') : rejected({ code: 'otp_used' });
    }
    case 'expired':
      return rejected({ code: 'otp_expired' });
    case 'superseded':
      return rejected({ code: 'otp_superseded' });
  }
}

/** Another user's code is as unknown as one that never was. */
function wantedCode(state: AddressState, { otpId, userId, purpose }: VerifyCode): Code | undefined {
  if (otpId === undefined) return newestCode(state, userId, purpose ?? 'verification');
  const code = findCode(state, otpId);
  return code?.userId === userId ? code : undefined;
}

function judge(state: AddressState, code: Code, command: VerifyCode, context: Context): Decision {
  const { now, policy } = context;
  if (isOver(code, context)) return rejected({ code: 'otp_expired' });
  if (code.attempts >= code.attemptsMax) return rejected({ code: 'too_many_attempts', attemptsRemaining: 0 });
  const judgedAt = nextGuessAt(state.wrongGuesses, command.userId, policy, now);
  if (judgedAt > now) return rejected({ code: 'address_locked', retryAfterSeconds: retryAfterSeconds(judgedAt, now) });
  if (!context.codeBook.hasKey(code.keyId)) return keyUnavailable;
  const { otpId, userId, purpose } = code;
  if (!isRight(code, command, context)) {
    const attempts = code.attempts + 1;
    const { attemptsMax } = code;
    const wrongGuesses = recentGuesses(state.wrongGuesses, now).length + 1;
    const data = { otpId, attempts, attemptsMax, wrongGuesses, ipHash: command.ipHash };
    return recorded([{ type: 'attempted', data }]);
  }
  return recorded([
    { type: 'verified', data: { otpId, userId, purpose, method: 'otp' } },
    ...giveUpMail(code, 'verified'),
  ]);
}

/** Lapsed, or of the time before a restore. */
function isOver(code: Code, { now, codeBook }: Context): boolean {
  return isLapsed(code, now) || code.epoch !== codeBook.epoch;
}

function isRight(code: Code, { address, guess }: VerifyCode, { codeBook }: Context): boolean {
  return codeBook.isCode({ ...code, address }, guess);
}
