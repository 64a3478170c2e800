/** The answer that carries an account's new pair of tokens. */
import { issueToken, type Signing } from '../../runtime/token.ts';
import type { Account } from '../../store/accounts.ts';
import type { RefreshTokens } from './refresh-token.ts';
import { z } from '@hono/zod-openapi';

const accountUser = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: z.string(),
    display_name: z.string().openapi({ description: 'The address: accounts have no other name.' }),
    is_active: z.literal(true),
    permissions: z.record(z.string(), z.boolean()).openapi({ description: 'Empty: the role decides.' }),
  })
  .openapi('AccountUser');

const members = { user: accountUser, token: z.string(), refreshToken: z.string() };

/** In both shapes that the guide's clients read: load tests `token`, admin panels `data`. */
export const tokensAnswer = z
  .object({
    success: z.literal(true),
    message: z.string(),
    ...members,
    expiresIn: z.int().openapi({ description: 'How long the token lives, in seconds.' }),
    data: z.object(members),
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
  const user = { id, email, role, display_name: email, is_active: true as const, permissions: {} };
  const tokens = { user, token, refreshToken };
  return {
    success: true as const,
    message: 'You are signed in.',
    ...tokens,
    expiresIn: tokenLifeSeconds,
    data: tokens,
  };
}
