/** The answer that carries an account's new pair of tokens. */
import { issueToken } from '../runtime/token.ts';
import type { Account } from '../store/accounts.ts';
import type { RefreshTokens } from './refresh-token.ts';
import { z } from '@hono/zod-openapi';

export const tokensAnswer = z
  .object({
    success: z.literal(true),
    token: z.string(),
    refreshToken: z.string(),
    expiresIn: z.int(),
    user: z.object({ id: z.uuid(), email: z.string(), role: z.string() }),
  })
  .openapi('TokensAnswer');

export type AccountServices = Readonly<{
  /** Signs the tokens; absent where only another issuer's are accepted. */
  tokenSecret: string | undefined;
  issuer: string | undefined;
  audience: string | undefined;
  tokenLifeSeconds: number;
  bcryptRounds: number;
  refreshTokens: RefreshTokens;
}>;

/** How long all that is given out for a session lives. */
export const tokensLifeSeconds = (
  { tokenLifeSeconds }: AccountServices,
  refreshToken: Readonly<{ lifeSeconds: number }>,
): number => Math.max(tokenLifeSeconds, refreshToken.lifeSeconds);

export async function tokensFor(
  { id, email, role }: Account,
  sessionId: string,
  refreshToken: string,
  services: AccountServices,
) {
  const { tokenSecret: secret = '', issuer, audience, tokenLifeSeconds } = services;
  const expiresIn = `${tokenLifeSeconds}s`;
  const token = await issueToken({ secret, userId: id, role, expiresIn, issuer, audience, sessionId });
  return { success: true as const, token, refreshToken, expiresIn: tokenLifeSeconds, user: { id, email, role } };
}
