/** Where a panel draws its line: the alert of that name fires beyond it. Ratios are 0 to 1, times in seconds. */

export const limits = {
  /** 14.4 times what an objective of 99.9 % allows: a month's budget in two days. */
  ErrorBudgetBurningFast: 0.0144,
  ApiSlow: 1,
  /** What the program itself calls high, see `heap_high` in its log. */
  HeapHigh: 500 * 2 ** 20,
  MailLate: 60,
  SesQuotaNearlyUsed: 0.8,
  /** Amazon reviews an account from these on; the brake is at the same by default. */
  BounceRateHigh: 0.05,
  ComplaintRateHigh: 0.001,
  VerifySuccessFalling: 0.5,
  WrongCodesMany: 0.5,
  UsersPaused: 1,
  DatabaseConnectionsNearlyUsed: 0.8,
  DatabaseTransactionOld: 300,
  ClockApart: 2,
  ReadTablesDiffer: 1,
  /** Of the 2 GiB that are kept for a receiver that is away. */
  WalBehind: 2 ** 28,
  CodesOverdue: 60,
  /** A day, and two hours for the backup itself. */
  BackupTooOld: 26 * 3600,
  /** The slower of the two rehearsals is weekly. */
  RehearsalTooOld: 8 * 86_400,
  DiskNearlyFull: 0.15,
} as const;
