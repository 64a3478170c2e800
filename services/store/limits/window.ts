/** What a limit counts in: a row of rate_windows, a count since the first of it, under a key that says of what. */

/** A kind and whom it counts, so that no two kinds share a row. Erasing a person deletes the user's by its spelling. */
export type LimitKey = `user ${string}` | 'installation' | `ip ${string}` | `login ${string}` | 'mail permits';

/** Hashes stand for what must not be named: see keyedHash. */
export const limitKeys = {
  user: (userId: string): LimitKey => `user ${userId}`,
  installation: 'installation',
  ip: (ipHash: string): LimitKey => `ip ${ipHash}`,
  /** Of an account over all networks. */
  login: (addressHash: string): LimitKey => `login ${addressHash}`,
  loginFrom: (addressHash: string, network: string): LimitKey => `login ${addressHash} ${network}`,
  loginNetwork: (network: string): LimitKey => `login network ${network}`,
  loginFailures: 'login failures',
  mailPermits: 'mail permits',
} as const;

/** A window's row is there once it was loaded. */
export type Window = Readonly<{ key: LimitKey; seconds: number }>;

/** 0 where the window is over: see window_is_over in migration 019. */
export type Count = Readonly<{ count: number; endsInSeconds: number }>;
