/** What the SES account says of itself: identities, DKIM, quota and statistics, with the guide's six actions only. */
import {
  GetIdentityDkimAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  GetSendStatisticsCommand,
} from '@aws-sdk/client-ses';
import { PlainError } from '../runtime/safe-error.ts';
import { createSesClient, type SesClientOptions } from './ses-client.ts';

/** An identity that SES knows. The statuses are SES's own words, such as Success, Pending, Failed. */
export type Identity = Readonly<{
  name: string;
  verification: string;
  /** Value of the TXT record _amazonses.<domain>; an address has none. */
  verificationToken: string | undefined;
  dkim: Readonly<{ enabled: boolean; status: string; tokens: readonly string[] }>;
}>;

/** Mails, counted per recipient. A day's maximum below 0 means that there is none. */
export type SendQuota = Readonly<{ perDayMax: number; sentLastDay: number; perSecondMax: number }>;

/** Sums over the last two weeks, which is what SES keeps. */
export type SendStatistics = Readonly<{ attempts: number; bounces: number; complaints: number; rejects: number }>;

export type SesAccount = Readonly<{
  /** Those of the names that SES knows, in the order given. */
  identities(names: readonly string[]): Promise<readonly Identity[]>;
  quota(): Promise<SendQuota>;
  statistics(): Promise<SendStatistics>;
  close(): void;
}>;

export type SesFailureReason = 'credentials' | 'denied' | 'throttled' | 'unreachable' | 'refused';

/** SES did not answer a question. The message names the action and never what the SDK said: it may hold names of the account. */
export class SesFailure extends PlainError {
  override readonly name = 'SesFailure';
  readonly action: string;
  readonly reason: SesFailureReason;

  constructor(action: string, cause: unknown) {
    const reason = reasonOf(cause);
    super(`SES did not answer ${action}: ${reason}.`, { cause });
    this.action = action;
    this.reason = reason;
  }
}

// Reading is harmless to repeat, and SES answers the two calls for identities once a second only.
const ATTEMPTS_MAX = 2;

/** Its calls throw SesFailure. */
export function createSesAccount(options: Omit<SesClientOptions, 'attemptsMax'>): SesAccount {
  const client = createSesClient({ ...options, attemptsMax: ATTEMPTS_MAX });
  return { identities, quota, statistics, close: () => client.destroy() };

  async function identities(names: readonly string[]): Promise<readonly Identity[]> {
    const Identities = [...names];
    const [verified, signed] = await Promise.all([
      ask('GetIdentityVerificationAttributes', () =>
        client.send(new GetIdentityVerificationAttributesCommand({ Identities })),
      ),
      ask('GetIdentityDkimAttributes', () => client.send(new GetIdentityDkimAttributesCommand({ Identities }))),
    ]);
    return names.flatMap((name): readonly Identity[] => {
      const known = verified.VerificationAttributes?.[name];
      if (!known) return [];
      const dkim = signed.DkimAttributes?.[name];
      return [
        {
          name,
          verification: known.VerificationStatus ?? 'NotStarted',
          verificationToken: known.VerificationToken,
          dkim: {
            enabled: dkim?.DkimEnabled ?? false,
            status: dkim?.DkimVerificationStatus ?? 'NotStarted',
            tokens: dkim?.DkimTokens ?? [],
          },
        },
      ];
    });
  }

  async function quota(): Promise<SendQuota> {
    const answer = await ask('GetSendQuota', () => client.send(new GetSendQuotaCommand({})));
    const { Max24HourSend = 0, SentLast24Hours = 0, MaxSendRate = 0 } = answer;
    return { perDayMax: Max24HourSend, sentLastDay: SentLast24Hours, perSecondMax: MaxSendRate };
  }

  async function statistics(): Promise<SendStatistics> {
    const answer = await ask('GetSendStatistics', () => client.send(new GetSendStatisticsCommand({})));
    const points = answer.SendDataPoints ?? [];
    const sum = (count: (point: (typeof points)[number]) => number | undefined): number =>
      points.reduce((total, point) => total + (count(point) ?? 0), 0);
    return {
      attempts: sum(({ DeliveryAttempts }) => DeliveryAttempts),
      bounces: sum(({ Bounces }) => Bounces),
      complaints: sum(({ Complaints }) => Complaints),
      rejects: sum(({ Rejects }) => Rejects),
    };
  }
}

/** The identities that let an address send: itself, its domain and the domains above it, nearest first. */
export function identitiesFor(address: string): readonly string[] {
  return [address, ...domainsAbove(domainOf(address))];
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** The domain and those above it, as far as two labels. */
export function domainsAbove(domain: string): readonly string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

async function ask<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new SesFailure(action, error);
  }
}

function reasonOf(error: unknown): SesFailureReason {
  const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (status === undefined || status >= 500) return 'unreachable';
  if (/^Throttling|^TooManyRequests|^RequestLimitExceeded/.test(name) || status === 429) return 'throttled';
  if (name.startsWith('AccessDenied')) return 'denied';
  return status === 401 || status === 403 ? 'credentials' : 'refused';
}
