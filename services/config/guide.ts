/** The 32 variables of the deployment guide, and what Sealpost does with each. */

export type GuideUse = 'used' | 'adapted' | 'not needed';

const used = [
  'NODE_ENV',
  'PORT',
  'HOST',
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USER',
  'DB_PASSWORD',
  'JWT_SECRET',
  'JWT_EXPIRES_IN',
  'REFRESH_TOKEN_SECRET',
  'REFRESH_TOKEN_EXPIRES_IN',
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'SES_FROM_EMAIL',
  'SES_FROM_NAME',
  'EMAIL_OTP_EXPIRES_IN',
  'EMAIL_OTP_MAX_ATTEMPTS',
  'EMAIL_RATE_LIMIT_PER_HOUR',
  'LOG_LEVEL',
  'LOG_FILE',
  'CORS_ORIGIN',
  'CORS_CREDENTIALS',
  'BCRYPT_ROUNDS',
  'RATE_LIMIT_WINDOW_MS',
  'RATE_LIMIT_MAX_REQUESTS',
];

const notNeeded = ['REDIS_HOST', 'REDIS_PORT', 'REDIS_PASSWORD', 'SESSION_SECRET'];

/** `adapted`: true means `require`; the guide's own value is still accepted. */
export const guideUses: Readonly<Record<string, GuideUse>> = {
  ...Object.fromEntries(used.map((name) => [name, 'used' as const])),
  DB_SSL: 'adapted',
  ...Object.fromEntries(notNeeded.map((name) => [name, 'not needed' as const])),
};
