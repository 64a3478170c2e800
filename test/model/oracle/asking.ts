/** Asking for a code: what the model answers, and what it writes down. */
import {
  type Address,
  addressAt,
  type Answer,
  type Code,
  DAY,
  linkOf,
  newName,
  record,
  SECOND,
  verifiedLinks,
  type World,
} from './facts.ts';
import { LIFE, limitOfMails, secondsUntil, spend } from './limits.ts';

export const ATTEMPTS = 3;
export const DIGITS = 6;

export type Ask = {
  user: string;
  email: string;
  purpose: string;
  locale: string;
  key: string | undefined;
  /** The body as far as a key's owner may not change it. */
  body: string;
  /** SES refuses this mail. */
  rejected: boolean;
};

export function ask(world: World, wish: Ask): Answer {
  const kept = world.kept.find(({ user, key }) => user === wish.user && key === wish.key);
  if (kept && kept.body !== wish.body) return { status: 422, error: 'idempotency_mismatch' };
  if (kept) return { ...kept.answer, sameAs: kept.step };
  const answer = askAnew(world, wish);
  if (wish.key !== undefined && answer.status === 200) {
    const { user, key, body, email } = wish;
    world.kept.push({ user, key, body, step: world.step, answer, at: world.now, address: email });
  }
  return answer;
}

function askAnew(world: World, wish: Ask): Answer {
  const address = addressAt(world, wish.email);
  if (verifiedLinks(address, wish.user).length > 0) return { status: 200, members: { alreadyVerified: true } };
  if (address.suppressed ?? address.closed) return { status: 422, error: 'address_suppressed' };
  const refused = refusal(address, world, wish.user);
  if (refused) return refused;
  spend(world.spent, wish.user, world.now);
  const before = address.codes.findLast(
    (one) => one.user === wish.user && one.purpose === wish.purpose && one.state === 'pending' && !one.imported,
  );
  const again = before !== undefined && isFresh(before, world.now);
  const code = again ? before : newCode(world, wish);
  if (before && !again) close(world, address, before, code.id);
  code.mailings.push({ delivery: 'queued', mail: null, reports: new Set() });

  const link = linkOf(address, wish.user, wish.purpose);
  const emailId = link?.id ?? newName(world, 'link');
  const at = record(world, address, 'requested', {
    otpId: code.id,
    userId: wish.user,
    purpose: wish.purpose,
    locale: wish.locale,
    emailId,
    mailing: code.mailings.length,
    issuedAt: code.issuedAt,
    expiresAt: code.diesAt,
    codeDigits: DIGITS,
    attemptsMax: ATTEMPTS,
    resendAfterSeconds: 60,
    ipHash: '<ip>',
    requestId: '<request>',
  });
  if (again) address.codes = address.codes.filter((one) => one !== code);
  else forgetOldCodes(address, at);
  // In the order of their latest request.
  address.codes.push(code);
  code.lastAskedAt = at;
  // To mail the same code again changes no row.
  if (!again) code.updatedAt = at;
  if (link && !again) link.updatedAt = at;
  if (!link) {
    const { user, purpose } = wish;
    const none = { verified: false, verifiedAt: null, method: 'otp' };
    address.links.push({ id: emailId, user, purpose, ...none, createdAt: at, updatedAt: at });
  }
  address.asked.push({ user: wish.user, at });
  mail(world, address, code, wish.rejected);
  return {
    status: 200,
    members: {
      otpId: code.id,
      expiresIn: Math.round((code.diesAt - at) / SECOND),
      expiresAt: new Date(code.diesAt).toISOString(),
      resendAfter: 60,
      otpLength: DIGITS,
      maxAttempts: ATTEMPTS,
    },
  };
}

function refusal(address: Address, { spent, now }: World, user: string): Answer | undefined {
  const limit = limitOfMails(address, { user, spent: spent.get(user), now });
  return limit && { status: 429, error: limit.error, wait: secondsUntil(limit.until, now) };
}

/** A new code makes forget those that ended, were asked for over a day ago and are not their user's newest: they are unknown then. */
function forgetOldCodes(address: Address, at: number): void {
  for (const code of address.codes) {
    const newest = address.codes.findLast(({ user, imported }) => user === code.user && !imported);
    if (code.state !== 'pending' && code.lastAskedAt <= at - DAY && code !== newest) code.forgotten = true;
  }
}

/** Young and never guessed at: it is mailed again instead of a new one. */
const isFresh = (code: Code, now: number): boolean => code.attempts === 0 && code.diesAt - now >= LIFE / 2;

function newCode(world: World, { user, purpose }: Ask): Code {
  return {
    id: newName(world, 'code'),
    user,
    purpose,
    state: 'pending',
    imported: false,
    forgotten: false,
    lastAskedAt: world.now,
    attempts: 0,
    issuedAt: world.now,
    diesAt: world.now + LIFE,
    expiresAt: world.now + LIFE,
    verifiedAt: null,
    createdAt: world.now,
    updatedAt: world.now,
    mailings: [],
  };
}

/** A code that a newer one takes the place of, or that nothing more comes of: its time is over now, if it was not before. */
export function close(world: World, address: Address, code: Code, by: string): void {
  if (world.now >= code.diesAt) {
    record(world, address, 'expired', { otpId: code.id });
    code.state = 'expired';
    return;
  }
  const at = record(world, address, 'superseded', { otpId: code.id, by });
  code.state = 'superseded';
  code.expiresAt = at;
  code.updatedAt = at;
}

function mail(world: World, address: Address, code: Code, rejected: boolean): void {
  const mailing = code.mailings.length;
  const one = code.mailings.at(-1);
  if (!one) return;
  if (rejected) {
    record(world, address, 'send_failed', { otpId: code.id, mailing, reason: 'rejected', status: 400 });
    one.delivery = 'failed';
    return;
  }
  one.mail = newName(world, 'mail');
  one.delivery = 'sent';
  world.mails.push({ id: one.mail, to: address.name, code: code.id });
  record(world, address, 'sent', { otpId: code.id, mailing, messageId: one.mail });
}
