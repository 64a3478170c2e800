/** Settings of secrets that sign: tokens and codes. */
import { hkdfSync } from 'node:crypto';
import { z } from 'zod';
import { type OtpKey, otpKey, type OtpKeys } from '../runtime/keys.ts';
import { secret, type SettingsCheck, type SettingsOf } from '../runtime/settings.ts';
import { identitySettings, issuerKeysOf, SECRET_BYTES_MIN } from './identity.ts';

export const keySettings = {
  ...identitySettings,
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
