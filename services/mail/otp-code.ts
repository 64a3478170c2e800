/**
 * The code, derived and never stored: HMAC-SHA-256 over everything it is bound to, 64 bits of it modulo 10^digits
 * (in the manner of RFC 4226, with 64 bits so that there is no modulo bias). Every repeat mail carries the same code.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { CodeBook, CodeIdentity } from '../core/context.ts';
import { hmac, keyOf, type OtpKeys } from '../runtime/keys.ts';

const DIGEST_CHARACTERS = 10;

/** The code's digits. Undefined where its key is gone: such a code is dead. */
export function deriveCode(keys: OtpKeys, identity: CodeIdentity): string | undefined {
  const key = keyOf(keys, identity.keyId);
  if (!key) return undefined;
  const { epoch, otpId, salt, purpose, userId, address, codeDigits } = identity;
  const mac = hmac(key, 'otp/v1', [String(epoch), otpId, salt, purpose, userId, address]);
  return (mac.readBigUInt64BE(0) % 10n ** BigInt(codeDigits)).toString().padStart(codeDigits, '0');
}

/** The keyed functions that the rules need, for one epoch of the installation. */
export function createCodeBook(keys: OtpKeys, epoch: number): CodeBook {
  return {
    keyId: keys[0].id,
    epoch,
    hasKey: (keyId) => keyOf(keys, keyId) !== undefined,
    digest: (identity) => {
      const code = deriveCode(keys, identity) ?? '';
      return hmac(keys[0], 'otp-digest/v1', [identity.otpId, code]).toString('base64url').slice(0, DIGEST_CHARACTERS);
    },
    isCode: (identity, guess) => {
      const code = identity.epoch === epoch ? deriveCode(keys, identity) : undefined;
      const same = timingSafeEqual(sha256(guess), sha256(code ?? ''));
      return same && code !== undefined;
    },
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
