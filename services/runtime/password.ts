/** Passwords as bcrypt hashes, on the thread pool; what bcrypt would cut off is hashed first (OWASP Password Storage). */
import { createHash } from 'node:crypto';
import { compare, hash } from 'bcrypt';

export const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 256;

const BCRYPT_BYTES_MAX = 72;

export function hashPassword(password: string, rounds: number): Promise<string> {
  return hash(fitting(password), rounds);
}

export function isPassword(password: string, passwordHash: string): Promise<boolean> {
  return compare(fitting(password), passwordHash);
}

function fitting(password: string): string {
  const tooLong = Buffer.byteLength(password) > BCRYPT_BYTES_MAX;
  return tooLong ? createHash('sha256').update(password).digest('base64') : password;
}
