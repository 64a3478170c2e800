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

const signing = (more: Record<string, string>) => readApiConfig({ ...good, ...more }).accounts.signing;

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
      issuerKeys: { jwksUrl: 'https://issuer.example.com/jwks' },
      algorithms: ['ES256'],
      issuer: 'i',
      audience: 'a',
      userClaims: ['uid'],
      roleClaims: ['grp'],
      trustEmail: false,
    });
    expect(config.accounts).toEqual({
      signing: { secret, issuer: 'i', audience: 'a', userClaim: 'uid', roleClaim: 'grp' },
      tokenLifeSeconds: 7200,
      bcryptRounds: 11,
      refreshSecret: 'r'.repeat(32),
      refreshLifeSeconds: 259_200,
    });
    expect([...config.adminRoles]).toEqual(['root']);
  });

  test.each<[string, Record<string, string>, unknown]>([
    ['a URL', { JWT_ISSUER: 'https://issuer.example.com/' }, { issuerUrl: 'https://issuer.example.com/' }],
    ['a URL within', { JWT_ISSUER: 'http://keycloak:8080/realms/x' }, { issuerUrl: 'http://keycloak:8080/realms/x' }],
    ['a name', { JWT_ISSUER: 'my-backend' }, undefined],
    ['another scheme', { JWT_ISSUER: 'urn:example:issuer' }, undefined],
    [
      'a URL beside the keys',
      { JWT_ISSUER: 'https://a.example.com', JWT_JWKS_URL: 'https://b.example.com/k' },
      { jwksUrl: 'https://b.example.com/k' },
    ],
    ['none', {}, undefined],
  ])('the keys of an issuer that is %s', (_what, more, wanted) => {
    expect(readApiConfig({ ...good, ...more }).tokens.issuerKeys).toEqual(wanted);
  });

  test('an issuer that is a URL is enough, with keys of the codes', () => {
    const alone = { ...good, JWT_SECRET: '', JWT_ISSUER: 'https://issuer.example.com' };
    expect(() => readApiConfig(alone)).toThrow('OTP_KEYS: required when JWT_SECRET is not set.');
    expect(readApiConfig({ ...alone, OTP_KEYS: `k:${'x'.repeat(32)}` }).tokens.secrets).toEqual([]);
    expect(() => readApiConfig({ ...alone, JWT_ISSUER: 'a-name' })).toThrow('JWT_SECRET: required unless');
  });

  test('Sealpost’s own tokens are read by the claims that are set, however they are named', () => {
    expect(signing({})).toMatchObject({ userClaim: undefined, roleClaim: undefined });
    expect(signing({ JWT_USER_CLAIMS: 'oid,userId', JWT_ROLE_CLAIMS: 'a.b,role' })).toMatchObject({
      userClaim: undefined,
      roleClaim: undefined,
    });
    expect(signing({ JWT_USER_CLAIMS: 'oid,sub', JWT_ROLE_CLAIMS: 'a.b' })).toMatchObject({
      userClaim: 'oid',
      roleClaim: 'a.b',
    });
  });

  test('hashes refresh tokens with the secret of their own, else that of the tokens, else that of the codes', () => {
    expect(readApiConfig(good).accounts.refreshSecret).toBe(secret);
    const OTP_KEYS = `k:${'x'.repeat(32)}`;
    const issuer = { ...good, JWT_SECRET: '', OTP_KEYS, JWT_JWKS_URL: 'https://issuer.example.com/jwks' };
    expect(readApiConfig(issuer).accounts).toMatchObject({ refreshSecret: OTP_KEYS, signing: undefined });
    expect(readApiConfig(issuer).tokens.secrets).toEqual([]);
  });
});
