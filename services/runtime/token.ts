/** Signs a token that the api accepts: HS256, the caller's id as `userId` and `sub`. */
import { SignJWT } from 'jose';

export type TokenFacts = Readonly<{
  secret: string;
  userId: string;
  role: string | undefined;
  /** Such as 24h. */
  expiresIn: string;
  issuer?: string | undefined;
  audience?: string | undefined;
}>;

export function issueToken({ secret, userId, role, expiresIn, issuer, audience }: TokenFacts): Promise<string> {
  const claims = {
    ...(role ? { role } : {}),
    ...(issuer ? { iss: issuer } : {}),
    ...(audience ? { aud: audience } : {}),
  };
  return new SignJWT({ userId, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(new TextEncoder().encode(secret));
}
