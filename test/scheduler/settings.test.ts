/** The scheduler's settings: what is wrong with them is told at once, and no sample secret runs in production. */
import { expect, test } from 'vitest';
import { InvalidSettings } from '../../services/runtime/settings.ts';
import { readSchedulerConfig } from '../../services/scheduler/config.ts';

const sample = {
  JWT_SECRET: 'super_secure_jwt_secret_for_production_use_256_bits',
  DB_PASSWORD: 'secure_password_here',
};

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSchedulerConfig(environment);
    return [];
  } catch (error) {
    return error instanceof InvalidSettings ? error.problems : [String(error)];
  }
};

test('the guide’s sample secrets are refused in production, each by name and none with its value', () => {
  const found = problemsOf({ ...sample, NODE_ENV: 'production' });
  expect(found.map((problem) => problem.split(':')[0])).toEqual(['DB_PASSWORD', 'JWT_SECRET']);
  expect(found.join()).not.toMatch(/super_secure|secure_password/);
  expect(problemsOf({ ...sample, NODE_ENV: 'development' })).toEqual([]);
});

test('whoever is mailed the report needs a folder for it and a mail service, and nobody else does', () => {
  const mail = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', SES_FROM_EMAIL: 'noreply@example.com' };
  const JWT_SECRET = 'j'.repeat(32);
  const to = { JWT_SECRET, REPORT_EMAIL: 'ops@example.com' };
  const named = (environment: Record<string, string>) => problemsOf(environment).map((line) => line.split(':')[0]);
  expect(problemsOf({ JWT_SECRET, REPORT_DIR: '/reports' })).toEqual([]);
  expect(problemsOf({ ...to, ...mail, REPORT_DIR: '/reports' })).toEqual([]);
  expect(named({ ...to, ...mail })).toEqual(['REPORT_EMAIL']);
  expect(named({ ...to, REPORT_DIR: '/reports' })).toEqual([
    'SES_FROM_EMAIL',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
  ]);
  expect(named({ ...to, ...mail, REPORT_EMAIL: 'nobody', REPORT_DIR: '/reports' })).toEqual(['REPORT_EMAIL']);
  const { reportMail } = readSchedulerConfig({ ...to, ...mail, REPORT_DIR: '/reports' });
  expect(reportMail?.to).toBe('ops@example.com');
});

test('the thresholds of alerts are in seconds and ratios, whatever their settings are in', () => {
  const given = {
    ALERT_ERRORS_PER_THOUSAND: '5',
    ALERT_SLOW_MILLISECONDS: '250',
    ALERT_MAIL_WAIT_SECONDS: '30',
    ALERT_SES_QUOTA_PERCENT: '70',
    ALERT_WRONG_CODES_PERCENT: '25',
    ALERT_CONNECTIONS_PERCENT: '60',
    ALERT_DISK_PERCENT: '90',
    ALERT_CERTIFICATE_DAYS: '7',
    ALERT_BACKUP_HOURS: '48',
    ALERT_CLOCK_SECONDS: '5',
  };
  expect(readSchedulerConfig({ JWT_SECRET: 'j'.repeat(32), ...given }).alertThresholds).toEqual({
    error_ratio: 0.005,
    slow_seconds: 0.25,
    mail_wait_seconds: 30,
    ses_quota_ratio: 0.7,
    wrong_codes_ratio: 0.25,
    connections_ratio: 0.6,
    disk_ratio: 0.9,
    certificate_seconds: 604_800,
    backup_age_seconds: 172_800,
    clock_difference_seconds: 5,
  });
});
