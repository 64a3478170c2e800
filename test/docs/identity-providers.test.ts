/** Each line of docs/tokens.md's table of identity providers: its settings alone take a token of that provider's shape, and no other's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readApiConfig } from '../../services/api/config.ts';
import { createTokenCheck } from '../../services/api/identity/token-check.ts';
import { userIdOf } from '../../services/runtime/subject.ts';
import { JWT_SECRET, user } from '../support/api.ts';
import { type IssuerKey, issuerKey, startIssuer } from '../support/issuer.ts';

/** As the provider's documents show them; `wrong` is what must not make an admin or pass. */
type Shape = Readonly<{
  alg: string;
  claims: JWTPayload;
  subject: string;
  roles: readonly string[];
  published?: object;
}>;

const ADMIN = 'admin';

const shapes: Readonly<Record<string, Shape>> = {
  Auth0: {
    alg: 'RS256',
    claims: {
      sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
      aud: ['API', 'https://TENANT.eu.auth0.com/userinfo'],
      azp: 'my-client',
      scope: 'openid profile',
      permissions: ['admin', 'read:mails'],
    },
    subject: 'auth0|5f7c8ec7c33c6c004bbafe82',
    roles: ['admin', 'read:mails'],
  },
  Firebase: {
    alg: 'RS256',
    claims: {
      aud: 'PROJECT',
      sub: 'k3Jd92Lm0pQrStUvWxYz12345678',
      user_id: 'k3Jd92Lm0pQrStUvWxYz12345678',
      auth_time: 1_700_000_000,
      email: 'a@example.com',
      email_verified: true,
      firebase: { identities: { email: ['a@example.com'] }, sign_in_provider: 'password' },
      role: 'admin',
    },
    subject: 'k3Jd92Lm0pQrStUvWxYz12345678',
    roles: ['admin'],
  },
  'Amazon Cognito': {
    alg: 'RS256',
    claims: {
      sub: user(7),
      'cognito:groups': ['admin'],
      client_id: 'abc',
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      username: 'a',
    },
    subject: user(7),
    roles: ['admin'],
  },
  Clerk: {
    alg: 'RS256',
    claims: {
      sub: 'user_2abcDEFghiJKLmnoPQRstuVWxy',
      azp: 'https://example.com',
      sid: 'sess_1',
      v: 2,
      o: { id: 'org_1', rol: 'admin', slg: 'example', per: 'read' },
    },
    subject: 'user_2abcDEFghiJKLmnoPQRstuVWxy',
    roles: ['admin'],
  },
  Keycloak: {
    alg: 'RS256',
    claims: {
      sub: user(8),
      aud: 'account',
      typ: 'Bearer',
      azp: 'CLIENT',
      realm_access: { roles: ['offline_access', 'admin'] },
      resource_access: { CLIENT: { roles: ['ops'] }, account: { roles: ['manage-account'] } },
      scope: 'email profile',
    },
    subject: user(8),
    roles: ['offline_access', 'admin', 'ops'],
  },
  Zitadel: {
    alg: 'RS256',
    claims: {
      sub: '163840776835432705',
      aud: ['my-client', 'PROJECT'],
      'urn:zitadel:iam:org:project:roles': { admin: { '163840776801878273': 'example.com' } },
    },
    subject: '163840776835432705',
    roles: ['admin'],
  },
  'Microsoft Entra ID': {
    alg: 'RS256',
    claims: {
      sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
      oid: user(9),
      aud: 'CLIENT',
      ver: '2.0',
      roles: ['admin'],
    },
    subject: user(9),
    roles: ['admin'],
  },
  Supabase: {
    alg: 'ES256',
    claims: {
      sub: user(10),
      aud: 'authenticated',
      role: 'authenticated',
      email: 'a@example.com',
      app_metadata: { provider: 'email', role: 'admin' },
      user_metadata: { role: 'super_admin' },
    },
    subject: user(10),
    roles: ['admin'],
  },
  'better-auth': {
    alg: 'EdDSA',
    claims: { sub: 'Yq3f8ZcT1kLmN0pQrStUvWxYz2345678', aud: 'https://APP', email: 'a@example.com', role: 'admin' },
    subject: 'Yq3f8ZcT1kLmN0pQrStUvWxYz2345678',
    roles: ['admin'],
  },
};

const text = readFileSync(join(import.meta.dirname, '../../docs/tokens.md'), 'utf8');
const rows = [...text.matchAll(/^\| ([^|]+) \| ((?:`JWT_[A-Z_]+=[^`]+` ?)+) \|/gm)].map(
  ([, provider = '', settings = '']) => ({
    provider,
    settings: Object.fromEntries(
      [...settings.matchAll(/`([A-Z_]+)=([^`]+)`/g)].map(([, name = '', value = '']) => [name, value]),
    ),
  }),
);

const complete = {
  SES_FROM_EMAIL: 'noreply@example.com',
  AWS_ACCESS_KEY_ID: 'AKIATEST',
  AWS_SECRET_ACCESS_KEY: 'test',
  DB_PASSWORD: 'test',
  JWT_SECRET,
};

let issuer: Awaited<ReturnType<typeof startIssuer>>;
beforeAll(async () => void (issuer = await startIssuer()));
afterAll(() => issuer.close());

/** The provider as it is, but on this machine: its hosts are this one. */
function here(value: string): string {
  return value.replaceAll(/https:\/\/[\w.-]+/g, issuer.origin);
}

function publish(settings: Readonly<Record<string, string>>, key: IssuerKey): void {
  const iss = here(settings.JWT_ISSUER ?? '');
  const path = new URL(iss).pathname.replace(/\/$/, '');
  issuer.answers.clear();
  issuer.answers.set(`${path}/.well-known/openid-configuration`, {
    body: { issuer: iss, jwks_uri: `${issuer.origin}/k` },
  });
  issuer.keysAt(settings.JWT_JWKS_URL ? new URL(here(settings.JWT_JWKS_URL)).pathname : '/k', key);
}

test('every provider has a line, and every line a shape', () => {
  expect(rows.map(({ provider }) => provider)).toEqual(Object.keys(shapes));
});

test.each(rows)('$provider', async ({ provider, settings }) => {
  const { alg, claims, subject, roles } = shapes[provider] as Shape;
  const key = await issuerKey(alg, 'one');
  publish(settings, key);
  const given = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, here(value)]));
  const config = readApiConfig({ ...complete, ...given });
  const check = createTokenCheck(config.tokens);
  const iss = given.JWT_ISSUER ?? '';
  const own = {
    ...claims,
    iss,
    ...(claims.aud === undefined ? {} : { aud: JSON.parse(here(JSON.stringify(claims.aud))) }),
  };

  const caller = await check(await key.sign(own));
  expect(caller).toEqual({ userId: userIdOf(subject, iss), roles, issuer: iss });
  expect(caller.roles.some((role) => config.adminRoles.has(role))).toBe(true);

  const stranger = await issuerKey(alg, 'one');
  const wrong = [stranger.sign(own), key.sign({ ...own, iss: `${iss}x` }), key.sign({ ...own, exp: 1 })];
  if (given.JWT_AUDIENCE) wrong.push(key.sign({ ...own, aud: 'another' }));
  for (const token of wrong) await expect(check(await token)).rejects.toMatchObject({ code: 'unauthorized' });
  const plain = Object.fromEntries(Object.entries(own).filter(([, value]) => !JSON.stringify(value).includes(ADMIN)));
  const { roles: none } = await check(await key.sign(plain));
  expect(none.some((role) => config.adminRoles.has(role))).toBe(false);
});
