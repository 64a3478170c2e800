/**
 * The limits beyond one address, of a user and of the installation: what is left of them when a batch is decided. What is
 * reserved is counted by the append, with what is recorded and only for it; what another batch took meanwhile is a lost race.
 */
import type { Context } from '../../core/context.ts';
import type { Command } from '../../core/decide.ts';
import type { EmailAddress } from '../../core/email-address.ts';
import type { Policy } from '../../core/policy.ts';
import { type Count, type LimitKey, limitKeys, type Window } from './window.ts';

type BatchLimit = Readonly<{
  code: 'user_limit' | 'installation_limit';
  max: number;
  seconds: number;
  keyOf: (userId: string) => LimitKey;
}>;

/** What the append counts for a stream, if the window has room for the whole batch. */
export type Reservation = Readonly<{ key: LimitKey; address: EmailAddress; n: number; max: number; seconds: number }>;

export type Reservations = Readonly<{
  /** Why this command may not ask for a mail; undefined where it may. */
  refusalOf(command: Command): Context['overLimit'];
  add(command: Command): void;
  of(address: EmailAddress): readonly Reservation[];
}>;

const limitsOf = ({ requestsPerUserHourMax, requestsPerMinuteMax }: Policy): readonly BatchLimit[] =>
  [
    { code: 'user_limit' as const, max: requestsPerUserHourMax, seconds: 3600, keyOf: limitKeys.user },
    {
      code: 'installation_limit' as const,
      max: requestsPerMinuteMax,
      seconds: 60,
      keyOf: () => limitKeys.installation,
    },
  ].filter(({ max }) => max > 0);

/** The windows that a batch has to know the counts of; each once. */
export function windowsOf(commands: readonly Command[], policy: Policy): readonly Window[] {
  const requests = commands.filter((command) => command.type === 'request-code');
  return limitsOf(policy).flatMap(({ keyOf, seconds }) =>
    [...new Set(requests.map(({ userId }) => keyOf(userId)))].map((key) => ({ key, seconds })),
  );
}

export function openReservations(counts: ReadonlyMap<string, Count>, policy: Policy): Reservations {
  const limits = limitsOf(policy);
  const reserved = new Map<LimitKey, number>();
  const byAddress = new Map<EmailAddress, Map<LimitKey, Reservation>>();
  const countOf = (key: LimitKey): number => (counts.get(key)?.count ?? 0) + (reserved.get(key) ?? 0);

  return { refusalOf, add, of: (address) => [...(byAddress.get(address)?.values() ?? [])] };

  function refusalOf(command: Command): Context['overLimit'] {
    if (command.type !== 'request-code') return undefined;
    const over = limits.find(({ keyOf, max }) => countOf(keyOf(command.userId)) >= max);
    if (!over) return undefined;
    const left = counts.get(over.keyOf(command.userId))?.endsInSeconds ?? over.seconds;
    return { code: over.code, retryAfterSeconds: Math.max(1, Math.ceil(left)) };
  }

  function add(command: Command): void {
    if (command.type !== 'request-code') return;
    const { address, userId } = command;
    const own = byAddress.get(address) ?? new Map<LimitKey, Reservation>();
    byAddress.set(address, own);
    for (const { keyOf, max, seconds } of limits) {
      const key = keyOf(userId);
      reserved.set(key, (reserved.get(key) ?? 0) + 1);
      own.set(key, { key, address, n: (own.get(key)?.n ?? 0) + 1, max, seconds });
    }
  }
}
