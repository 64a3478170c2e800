/** What the api's handlers find in the request's context, and the services they are composed with. */
import type { Policy } from '../core/policy.ts';
import type { Capacity } from '../mail/capacity.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { Composer } from '../mail/message.ts';
import type { SnsCheck } from '../mail/sns.ts';
import type { OtpKeys } from '../runtime/keys.ts';
import type { Log } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { TakeOne } from '../store/limits/take.ts';
import type { BoundedSql } from '../store/database.ts';
import type { Handler } from '../store/handle.ts';
import type { AccountServices } from './tokens-for.ts';
import type { ClientIp } from './http/client-ip.ts';
import type { IpLimit } from './http/rate-limit.ts';
import type { Caller, TokenCheck } from './auth.ts';

export type AppEnv = { Variables: { requestId: string; caller: Caller; refusal: string } };

export type Services = Readonly<{
  /** Its statements are given READ_TIMEOUT_MILLISECONDS. */
  sql: BoundedSql;
  handler: Handler;
  mailer: Mailer;
  /** Whether a mail asked for now would go out while its code lives. */
  capacity: () => Capacity;
  localeFor: Composer['localeFor'];
  policy: Policy;
  otpKeys: OtpKeys;
  tokenCheck: TokenCheck;
  accounts: AccountServices;
  snsCheck: SnsCheck;
  takeOne: TakeOne;
  clientIp: ClientIp;
  ipLimit: IpLimit;
  /** The file of the erasures; absent: none is kept. */
  erasureLedger: string | undefined;
  adminRoles: ReadonlySet<string>;
  cors: Readonly<{ origins: readonly string[]; credentials: boolean }>;
  log: Log;
  metrics: Metrics;
  /** True once the process was told to stop: ready no more, and every answer closes its connection. */
  isDraining: () => boolean;
}>;

/** How long a statement of a request may take before it is answered 503. */
export const READ_TIMEOUT_MILLISECONDS = 2000;
