/** The installation's secret keys, newest first, and what is made with them: a keyed hash for each use, which no other use repeats. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** A secret of 32 bytes or more under an id. The newest signs; older ones verify until what they signed is dead. */
export type OtpKey = Readonly<{ id: string; secret: KeyObject }>;

export type OtpKeys = readonly [newest: OtpKey, ...older: OtpKey[]];

/** Every use of a key, each by a name of its own. */
type Use = 'otp/v1' | 'otp-digest/v1' | 'ip/v1' | 'login/v1' | 'erased/v1' | 'closed/v1';

/** A key object, because node:crypto takes ten times as long with the bytes (31 to 3 microseconds). */
export const otpKey = (id: string, secret: Buffer): OtpKey => ({ id, secret: createSecretKey(secret) });

/** The key with this id; undefined where it is gone. */
export const keyOf = (keys: OtpKeys, id: string): OtpKey | undefined => keys.find((key) => key.id === id);

/**
 * HMAC-SHA-256 over a use's name and its fields, 32 bytes. Every field has its length before it, so that no two lists of
 * fields give the same bytes.
 */
export function hmac(key: OtpKey, use: Use, fields: readonly string[]): Buffer {
  const mac = createHmac('sha256', key.secret);
  for (const field of [use, ...fields]) {
    const bytes = Buffer.from(field, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    mac.update(length).update(bytes);
  }
  return mac.digest();
}

/** What stands for a thing where it must be told from others of its kind and not be named; 43 characters. */
export function keyedHash(keys: OtpKeys, kind: 'ip' | 'login', text: string): string {
  return hmac(keys[0], `${kind}/v1`, [text]).toString('base64url');
}

/** What may stand in the log for an erased address that gets no mail, by each key and with its id; the first is the one to write. */
export const closedHashes = (keys: OtpKeys, address: string): readonly string[] =>
  keys.map((key) => `${key.id}:${hmac(key, 'closed/v1', [address]).toString('base64url')}`);

/** What stands for an address in the erasure ledger; undefined where the key is gone. */
export function addressHash(keys: OtpKeys, keyId: string, address: string): string | undefined {
  const key = keyOf(keys, keyId);
  return key && hmac(key, 'erased/v1', [address]).toString('base64url');
}
