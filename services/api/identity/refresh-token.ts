/** Refresh tokens: 32 random bytes that only their holder has; the database knows a keyed hash. */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

export type RefreshTokens = Readonly<{
  create(): Readonly<{ token: string; tokenHash: string; lifeSeconds: number }>;
  hashOf(token: string): string;
}>;

export function createRefreshTokens(secret: string, lifeSeconds: number): RefreshTokens {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'sealpost refresh tokens', TOKEN_BYTES));
  const hashOf = (token: string): string => createHmac('sha256', key).update(token).digest('base64url');
  return {
    hashOf,
    create: () => {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      return { token, tokenHash: hashOf(token), lifeSeconds };
    },
  };
}
