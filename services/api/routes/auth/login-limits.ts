/**
 * How often a password may be wrong: for an account from one network, from one network for all accounts, and for an account
 * from all networks together. The last one spares the networks that the account has logged in from of late, so that whoever
 * guesses elsewhere keeps nobody out. The arithmetic is in services/README.md.
 */
import type { EmailAddress } from '../../../core/email-address.ts';
import { wrongPasswords } from '../../../core/policy.ts';
import { keyedHash, type OtpKeys } from '../../../runtime/keys.ts';
import type { BoundedSql } from '../../../store/database.ts';
import { forgetCount, giveBack, type Grant, type Limit } from '../../../store/limits/take.ts';
import { type TakeOne } from '../../../store/limits/take-one.ts';
import { type LimitKey, limitKeys } from '../../../store/limits/window.ts';
import { Refused } from '../../http/problem.ts';

/** Of one network, whatever the accounts. */
const ofNetwork: Limit = { max: 50, windowSeconds: 900 };
/** Of one account from networks that are strange to it: fifty at once, then one every five minutes. */
const ofStrangers: Limit = { max: 0, windowSeconds: 86_400, burst: 50, perSecond: 1 / 300 };
/** Failures that are recorded of addresses without an account, of the whole installation. */
const recorded: Limit = { max: 600, windowSeconds: 3600 };

export type Attempt = Readonly<{ addressHash: string; network: string }>;

type Needs = Readonly<{ sql: BoundedSql; takeOne: TakeOne }>;

export type LoginLimits = Readonly<{
  /** Takes a judgement from this network; throws Refused where there is none left, and then none is taken. */
  take(attempt: Attempt): Promise<void>;
  /** The same from all networks that are strange to the account. */
  takeAsStranger(attempt: Attempt): Promise<void>;
  /** For a password that was not judged. */
  giveBack(attempt: Attempt): Promise<void>;
  /** For a password that was right. */
  forget(attempt: Attempt): Promise<void>;
  mayRecordFailure(): Promise<boolean>;
}>;

export const attemptOf = (email: EmailAddress, network: string | null, keys: OtpKeys): Attempt => ({
  addressHash: keyedHash(keys, 'login', email),
  network: network ?? 'none',
});

export function createLoginLimits({ sql, takeOne }: Needs): LoginLimits {
  return {
    take: async ({ addressHash, network }) => {
      const own = limitKeys.loginFrom(addressHash, network);
      granted(await takeOne(own, wrongPasswords));
      await takeBeside(limitKeys.loginNetwork(network), ofNetwork, [own]);
    },
    takeAsStranger: ({ addressHash, network }) =>
      takeBeside(limitKeys.login(addressHash), ofStrangers, [
        limitKeys.loginFrom(addressHash, network),
        limitKeys.loginNetwork(network),
      ]),
    giveBack: async ({ addressHash, network }) => {
      await giveBack(sql, limitKeys.loginFrom(addressHash, network));
      await giveBack(sql, limitKeys.loginNetwork(network));
    },
    forget: async ({ addressHash, network }) => {
      await forgetCount(sql, limitKeys.loginFrom(addressHash, network));
      await giveBack(sql, limitKeys.loginNetwork(network));
    },
    mayRecordFailure: async () => (await takeOne(limitKeys.loginFailures, recorded)).granted > 0,
  };

  /** Where this one has none left, those that were taken before are given back. */
  async function takeBeside(key: LimitKey, limit: Limit, before: readonly LimitKey[]): Promise<void> {
    const grant = await takeOne(key, limit);
    if (grant.granted === 0) for (const one of before) await giveBack(sql, one);
    granted(grant);
  }
}

function granted({ granted: n, retryAfterSeconds }: Grant): void {
  if (n === 0) throw new Refused('login_limited', { retryAfterSeconds });
}
