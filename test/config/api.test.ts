/** The api's options: each by its own setting, and the secrets that stand in for one another. */
import { describe, expect, test } from 'vitest';
import { readApiConfig } from '../../services/api/config.ts';

const secret = 'a-secret-that-is-long-enough-0123456789';
const before = 'the-secret-before-this-one-0123456789ab';
const good = {
  JWT_SECRET: secret,
  AWS_ACCESS_KEY_ID: 'AKIATEST',
  AWS_SECRET_ACCESS_KEY: 'test',
  SES_FROM_EMAIL: 'a@example.com',
};

describe('the api', () => {
  test('gets all of it', () => {
    const set = {
      ...good,
      JWT_SECRET_PREVIOUS: before,
      HOST: '127.0.0.1',
      PORT: '1',
      METRICS_PORT: '2',
      JWT_JWKS_URL: 'https://issuer.example.com/jwks',
      JWT_ALGORITHMS: 'ES256',
      JWT_ISSUER: 'i',
      JWT_AUDIENCE: 'a',
      JWT_USER_CLAIMS: 'uid',
      JWT_ROLE_CLAIMS: 'grp',
      JWT_EXPIRES_IN: '2h',
      REFRESH_TOKEN_EXPIRES_IN: '3d',
      REFRESH_TOKEN_SECRET: 'r'.repeat(32),
      BCRYPT_ROUNDS: '11',
      CORS_ORIGIN: 'https://a.example.com',
      CORS_CREDENTIALS: 'true',
      ADMIN_ROLES: 'root',
      ERASURE_LEDGER: '/ledger',
      LOG_LEVEL: 'warn',
      LOG_FILE: '/log',
    };
    const config = readApiConfig(set);
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 1,
      metricsPort: 2,
      database: { applicationName: 'sealpost-api' },
      cors: { origins: ['https://a.example.com'], credentials: true },
      erasureLedger: { file: '/ledger' },
      ipLimit: { max: 100, windowSeconds: 900, perSecond: 10, burst: 20 },
      log: { level: 'warn', file: '/log' },
      message: { sender: 'Sealpost' },
    });
    expect(config.tokens).toEqual({
      secrets: [secret, before],
      jwksUrl: 'https://issuer.example.com/jwks',
      algorithms: ['ES256'],
      issuer: 'i',
      audience: 'a',
      userClaims: ['uid'],
      roleClaims: ['grp'],
    });
    expect(config.accounts).toEqual({
      tokenSecret: secret,
      issuer: 'i',
      audience: 'a',
      tokenLifeSeconds: 7200,
      bcryptRounds: 11,
      refreshSecret: 'r'.repeat(32),
      refreshLifeSeconds: 259_200,
    });
    expect([...config.adminRoles]).toEqual(['root']);
  });

  test('hashes refresh tokens with the secret of their own, else that of the tokens, else that of the codes', () => {
    expect(readApiConfig(good).accounts.refreshSecret).toBe(secret);
    const OTP_KEYS = `k:${'x'.repeat(32)}`;
    const issuer = { ...good, JWT_SECRET: '', OTP_KEYS, JWT_JWKS_URL: 'https://issuer.example.com/jwks' };
    expect(readApiConfig(issuer).accounts).toMatchObject({ refreshSecret: OTP_KEYS, tokenSecret: undefined });
    expect(readApiConfig(issuer).tokens.secrets).toEqual([]);
  });
});
