/** Settings of secrets that sign: tokens and codes. */
import { hkdfSync } from 'node:crypto';
import { z } from 'zod';
import { otpKey, type OtpKeys } from '../mail/otp-code.ts';
import { secret, setting, type SettingsOf } from '../runtime/settings.ts';

const SECRET_BYTES_MIN = 32;
const longEnough = (text: string) => Buffer.byteLength(text) >= SECRET_BYTES_MIN;

export const keySettings = {
  JWT_SECRET: secret(
    z.string('it is required').refine(longEnough, `at least ${SECRET_BYTES_MIN} bytes are needed (RFC 7518 3.2)`),
    'Secret that the HS256 tokens of callers are signed with; "openssl rand -base64 48" makes one.',
  ),
  JWT_EXPIRES_IN: setting(
    z
      .string()
      .regex(/^\d{1,6}[smhd]$/, 'a number and s, m, h or d is needed, such as 24h')
      .default('24h'),
    'How long a token lives that Sealpost itself issues.',
  ),
  ADMIN_ROLES: setting(
    z
      .string()
      .default('admin,super_admin,country_admin')
      .transform((text) => text.split(',').map((role) => role.trim()))
      .refine((roles) => roles.every((role) => role !== ''), 'names separated by commas are needed'),
    'Values of the claim role (or roles) that make an admin.',
  ),
  OTP_KEYS: secret(
    z
      .string()
      .optional()
      .refine(
        (text) => text === undefined || parseKeys(text).every(isUsable),
        `id:secret is needed, newest first and separated by commas, each secret of ${SECRET_BYTES_MIN} bytes or more`,
      ),
    'Keys that codes are derived from, as id:secret,id:secret, newest first. Absent: derived from JWT_SECRET.',
  ),
};

/** The keys of the codes. Without OTP_KEYS one is derived from JWT_SECRET (HKDF, RFC 5869), apart from its other use. */
export function otpKeysOf({ OTP_KEYS, JWT_SECRET }: SettingsOf<typeof keySettings>): OtpKeys {
  const given = OTP_KEYS === undefined ? [] : parseKeys(OTP_KEYS);
  const [newest, ...older] = given.map((key) => otpKey(key.id, key.secret));
  if (newest) return [newest, ...older];
  const derived = hkdfSync('sha256', JWT_SECRET, '', 'sealpost otp key', SECRET_BYTES_MIN);
  return [otpKey('jwt', Buffer.from(derived))];
}

const isUsable = (key: RawKey): boolean => /^\w{1,20}$/.test(key.id) && key.secret.length >= SECRET_BYTES_MIN;

type RawKey = Readonly<{ id: string; secret: Buffer }>;

function parseKeys(text: string): readonly RawKey[] {
  return text.split(',').map((part) => {
    const [id = '', ...rest] = part.trim().split(':');
    return { id, secret: Buffer.from(rest.join(':'), 'utf8') };
  });
}
