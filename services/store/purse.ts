/** What a batch was granted of the limits beyond one address: each mail asked for spends of it, the rest is given back. */
import type { Command } from '../core/decide.ts';
import type { EmailAddress } from '../core/email-address.ts';
import type { Policy } from '../core/policy.ts';
import type { Rejection } from '../core/rejections.ts';
import type { RequestCode } from '../core/request-code.ts';
import type { Granted, Limit, Wish } from './allowances.ts';

const HOUR_SECONDS = 3600;
const MINUTE_SECONDS = 60;
const INSTALLATION = 'installation';

const userKey = ({ userId }: RequestCode): string => `user ${userId}`;

/** What must be asked for, before the batch is decided; each key once. */
export function wishesOf(commands: readonly Command[], policy: Policy): readonly Wish[] {
  const { requestsPerUserHourMax, requestsPerMinuteMax } = policy;
  const requests = commands.filter((command) => command.type === 'request-code');
  const perUser: Limit = { max: requestsPerUserHourMax, windowSeconds: HOUR_SECONDS };
  const perMinute: Limit = { max: requestsPerMinuteMax, windowSeconds: MINUTE_SECONDS };
  const users = requestsPerUserHourMax > 0 ? [...Map.groupBy(requests, userKey)] : [];
  return [
    ...users.map(([key, { length: n }]) => ({ key, limit: perUser, n })),
    ...(requestsPerMinuteMax > 0 && requests.length > 0
      ? [{ key: INSTALLATION, limit: perMinute, n: requests.length }]
      : []),
  ];
}

export type Purse = Readonly<{
  /** Why this command may not ask for a mail; undefined where it may. */
  refusal(command: Command): Rejection | undefined;
  spend(command: Command): void;
  /** By key, what the streams that were recorded did not spend. */
  unspent(recorded: ReadonlySet<string>): ReadonlyMap<string, number>;
}>;

export function openPurse(grants: ReadonlyMap<string, Granted>): Purse {
  const left = new Map([...grants].map(([key, { granted }]) => [key, granted]));
  const spent: { key: string; address: EmailAddress }[] = [];

  return { refusal, spend, unspent };

  function refusal(command: Command): Rejection | undefined {
    if (command.type !== 'request-code') return undefined;
    return over('user_limit', userKey(command)) ?? over('installation_limit', INSTALLATION);
  }

  function over(code: 'user_limit' | 'installation_limit', key: string): Rejection | undefined {
    const { retryAfterSeconds = 1 } = grants.get(key) ?? {};
    return left.get(key) === 0 ? { code, retryAfterSeconds } : undefined;
  }

  function spend(command: Command): void {
    if (command.type !== 'request-code') return;
    for (const key of [userKey(command), INSTALLATION]) {
      const before = left.get(key);
      if (before === undefined) continue;
      left.set(key, before - 1);
      spent.push({ key, address: command.address });
    }
  }

  function unspent(recorded: ReadonlySet<string>): ReadonlyMap<string, number> {
    const rest = new Map([...grants].map(([key, { granted }]) => [key, granted]));
    for (const { key, address } of spent) {
      if (recorded.has(address)) rest.set(key, (rest.get(key) ?? 0) - 1);
    }
    return rest;
  }
}
