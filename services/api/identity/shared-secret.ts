/**
 * Tokens signed with a shared secret. Their HMAC is computed here and at once: WebCrypto's would wait for a thread behind
 * whatever else the process hashes. Everything else about them is left to jose.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { errors, type JWTClaimVerificationOptions, type JWTPayload, UnsecuredJWT } from 'jose';

/** Throws a JOSEError; the claims are looked at only of what one of the secrets has signed. */
export type VerifyShared = (token: string, claims: JWTClaimVerificationOptions) => JWTPayload;

/** And the fewest bytes of a secret for it (RFC 7518 3.2). */
const HMACS: ReadonlyMap<unknown, Readonly<{ hash: string; bytesMin: number }>> = new Map([
  ['HS256', { hash: 'sha256', bytesMin: 32 }],
  ['HS384', { hash: 'sha384', bytesMin: 48 }],
  ['HS512', { hash: 'sha512', bytesMin: 64 }],
]);

export const isHmac = (algorithm: string | undefined): boolean => HMACS.has(algorithm);

/** `{"alg":"none"}`: the head under which jose reads claims whose signature was checked already. */
const UNSIGNED_HEAD = 'eyJhbGciOiJub25lIn0';

export function createSharedVerifier(secrets: readonly string[]): VerifyShared {
  const keys = secrets.map((secret) => createSecretKey(Buffer.from(secret)));

  return (token, claims) => {
    const [head = '', body = '', signature = '', ...more] = token.split('.');
    const header = more.length === 0 && signature !== '' ? headerOf(head) : undefined;
    const hmac = HMACS.get(header?.alg);
    // No extension is understood here, and a header that names one must not be passed over (RFC 7515 4.1.11).
    if (!hmac || header?.crit !== undefined) throw new errors.JWSInvalid('This is no token of a shared secret.');
    const longEnough = keys.filter(({ symmetricKeySize = 0 }) => symmetricKeySize >= hmac.bytesMin);
    if (!longEnough.some((key) => hasSigned(key, hmac.hash, `${head}.${body}`, signature))) {
      throw new errors.JWSSignatureVerificationFailed();
    }
    return UnsecuredJWT.decode(`${UNSIGNED_HEAD}.${body}.`, claims).payload;
  };
}

type Header = Readonly<{ alg?: unknown; crit?: unknown }>;

function headerOf(head: string): Header | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(head, 'base64url').toString());
    return typeof header === 'object' && header !== null ? header : undefined;
  } catch {
    return undefined;
  }
}

/** Compared as text, so that a signature has one spelling. */
function hasSigned(key: KeyObject, hash: string, text: string, signature: string): boolean {
  const expected = Buffer.from(createHmac(hash, key).update(text).digest('base64url'));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
