/** Handlers in the test's own process: each stands for an api process with its own pool on one database. */
import { closedHashes } from '../../services/runtime/keys.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import type { EmailAddress } from '../../services/core/email-address.ts';
import { defaultPolicy, type Policy } from '../../services/core/policy.ts';
import type { RequestCode } from '../../services/core/request-code.ts';
import type { VerifyCode } from '../../services/core/verify-code.ts';
import { createCodeBook, deriveCode } from '../../services/mail/otp-code.ts';
import type { Sql } from '../../services/store/database.ts';
import { createHandler, type Handler } from '../../services/store/handle.ts';
import { readState } from '../../services/store/queries.ts';
import { testKeys } from './rules.ts';
import { wrongCode } from './mailbox.ts';

/** No limits beyond an address's own, which most tests are about. */
const beyondAddresses = { requestsPerUserHourMax: 0, requestsPerMinuteMax: 0 };

/** Of work that nobody stops. */
export const unstopped = new AbortController().signal;

export function handlerOn(sql: Sql, policy: Partial<Policy> = {}, lanes = 2): Handler {
  return createHandler({
    sql,
    policy: { ...defaultPolicy, ...beyondAddresses, ...policy },
    codeBook: (epoch) => createCodeBook(testKeys, epoch),
    closedHashes: (address) => closedHashes(testKeys, address),
    timeoutMilliseconds: 5000,
    lanes,
  });
}

export function requestOf(address: EmailAddress, userId: string, purpose = 'verification'): RequestCode {
  const ids = { otpId: randomUUID(), salt: randomBytes(16).toString('base64url') };
  return {
    type: 'request-code',
    address,
    userId,
    purpose,
    locale: 'en',
    ipHash: null,
    sending: { to: 'everyone' as const },
    ...ids,
  };
}

export function guessOf(address: EmailAddress, userId: string, guess: string, otpId?: string): VerifyCode {
  return { type: 'verify-code', address, userId, purpose: undefined, otpId, guess, ipHash: null };
}

/** The digits of the user's newest code at the address; empty where there is none. */
export async function codeOf(sql: Sql, address: EmailAddress, userId: string): Promise<string> {
  const state = await readState(sql, address);
  const code = state?.codes.findLast((one) => one.userId === userId);
  return code ? (deriveCode(testKeys, { ...code, address }) ?? '') : '';
}

/** As many digits as that code has, and not those. */
export const wrongCodeOf = async (sql: Sql, address: EmailAddress, userId: string): Promise<string> =>
  wrongCode(await codeOf(sql, address, userId));

/** The same pool, and how many statements went through it. */
export function counted(sql: Sql): { sql: Sql; statements: () => number } {
  let statements = 0;
  const counting = new Proxy(sql, {
    apply: (target, self, parts: Parameters<typeof Reflect.apply>[2]) => {
      statements++;
      return Reflect.apply(target, self, parts);
    },
  });
  return { sql: counting, statements: () => statements };
}
