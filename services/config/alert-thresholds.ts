/** Settings of when the alerts of prometheus/rules fire, where operators differ; what SES or PostgreSQL judge themselves is no setting. */
import { setting, type SettingsOf, wholeNumber } from '../runtime/settings.ts';

export const alertThresholdSettings = {
  ALERT_ERRORS_PER_THOUSAND: setting(
    wholeNumber({ default: 1, min: 1, max: 100 }),
    'Error budget: requests of a thousand that the API may fail over 30 days; an alert tells when it is spent too fast.',
  ),
  ALERT_SLOW_MILLISECONDS: setting(
    wholeNumber({ default: 1000, min: 50, max: 10_000 }),
    'An alert tells when one request of a hundred takes longer than this.',
  ),
  ALERT_MAIL_WAIT_SECONDS: setting(
    wholeNumber({ default: 120, min: 10, max: 3600 }),
    'An alert tells when an email waits longer than this.',
  ),
  ALERT_SES_QUOTA_PERCENT: setting(
    wholeNumber({ default: 80, min: 10, max: 99 }),
    'An alert tells when this much of the quota of SES for 24 hours is used.',
  ),
  ALERT_WRONG_CODES_PERCENT: setting(
    wholeNumber({ default: 50, min: 5, max: 95 }),
    'An alert tells when more than this share of the codes typed is wrong: somebody guesses.',
  ),
  ALERT_CONNECTIONS_PERCENT: setting(
    wholeNumber({ default: 80, min: 10, max: 99 }),
    "An alert tells when this much of the database's connections is taken.",
  ),
  ALERT_DISK_PERCENT: setting(
    wholeNumber({ default: 85, min: 10, max: 99 }),
    'An alert tells when a disk is as full as this.',
  ),
  ALERT_CERTIFICATE_DAYS: setting(
    wholeNumber({ default: 14, min: 1, max: 60 }),
    'An alert tells when the certificate ends within as many days, or within a fifth of the time it was issued for where that is less.',
  ),
  ALERT_BACKUP_HOURS: setting(
    wholeNumber({ default: 26, min: 1, max: 744 }),
    'An alert tells when the newest backup is older than this.',
  ),
  ALERT_CLOCK_SECONDS: setting(
    wholeNumber({ default: 2, min: 1, max: 300 }),
    'An alert tells when the clocks of the API and the database are further apart than this.',
  ),
};

/** By the name that the rules know each by, in base units: seconds, and ratios from 0 to 1. */
export function alertThresholds(settings: SettingsOf<typeof alertThresholdSettings>) {
  return {
    error_ratio: settings.ALERT_ERRORS_PER_THOUSAND / 1000,
    slow_seconds: settings.ALERT_SLOW_MILLISECONDS / 1000,
    mail_wait_seconds: settings.ALERT_MAIL_WAIT_SECONDS,
    ses_quota_ratio: settings.ALERT_SES_QUOTA_PERCENT / 100,
    wrong_codes_ratio: settings.ALERT_WRONG_CODES_PERCENT / 100,
    connections_ratio: settings.ALERT_CONNECTIONS_PERCENT / 100,
    disk_ratio: settings.ALERT_DISK_PERCENT / 100,
    certificate_seconds: settings.ALERT_CERTIFICATE_DAYS * 86_400,
    backup_age_seconds: settings.ALERT_BACKUP_HOURS * 3600,
    clock_difference_seconds: settings.ALERT_CLOCK_SECONDS,
  };
}
