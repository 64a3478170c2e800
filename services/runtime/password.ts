/** Passwords as bcrypt hashes, on the thread pool. */
import { createHash, createHmac } from 'node:crypto';
import { compare, hash } from 'bcrypt';

export const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 256;

const BCRYPT_BYTES_MAX = 72;

/** Before a hash of what stands for a password (see digestOf); without it, of the password itself. */
const OF_DIGEST = 'v2$';

/**
 * What bcrypt would cut off is digested first (OWASP Password Storage), and so is what could be taken for the digest of another
 * password. What stands for a password has a mark before it, so that nobody can type it.
 */
export async function hashPassword(typed: string, rounds: number): Promise<string> {
  const password = typed.normalize('NFC');
  const fits = Buffer.byteLength(password) <= BCRYPT_BYTES_MAX && !looksDigested(password);
  return fits ? hash(password, rounds) : OF_DIGEST + (await hash(digestOf(password), rounds));
}

/**
 * One comparison; where keyboards may have written the same letters otherwise, one for each form, as older hashes are of what
 * was typed (RFC 8265 4.2.2 has NFC).
 */
export async function isPassword(typed: string, passwordHash: string): Promise<boolean> {
  for (const form of new Set([typed.normalize('NFC'), typed, typed.normalize('NFD')])) {
    if (await isExactly(form, passwordHash)) return true;
  }
  return false;
}

function isExactly(password: string, passwordHash: string): Promise<boolean> {
  if (passwordHash.startsWith(OF_DIGEST)) return compare(digestOf(password), passwordHash.slice(OF_DIGEST.length));
  if (Buffer.byteLength(password) > BCRYPT_BYTES_MAX) return compare(olderDigestOf(password), passwordHash);
  // Whether the hash is of this text or of a password whose digest it is, nobody can tell: it is right for neither.
  return compare(looksDigested(password) ? digestOf(password) : password, passwordHash);
}

/** 64 characters. The key makes it a digest that no other system has of the same password. */
function digestOf(password: string): string {
  return createHmac('sha384', 'sealpost password v2').update(password).digest('base64');
}

/** As hashes without a mark have it: they were made before there was one. */
function olderDigestOf(password: string): string {
  return createHash('sha256').update(password).digest('base64');
}

/** Such as "openssl rand -base64 32" makes them. */
function looksDigested(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text);
}
