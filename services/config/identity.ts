/** Settings of whose tokens are accepted, and of what Sealpost signs itself. */
import { z } from 'zod';
import { duration, flag, list, secret, setting, type SettingsOf } from '../runtime/settings.ts';
import type { Signing } from '../runtime/token.ts';

export const SECRET_BYTES_MIN = 32;
const longEnough = (text: string) => Buffer.byteLength(text) >= SECRET_BYTES_MIN;

const jwtSecret = z
  .string()
  .refine(longEnough, `must have at least ${SECRET_BYTES_MIN} bytes (RFC 7518 3.2)`)
  .optional();

const names = list();
const allNamed = (given: readonly string[]) => given.every((name) => name !== '');

const asymmetricAlgorithms = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
] as const;

export const identitySettings = {
  JWT_SECRET: secret(
    jwtSecret,
    'Secret that HS256 tokens are signed with, at least 32 bytes (HS384: 48, HS512: 64); "openssl rand -base64 48" makes one. Required, unless JWT_JWKS_URL or a URL as JWT_ISSUER is set.',
  ),
  JWT_SECRET_PREVIOUS: secret(jwtSecret, 'The previous JWT_SECRET; tokens signed with it are still accepted.'),
  JWT_JWKS_URL: setting(
    z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
    "URL of your issuer's public keys (JWKS, RFC 7517); tokens signed with one of them are accepted. Default: what the metadata of JWT_ISSUER say.",
  ),
  JWT_ALGORITHMS: setting(
    names
      .default(['EdDSA', 'Ed25519', 'ES256', 'RS256'])
      .refine(
        (given) => given.every((name) => asymmetricAlgorithms.includes(name as 'EdDSA')),
        `must be a list of ${asymmetricAlgorithms.join(', ')}`,
      ),
    "Signature algorithms accepted with the issuer's public keys.",
  ),
  JWT_ISSUER: setting(
    z.string().max(500, 'must have at most 500 characters').optional(),
    "Required value of the claim iss. If it is a URL, the issuer's public keys are found by its metadata (OpenID Connect Discovery, RFC 8414). Default: not checked.",
  ),
  JWT_AUDIENCE: setting(z.string().optional(), 'Required value of the claim aud. Default: not checked.'),
  JWT_USER_CLAIMS: setting(
    names.default(['userId', 'sub']).refine(allNamed, 'must be names separated by commas'),
    "Claims that may hold the caller's id, by their names or dotted paths; the first one that is there, and neither null nor empty, counts.",
  ),
  JWT_ROLE_CLAIMS: setting(
    names.default(['roles', 'role']).refine(allNamed, 'must be names separated by commas'),
    "Claims that may hold the caller's role or roles, by their names or dotted paths, such as realm_access.roles.",
  ),
  JWT_EXPIRES_IN: setting(duration('24h'), 'Lifetime of the tokens that Sealpost issues itself.'),
  ADMIN_ROLES: setting(
    names.default(['admin', 'super_admin', 'country_admin']).refine(allNamed, 'must be names separated by commas'),
    'Roles that may call the admin endpoints.',
  ),
  SERVICE_ROLES: setting(
    names.default([]).refine(allNamed, 'must be names separated by commas'),
    'Roles of your own backend, which may say by manual-verify that an address was verified at registration, and nothing else of an admin.',
  ),
  JWT_TRUST_EMAIL: setting(
    flag(false),
    'Whether the claim email is taken as verified where email_verified is true: then nobody is asked for a code for that address (true or false).',
  ),
};

type IssuerSettings = Partial<Pick<SettingsOf<typeof identitySettings>, 'JWT_ISSUER' | 'JWT_JWKS_URL'>>;

/** Where the issuer's keys are; undefined where only what a shared secret signed is accepted. */
export function issuerKeysOf({ JWT_ISSUER, JWT_JWKS_URL }: IssuerSettings) {
  if (JWT_JWKS_URL) return { jwksUrl: JWT_JWKS_URL };
  return JWT_ISSUER && /^https?:\/\//.test(JWT_ISSUER) && URL.canParse(JWT_ISSUER)
    ? { issuerUrl: JWT_ISSUER }
    : undefined;
}

type SigningSettings = Pick<
  SettingsOf<typeof identitySettings>,
  'JWT_SECRET' | 'JWT_ISSUER' | 'JWT_AUDIENCE' | 'JWT_USER_CLAIMS' | 'JWT_ROLE_CLAIMS'
>;

/** How Sealpost's own tokens are signed, so that it accepts them; undefined without a secret. The literal name of a path is read before what lies at it. */
export function signingOf(settings: SigningSettings): Signing | undefined {
  const { JWT_SECRET, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = settings;
  const [users, roles] = [settings.JWT_USER_CLAIMS, settings.JWT_ROLE_CLAIMS];
  const userClaim = users.includes('userId') ? undefined : users[0];
  const roleClaim = roles.includes('role') ? undefined : roles[0];
  return JWT_SECRET === undefined ? undefined : { secret: JWT_SECRET, issuer, audience, userClaim, roleClaim };
}
