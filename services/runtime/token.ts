/** Signs a token that the api accepts: HS256, the caller's id as `userId` and `sub`, and under the claims that the api reads where it reads others. */
import { SignJWT } from 'jose';

/** Names the session of the account that a token was given to. Ours alone: `sid` is what OpenID Connect calls its own. */
export const SESSION_CLAIM = 'sealpost_session';

/** Who signs, and by which claims the api will read it: `Signing` of the settings (config/keys.ts). */
export type Signing = Readonly<{
  secret: string;
  issuer?: string | undefined;
  audience?: string | undefined;
  /** Names of claims beside `userId` and `sub`, and beside `role`. */
  userClaim?: string | undefined;
  roleClaim?: string | undefined;
}>;

export type TokenFacts = Signing &
  Readonly<{
    userId: string;
    role: string | undefined;
    /** Such as 24h. */
    expiresIn: string;
    sessionId?: string;
  }>;

export function issueToken(facts: TokenFacts): Promise<string> {
  const { secret, userId, role, expiresIn, issuer, audience, sessionId, userClaim, roleClaim } = facts;
  const claims = {
    ...(userClaim ? { [userClaim]: userId } : {}),
    ...(role ? { role, ...(roleClaim ? { [roleClaim]: role } : {}) } : {}),
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
