/** Where a panel draws its line: the alert of that name fires beyond it, as long as no setting says otherwise. Ratios are 0 to 1, times in seconds. */
import { alertThresholds, alertThresholdSettings } from '../services/config/alert-thresholds.ts';
import { readSettings } from '../services/runtime/settings.ts';

const defaults = alertThresholds(readSettings(alertThresholdSettings, {}));

/** Those that the rules themselves say. */
export const fixed = {
  /** What the program itself calls high, see `heap_high` in its log. */
  HeapHigh: 500 * 2 ** 20,
  /** Amazon reviews an account a little above these. */
  BounceRateHigh: 0.04,
  ComplaintRateHigh: 0.0008,
  DatabaseTransactionOld: 1800,
  /** Of the 2 GiB that are kept for a receiver that is away. */
  WalBehind: 2 ** 28,
  CodesOverdue: 120,
} as const;

/** So many wrong codes within 15 minutes are too few for the alert WrongCodesMany. */
export const WRONG_CODES_MIN = 50;

export const limits = {
  ...fixed,
  /** At this pace the budget of 30 days is gone in two. */
  ErrorBudgetBurningFast: 14.4 * defaults.error_ratio,
  ApiSlow: defaults.slow_seconds,
  MailLate: defaults.mail_wait_seconds,
  SesQuotaNearlyUsed: defaults.ses_quota_ratio,
  WrongCodesMany: defaults.wrong_codes_ratio,
  DatabaseConnectionsNearlyUsed: defaults.connections_ratio,
  ClockApart: defaults.clock_difference_seconds,
  BackupTooOld: defaults.backup_age_seconds,
  /** Of its lifetime, be that 90 days or the twelve hours of Caddy's own authority; the alert waits for 14 days where that is less. */
  CertificateExpiresSoon: 0.2,
  /** What is left. */
  DiskNearlyFull: 1 - defaults.disk_ratio,
  UsersPaused: 1,
  ReadTablesDiffer: 1,
  /** Of how long it may take from one success to the next. */
  JobOverdue: 2,
  RehearsalTooOld: 2,
} as const;
