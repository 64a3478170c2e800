/** Settings of secrets that sign: tokens and codes. */
import { hkdfSync } from 'node:crypto';
import { z } from 'zod';
import { type OtpKey, otpKey, type OtpKeys } from '../runtime/keys.ts';
import type { Signing } from '../runtime/token.ts';
import { duration, list, secret, setting, type SettingsCheck, type SettingsOf } from '../runtime/settings.ts';

const SECRET_BYTES_MIN = 32;
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

export const keySettings = {
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
  OTP_KEYS: secret(
    z
      .string()
      .optional()
      .refine(
        (text) => parseKeys(text).every(isUsable),
        `must be id:secret pairs separated by commas, newest first, each secret of at least ${SECRET_BYTES_MIN} bytes`,
      ),
    'Keys that codes are derived from, as id:secret,id:secret, newest first. Default: derived from JWT_SECRET.',
  ),
  ERASURE_KEYS: secret(
    z
      .string()
      .optional()
      .refine(
        (text) => parseLedgerKeys(text).every(isUsable),
        `must be id:key pairs separated by commas, newest first, each key at least ${SECRET_BYTES_MIN} bytes in base64`,
      ),
    'Keys of the erasure ledger, as id:base64,id:base64, newest first, so that all others may be rotated. Default: the keys of the codes.',
  ),
};

type IssuerSettings = Partial<Pick<SettingsOf<typeof keySettings>, 'JWT_ISSUER' | 'JWT_JWKS_URL'>>;

/** Where the issuer's keys are; undefined where only what a shared secret signed is accepted. */
export function issuerKeysOf({ JWT_ISSUER, JWT_JWKS_URL }: IssuerSettings) {
  if (JWT_JWKS_URL) return { jwksUrl: JWT_JWKS_URL };
  return JWT_ISSUER && /^https?:\/\//.test(JWT_ISSUER) && URL.canParse(JWT_ISSUER)
    ? { issuerUrl: JWT_ISSUER }
    : undefined;
}

type SigningSettings = Pick<
  SettingsOf<typeof keySettings>,
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

export const checkKeys: SettingsCheck<typeof keySettings> = (found) => {
  const { JWT_SECRET, OTP_KEYS, ERASURE_KEYS } = found;
  const hasIssuer = issuerKeysOf(found) !== undefined;
  return [
    ...(JWT_SECRET || hasIssuer ? [] : ['JWT_SECRET: required unless JWT_JWKS_URL, or a URL as JWT_ISSUER, is set.']),
    ...(JWT_SECRET || OTP_KEYS || !hasIssuer ? [] : ['OTP_KEYS: required when JWT_SECRET is not set.']),
    ...(hasDuplicateIds(parseKeys(OTP_KEYS)) ? ['OTP_KEYS: must not contain the same id twice.'] : []),
    ...(hasDuplicateIds(parseLedgerKeys(ERASURE_KEYS)) ? ['ERASURE_KEYS: must not contain the same id twice.'] : []),
    ...ambiguousIds(parseLedgerKeys(ERASURE_KEYS), parseKeys(OTP_KEYS)).map(
      (id) => `ERASURE_KEYS: the id ${id} stands for another key in OTP_KEYS; give this one another id.`,
    ),
  ];
};

function hasDuplicateIds(keys: readonly RawKey[]): boolean {
  return new Set(keys.map(({ id }) => id)).size < keys.length;
}

type CodeKeySettings = Pick<SettingsOf<typeof keySettings>, 'OTP_KEYS' | 'JWT_SECRET' | 'JWT_SECRET_PREVIOUS'>;

/**
 * The keys of the codes. Without OTP_KEYS they are derived from JWT_SECRET and the one before it (HKDF, RFC 5869), apart
 * from their other use; each is named for its secret, so that a changed one is another key.
 */
export function otpKeysOf({ OTP_KEYS, JWT_SECRET, JWT_SECRET_PREVIOUS }: CodeKeySettings): OtpKeys {
  const [newest, ...older] = parseKeys(OTP_KEYS).map((key) => otpKey(key.id, key.secret));
  if (newest) return [newest, ...older];
  return [derivedKey(JWT_SECRET ?? ''), ...(JWT_SECRET_PREVIOUS ? [derivedKey(JWT_SECRET_PREVIOUS)] : [])];
}

// A line of the ledger names its key by the id alone.
const ambiguousIds = (some: readonly RawKey[], others: readonly RawKey[]): readonly string[] =>
  some
    .filter((one) => others.some(({ id, secret: key }) => id === one.id && !key.equals(one.secret)))
    .map(({ id }) => id);

/** The keys of the erasure ledger: its own, and for what was written before it had any, those of the codes. */
export function ledgerKeysOf(settings: SettingsOf<typeof keySettings>): OtpKeys {
  const own = parseLedgerKeys(settings.ERASURE_KEYS).map((key) => otpKey(key.id, key.secret));
  const [first, ...more] = otpKeysOf(settings);
  const others = [first, ...more].filter(({ id }) => !own.some((key) => key.id === id));
  const [newest, ...older] = own;
  return newest ? [newest, ...older, ...others] : [first, ...more];
}

/** By what a backup is known to be of this installation: its keys' ids, also those that a rotation of the codes' leaves as they are. */
export const keyIdsOf = (settings: SettingsOf<typeof keySettings>): readonly string[] => [
  ...new Set([...otpKeysOf(settings), ...ledgerKeysOf(settings)].map(({ id }) => id)),
];

/** The same in the form of ERASURE_KEYS. */
export const inLedgerForm = (keys: readonly OtpKey[]): string =>
  keys.map(({ id, secret: key }) => `${id}:${key.export().toString('base64')}`).join(',');

function derivedKey(secretText: string): OtpKey {
  const derived = (use: string, bytes: number) => Buffer.from(hkdfSync('sha256', secretText, '', use, bytes));
  return otpKey(
    `jwt_${derived('sealpost otp key name', 4).toString('hex')}`,
    derived('sealpost otp key', SECRET_BYTES_MIN),
  );
}

const isUsable = (key: RawKey): boolean => /^\w{1,20}$/.test(key.id) && key.secret.length >= SECRET_BYTES_MIN;

type RawKey = Readonly<{ id: string; secret: Buffer }>;

const parseKeys = (text: string | undefined): readonly RawKey[] => parsePairs(text, 'utf8');
const parseLedgerKeys = (text: string | undefined): readonly RawKey[] => parsePairs(text, 'base64');

function parsePairs(text: string | undefined, encoding: 'utf8' | 'base64'): readonly RawKey[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const [id = '', ...rest] = part.trim().split(':');
    const value = rest.join(':');
    // Node drops what is not base64, and would make another key of it.
    const isRead = encoding === 'utf8' || /^[\w+/-]*={0,2}$/.test(value);
    return { id, secret: Buffer.from(isRead ? value : '', encoding) };
  });
}
