/** The api's settings, read once at the start; everything it needs, as options. */
import { accountSettings, secondsOf } from '../config/accounts.ts';
import { checkCors, corsSettings } from '../config/cors.ts';
import { checkDatabase, databaseOptions, databaseSettings } from '../config/database.ts';
import { erasureSettings } from '../config/erasure.ts';
import { feedbackSettings, reputationOptions, snsOptions } from '../config/feedback.ts';
import { httpSettings } from '../config/http.ts';
import { issuerKeysOf, signingOf } from '../config/identity.ts';
import { checkKeys, keySettings, ledgerKeysOf, otpKeysOf } from '../config/keys.ts';
import { limitOf, limitSettings, trustedProxies } from '../config/limits.ts';
import { logSettings } from '../config/log.ts';
import { checkMail, mailSettings, mailTransport } from '../config/mail.ts';
import { checkMessage, messageOptions, messageSettings } from '../config/message.ts';
import { refusePlaceholders } from '../config/placeholders.ts';
import { checkRules, policyOf, ruleSettings } from '../config/rules.ts';
import { traceOptions, traceSettings } from '../config/traces.ts';
import { unusedSettings } from '../config/unused.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';

export const apiSettings = {
  ...httpSettings,
  ...databaseSettings,
  ...keySettings,
  ...accountSettings,
  ...mailSettings,
  ...messageSettings,
  ...feedbackSettings,
  ...ruleSettings,
  ...limitSettings,
  ...logSettings,
  ...traceSettings,
  ...corsSettings,
  ...erasureSettings,
  ...unusedSettings,
};

export type ApiConfig = ReturnType<typeof readApiConfig>;

/** Throws InvalidSettings with every problem at once. */
export function readApiConfig(environment: Environment) {
  const settings = readSettings(apiSettings, environment, (found) => [
    ...checkRules(found),
    ...checkDatabase(found),
    ...checkKeys(found),
    ...checkMail(found),
    ...checkMessage(found),
    ...checkCors(found),
    ...refusePlaceholders(apiSettings)(found),
  ]);
  return {
    host: settings.HOST,
    port: settings.PORT,
    metricsHost: settings.METRICS_HOST,
    metricsPort: settings.METRICS_PORT,
    traces: traceOptions(settings),
    database: databaseOptions(settings, 'sealpost-api'),
    tokens: {
      secrets: [settings.JWT_SECRET, settings.JWT_SECRET_PREVIOUS].filter((secret) => secret !== undefined),
      issuerKeys: issuerKeysOf(settings),
      algorithms: settings.JWT_ALGORITHMS,
      issuer: settings.JWT_ISSUER,
      audience: settings.JWT_AUDIENCE,
      userClaims: settings.JWT_USER_CLAIMS,
      roleClaims: settings.JWT_ROLE_CLAIMS,
      trustEmail: settings.JWT_TRUST_EMAIL,
    },
    accounts: {
      signing: signingOf(settings),
      tokenLifeSeconds: secondsOf(settings.JWT_EXPIRES_IN),
      bcryptRounds: settings.BCRYPT_ROUNDS,
      refreshSecret: settings.REFRESH_TOKEN_SECRET ?? settings.JWT_SECRET ?? settings.OTP_KEYS ?? '',
      refreshLifeSeconds: secondsOf(settings.REFRESH_TOKEN_EXPIRES_IN),
    },
    cors: { origins: settings.CORS_ORIGIN, credentials: settings.CORS_CREDENTIALS },
    sns: snsOptions(settings),
    reputation: reputationOptions(settings),
    erasureLedger: settings.ERASURE_LEDGER
      ? { file: settings.ERASURE_LEDGER, keys: ledgerKeysOf(settings) }
      : undefined,
    ipLimit: limitOf(settings),
    trustedProxies: trustedProxies(settings),
    adminRoles: new Set(settings.ADMIN_ROLES),
    serviceRoles: new Set(settings.SERVICE_ROLES),
    otpKeys: otpKeysOf(settings),
    addressKeys: ledgerKeysOf(settings),
    openTransport: () => mailTransport(settings),
    message: messageOptions(settings, settings.SES_FROM_NAME),
    policy: policyOf(settings),
    purposes: new Set(settings.EMAIL_PURPOSES),
    log: { level: settings.LOG_LEVEL, file: settings.LOG_FILE },
  };
}
