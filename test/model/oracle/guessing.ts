/** Typing a code, and what time does to codes and keys. */
import { ATTEMPTS, DIGITS } from './asking.ts';
import { type Answer, DAY, linkOf, record, SECOND, type World } from './facts.ts';
import { lockedUntil, recent, secondsUntil } from './limits.ts';

export type Guess = {
  user: string;
  email: string;
  purpose: string;
  otpId: string | undefined;
  right: boolean;
  /** How many characters count. */
  length: number;
};

export function guess(world: World, { user, email, purpose, otpId, right, length }: Guess): Answer {
  if (length !== DIGITS) return { status: 400, error: 'invalid_request' };
  const address = world.addresses.get(email);
  const own = (address?.codes ?? []).filter((code) => code.user === user && !code.imported && !code.forgotten);
  const code = own.findLast((one) => (otpId === undefined ? one.purpose === purpose : one.id === otpId));
  if (!address || !code) return { status: 400, error: 'otp_unknown' };

  const accepted: Answer = { status: 200, members: { emailVerified: true, verificationSource: 'otp' } };
  const { now } = world;
  if (code.state === 'verified') {
    const repeat = right && code.verifiedAt !== null && now - code.verifiedAt < 60 * SECOND;
    return repeat ? accepted : { status: 400, error: 'otp_used' };
  }
  if (code.state === 'superseded') return { status: 400, error: 'otp_superseded' };
  if (now >= code.diesAt) return { status: 400, error: 'otp_expired' };
  if (code.attempts >= ATTEMPTS) return { status: 400, error: 'too_many_attempts', members: { attemptsRemaining: 0 } };
  const locked = lockedUntil(address, user, now);
  if (locked > now) return { status: 429, error: 'address_locked', wait: secondsUntil(locked, now) };

  if (right) {
    const at = record(world, address, 'verified', {
      otpId: code.id,
      userId: user,
      purpose: code.purpose,
      method: 'otp',
    });
    code.state = 'verified';
    code.verifiedAt = at;
    code.updatedAt = at;
    address.wrong = address.wrong.filter((one) => one.user !== user);
    const link = linkOf(address, user, code.purpose);
    if (link) Object.assign(link, { verified: true, takenBack: false, verifiedAt: at, method: 'otp', updatedAt: at });
    return accepted;
  }
  code.attempts++;
  const before = recent(address, now).length;
  const counts = { attempts: code.attempts, attemptsMax: ATTEMPTS, wrongGuesses: before + 1 };
  const at = record(world, address, 'attempted', { otpId: code.id, ...counts, ipHash: '<ip>' });
  code.updatedAt = at;
  address.wrong.push({ user, at });
  return { status: 400, error: 'otp_incorrect', members: { attemptsRemaining: ATTEMPTS - code.attempts } };
}

/** The scheduler's look for codes whose time is over. */
export function expire(world: World): void {
  for (const address of world.addresses.values()) {
    for (const code of address.codes) {
      if (code.state !== 'pending' || code.imported || world.now < code.diesAt) continue;
      record(world, address, 'expired', { otpId: code.id });
      code.state = 'expired';
    }
  }
}

/** Keys are forgotten after a day. */
export function forgetKeys(world: World): void {
  world.kept = world.kept.filter(({ at }) => world.now - at <= DAY);
}
