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

export async function tokensFor({ id, email, role }: Account, refreshToken: string, services: AccountServices) {
  const { tokenSecret: secret = '', issuer, audience, tokenLifeSeconds } = services;
  const token = await issueToken({ secret, userId: id, role, expiresIn: `${tokenLifeSeconds}s`, issuer, audience });
  return { success: true as const, token, refreshToken, expiresIn: tokenLifeSeconds, user: { id, email, role } };
}
