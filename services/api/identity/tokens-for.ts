/** The answer that carries an account's new pair of tokens. */
import { issueToken, type Signing } from '../../runtime/token.ts';
import type { Account } from '../../store/accounts.ts';
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
  /** Absent where only another issuer's tokens are accepted. */
  signing: Signing | undefined;
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
  const { signing, tokenLifeSeconds } = services;
  if (!signing) throw new Error('Without JWT_SECRET no tokens are made, and no route asks for one.');
  const token = await issueToken({ ...signing, userId: id, role, expiresIn: `${tokenLifeSeconds}s`, sessionId });
  return { success: true as const, token, refreshToken, expiresIn: tokenLifeSeconds, user: { id, email, role } };
}
