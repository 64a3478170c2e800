/**
 * The limits beyond one address, of a user and of the installation: what is left of them when a batch is decided. They are
 * taken by the append, with what is recorded and only for it; one that another batch took meanwhile is a lost race.
 */
import type { Command, Context } from '../core/decide.ts';
import type { EmailAddress } from '../core/email-address.ts';
import type { Policy } from '../core/policy.ts';
import type { Count, Window } from './load.ts';

type Limit = Readonly<{
  code: 'user_limit' | 'installation_limit';
  max: number;
  seconds: number;
  keyOf: (userId: string) => string;
}>;

/** What the append takes for a stream, if the window has room for the whole batch. */
export type Taking = Readonly<{ key: string; address: EmailAddress; n: number; max: number; seconds: number }>;

export type Purse = Readonly<{
  /** Why this command may not ask for a mail; undefined where it may. */
  refusal(command: Command): Context['overLimit'];
  spend(command: Command): void;
  takings(address: EmailAddress): readonly Taking[];
}>;

const limitsOf = ({ requestsPerUserHourMax, requestsPerMinuteMax }: Policy): readonly Limit[] =>
  [
    { code: 'user_limit', max: requestsPerUserHourMax, seconds: 3600, keyOf: (userId: string) => `user ${userId}` },
    { code: 'installation_limit', max: requestsPerMinuteMax, seconds: 60, keyOf: () => 'installation' },
  ].filter(({ max }) => max > 0) as readonly Limit[];

/** The windows that a batch has to know the counts of; each once. */
export function windowsOf(commands: readonly Command[], policy: Policy): readonly Window[] {
  const requests = commands.filter((command) => command.type === 'request-code');
  return limitsOf(policy).flatMap(({ keyOf, seconds }) =>
    [...new Set(requests.map(({ userId }) => keyOf(userId)))].map((key) => ({ key, seconds })),
  );
}

export function openPurse(counts: ReadonlyMap<string, Count>, policy: Policy): Purse {
  const limits = limitsOf(policy);
  const spent = new Map<string, number>();
  const takings = new Map<EmailAddress, Map<string, Taking>>();
  const countOf = (key: string): number => (counts.get(key)?.count ?? 0) + (spent.get(key) ?? 0);

  return { refusal, spend, takings: (address) => [...(takings.get(address)?.values() ?? [])] };

  function refusal(command: Command): Context['overLimit'] {
    if (command.type !== 'request-code') return undefined;
    const over = limits.find(({ keyOf, max }) => countOf(keyOf(command.userId)) >= max);
    if (!over) return undefined;
    const left = counts.get(over.keyOf(command.userId))?.endsInSeconds ?? over.seconds;
    return { code: over.code, retryAfterSeconds: Math.max(1, Math.ceil(left)) };
  }

  function spend(command: Command): void {
    if (command.type !== 'request-code') return;
    const { address, userId } = command;
    const own = takings.get(address) ?? new Map<string, Taking>();
    takings.set(address, own);
    for (const { keyOf, max, seconds } of limits) {
      const key = keyOf(userId);
      spent.set(key, (spent.get(key) ?? 0) + 1);
      own.set(key, { key, address, n: (own.get(key)?.n ?? 0) + 1, max, seconds });
    }
  }
}
