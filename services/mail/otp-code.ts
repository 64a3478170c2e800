/**
 * The code, derived and never stored: HMAC-SHA-256 over everything it is bound to, 64 bits of it modulo 10^digits
 * (in the manner of RFC 4226, with 64 bits so that there is no modulo bias). Every repeat mail carries the same code.
 */
import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { CodeBook, CodeIdentity } from '../core/decide.ts';
import type { EmailAddress } from '../core/email-address.ts';

/** A secret of 32 bytes or more under an id. The newest signs; older ones verify until their codes are dead. */
export type OtpKey = Readonly<{ id: string; secret: KeyObject }>;

export type OtpKeys = readonly [newest: OtpKey, ...older: OtpKey[]];

/** A key object, because node:crypto takes ten times as long with the bytes (31 to 3 microseconds). */
export const otpKey = (id: string, secret: Buffer): OtpKey => ({ id, secret: createSecretKey(secret) });

const DIGEST_CHARACTERS = 10;

/** The code's digits. Undefined where its key is gone: such a code is dead. */
export function deriveCode(keys: OtpKeys, identity: CodeIdentity): string | undefined {
  const key = keys.find(({ id }) => id === identity.keyId);
  if (!key) return undefined;
  const { epoch, otpId, salt, purpose, userId, address, codeDigits } = identity;
  const mac = hmac(key, ['otp/v1', String(epoch), otpId, salt, purpose, userId, address]);
  return (mac.readBigUInt64BE(0) % 10n ** BigInt(codeDigits)).toString().padStart(codeDigits, '0');
}

/** The keyed functions that the rules need, for one epoch of the installation. */
export function createCodeBook(keys: OtpKeys, epoch: number): CodeBook {
  return {
    keyId: keys[0].id,
    epoch,
    hasKey: (keyId) => keys.some(({ id }) => id === keyId),
    digest: (identity) => {
      const code = deriveCode(keys, identity) ?? '';
      return hmac(keys[0], ['otp-digest/v1', identity.otpId, code]).toString('base64url').slice(0, DIGEST_CHARACTERS);
    },
    isCode: (identity, guess) => {
      const code = identity.epoch === epoch ? deriveCode(keys, identity) : undefined;
      const same = timingSafeEqual(sha256(guess), sha256(code ?? ''));
      return same && code !== undefined;
    },
  };
}

/** What stands for a thing where it must be told from others of its kind and not be named; 43 characters. */
export function keyedHash(keys: OtpKeys, kind: 'ip' | 'login', text: string): string {
  return hmac(keys[0], [`${kind}/v1`, text]).toString('base64url');
}

/** What stands for an address in the erasure ledger; undefined where the key is gone. */
export function addressHash(keys: OtpKeys, keyId: string, address: EmailAddress): string | undefined {
  const key = keys.find(({ id }) => id === keyId);
  return key && hmac(key, ['erased/v1', address]).toString('base64url');
}

// Every field with its length before it, so that no two lists of fields give the same bytes.
function hmac(key: OtpKey, fields: readonly string[]): Buffer {
  const mac = createHmac('sha256', key.secret);
  for (const field of fields) {
    const bytes = Buffer.from(field, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    mac.update(length).update(bytes);
  }
  return mac.digest();
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
