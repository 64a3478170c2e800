/** Settings of the rules: the guide's EMAIL_* variables and the limits around them. */
import { DEFAULT_PURPOSE, PURPOSE } from '../core/purpose.ts';
import { CODE_TTL_SECONDS_MAX, type Policy, policyBounds } from '../core/policy.ts';
import { flag, list, setting, type SettingsCheck, type SettingsOf, wholeNumber } from '../runtime/settings.ts';

const rule = (name: keyof Policy) => setting(wholeNumber(policyBounds[name]), policyBounds[name].sentence);

const purposes = list()
  .default([DEFAULT_PURPOSE, 'business', 'driver'])
  .refine(
    (given) => given.every((purpose) => PURPOSE.test(purpose)) && given.includes(DEFAULT_PURPOSE),
    `must be names separated by commas, each a letter followed by up to 49 letters, digits, _ or -, and ${DEFAULT_PURPOSE} among them`,
  );

export const ruleSettings = {
  EMAIL_PURPOSES: setting(
    purposes,
    'Purposes that a code may be requested for. A mail names business and driver; any other only where a template words it.',
  ),
  EMAIL_OTP_EXPIRES_IN: rule('codeTtlSeconds'),
  EMAIL_OTP_EXPIRES_FORCE: setting(flag(false), `Allows codes that live longer than ${CODE_TTL_SECONDS_MAX} seconds.`),
  EMAIL_OTP_MAX_ATTEMPTS: rule('attemptsMax'),
  EMAIL_OTP_LENGTH: rule('codeDigits'),
  EMAIL_RESEND_COOLDOWN: rule('cooldownSeconds'),
  EMAIL_RATE_LIMIT_PER_HOUR: rule('requestsPerHourMax'),
  EMAIL_RATE_LIMIT_PER_DAY: rule('requestsPerDayMax'),
  EMAIL_RATE_LIMIT_PER_USER_HOUR: rule('requestsPerUserHourMax'),
  EMAIL_RATE_LIMIT_ALL_PER_MINUTE: rule('requestsPerMinuteMax'),
  EMAIL_RATE_LIMIT_USER_SHARE_PER_HOUR: rule('requestsPerHourShare'),
  EMAIL_RATE_LIMIT_USER_SHARE_PER_DAY: rule('requestsPerDayShare'),
  EMAIL_WRONG_GUESSES_MAX: rule('wrongGuessesMax'),
  EMAIL_WRONG_GUESSES_PER_USER_MAX: rule('wrongGuessesPerUserMax'),
};

export const checkRules: SettingsCheck<typeof ruleSettings> = (settings) => {
  const ttl = settings.EMAIL_OTP_EXPIRES_IN ?? 0;
  return ttl > CODE_TTL_SECONDS_MAX && settings.EMAIL_OTP_EXPIRES_FORCE === false
    ? [
        `EMAIL_OTP_EXPIRES_IN: must be at most ${CODE_TTL_SECONDS_MAX} unless EMAIL_OTP_EXPIRES_FORCE=true (ASVS 6.5.5).`,
      ]
    : [];
};

export function policyOf(settings: SettingsOf<typeof ruleSettings>): Policy {
  return {
    codeDigits: settings.EMAIL_OTP_LENGTH,
    codeTtlSeconds: settings.EMAIL_OTP_EXPIRES_IN,
    attemptsMax: settings.EMAIL_OTP_MAX_ATTEMPTS,
    cooldownSeconds: settings.EMAIL_RESEND_COOLDOWN,
    requestsPerHourMax: settings.EMAIL_RATE_LIMIT_PER_HOUR,
    requestsPerDayMax: settings.EMAIL_RATE_LIMIT_PER_DAY,
    requestsPerHourShare: settings.EMAIL_RATE_LIMIT_USER_SHARE_PER_HOUR,
    requestsPerDayShare: settings.EMAIL_RATE_LIMIT_USER_SHARE_PER_DAY,
    wrongGuessesMax: settings.EMAIL_WRONG_GUESSES_MAX,
    wrongGuessesPerUserMax: settings.EMAIL_WRONG_GUESSES_PER_USER_MAX,
    requestsPerUserHourMax: settings.EMAIL_RATE_LIMIT_PER_USER_HOUR,
    requestsPerMinuteMax: settings.EMAIL_RATE_LIMIT_ALL_PER_MINUTE,
  };
}
