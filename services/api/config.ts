/** The api's settings, read once at the start; everything it needs, as options. */
import { databaseOptions, databaseSettings } from '../config/database.ts';
import { httpSettings } from '../config/http.ts';
import { keySettings, otpKeysOf } from '../config/keys.ts';
import { logSettings } from '../config/log.ts';
import { mailSettings, sesOptions } from '../config/mail.ts';
import { refusePlaceholders } from '../config/placeholders.ts';
import { checkRules, policyOf, ruleSettings } from '../config/rules.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';

export const apiSettings = {
  ...httpSettings,
  ...databaseSettings,
  ...keySettings,
  ...mailSettings,
  ...ruleSettings,
  ...logSettings,
};

export type ApiConfig = ReturnType<typeof readApiConfig>;

/** Throws InvalidSettings with every problem at once. */
export function readApiConfig(environment: Environment) {
  const settings = readSettings(apiSettings, environment, (found) => [
    ...checkRules(found),
    ...refusePlaceholders(apiSettings)(found),
  ]);
  return {
    host: settings.HOST,
    port: settings.PORT,
    metricsPort: settings.METRICS_PORT,
    database: databaseOptions(settings, 'sealpost-api'),
    jwtSecret: settings.JWT_SECRET,
    adminRoles: new Set(settings.ADMIN_ROLES),
    otpKeys: otpKeysOf(settings),
    ses: sesOptions(settings),
    policy: policyOf(settings),
    log: { level: settings.LOG_LEVEL, file: settings.LOG_FILE },
  };
}
