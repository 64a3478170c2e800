/** The scheduler's settings. */
import { toolPlace } from '../backup/tool.ts';
import { alertThresholds, alertThresholdSettings } from '../config/alert-thresholds.ts';
import { backupOptions, backupSettings } from '../config/backup.ts';
import { checkDatabase, databaseOptions, databaseSettings } from '../config/database.ts';
import { httpSettings } from '../config/http.ts';
import { checkKeys, keyIdsOf, keySettings, ledgerKeysOf, otpKeysOf } from '../config/keys.ts';
import { edgeOptions, edgeSettings } from '../config/edge.ts';
import { erasureSettings } from '../config/erasure.ts';
import { logSettings } from '../config/log.ts';
import { sesAccountOptions, sesAccountSettings } from '../config/mail.ts';
import { checkOffSite, offSiteOptions, offSiteSettings } from '../config/off-site.ts';
import { refusePlaceholders } from '../config/placeholders.ts';
import { checkReport, checkReportMail, reportMailOf, reportSettings } from '../config/report.ts';
import { walOptions, walSettings } from '../config/wal.ts';
import { checkRules, policyOf, ruleSettings } from '../config/rules.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';

export const schedulerSettings = {
  NODE_ENV: httpSettings.NODE_ENV,
  METRICS_HOST: httpSettings.METRICS_HOST,
  METRICS_PORT: httpSettings.METRICS_PORT,
  ...edgeSettings,
  ...databaseSettings,
  ...keySettings,
  ...ruleSettings,
  ...logSettings,
  ...alertThresholdSettings,
  ...backupSettings,
  ...walSettings,
  ...offSiteSettings,
  ...erasureSettings,
  ...reportSettings,
  ...sesAccountSettings,
};

export type SchedulerConfig = ReturnType<typeof readSchedulerConfig>;

/** Throws InvalidSettings with every problem at once. */
export function readSchedulerConfig(environment: Environment) {
  const settings = readSettings(schedulerSettings, environment, (found) => [
    ...checkRules(found),
    ...checkDatabase(found),
    ...checkKeys(found),
    ...checkOffSite(found),
    ...checkReport(found),
    ...checkReportMail(found, environment),
    ...refusePlaceholders(schedulerSettings)(found),
  ]);
  return {
    metricsHost: settings.METRICS_HOST,
    metricsPort: settings.METRICS_PORT,
    edge: edgeOptions(settings),
    database: databaseOptions(settings, 'sealpost-scheduler'),
    otpKeys: otpKeysOf(settings),
    addressKeys: ledgerKeysOf(settings),
    keyIds: keyIdsOf(settings),
    policy: policyOf(settings),
    purposes: new Set(settings.EMAIL_PURPOSES),
    backup: backupOptions(settings),
    wal: walOptions(settings),
    offSite: offSiteOptions(settings),
    tools: toolPlace(environment),
    reportFolder: settings.REPORT_DIR,
    reportMail: reportMailOf(settings, environment),
    sesAccount: sesAccountOptions(settings),
    alertThresholds: alertThresholds(settings),
    log: { level: settings.LOG_LEVEL, file: settings.LOG_FILE },
  };
}
