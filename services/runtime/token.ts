/** Signs a token that the api accepts: HS256, the caller's id as `userId` and `sub`. */
import { SignJWT } from 'jose';

/** Names the session of the account that a token was given to. Ours alone: `sid` is what OpenID Connect calls its own. */
export const SESSION_CLAIM = 'sealpost_session';

export type TokenFacts = Readonly<{
  secret: string;
  userId: string;
  role: string | undefined;
  /** Such as 24h. */
  expiresIn: string;
  issuer?: string | undefined;
  audience?: string | undefined;
  sessionId?: string;
}>;

export function issueToken({
  secret,
  userId,
  role,
  expiresIn,
  issuer,
  audience,
  sessionId,
}: TokenFacts): Promise<string> {
  const claims = {
    ...(role ? { role } : {}),
    ...(issuer ? { iss: issuer } : {}),
    ...(audience ? { aud: audience } : {}),
    ...(sessionId ? { [SESSION_CLAIM]: sessionId } : {}),
  };
  return new SignJWT({ userId, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(new TextEncoder().encode(secret));
}
