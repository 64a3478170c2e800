/** POST refresh and logout: a refresh token is used once; one that comes a second time was stolen, and ends its session. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { OtpKeys } from '../../../runtime/keys.ts';
import { endSession, rotate } from '../../../store/sessions.ts';
import { jsonAnswer, jsonBody } from '../../describe.ts';
import { linksOfTokens } from '../../description/links.ts';
import type { AppEnv } from '../../env.ts';
import { type ClientIp, networkHash } from '../../http/client-ip.ts';
import { Refused } from '../../http/problem.ts';
import { tokensFor, type AccountServices, tokensAnswer, tokensLifeSeconds } from '../../identity/tokens-for.ts';
import type { BoundedSql } from '../../../store/database.ts';

export const refreshBody = z
  .object({
    refreshToken: z
      .string('must be a refresh token')
      .min(1, 'must be a refresh token')
      .max(256, 'must be a refresh token')
      .openapi({
        example: 'rt_6f1b8a520a3e4d6c9f572b8f3c1d7e90',
        description: '`refreshToken` of login, or of the last refresh.',
      }),
  })
  .openapi('RefreshRequest');

const logoutAnswer = z.object({ success: z.literal(true) }).openapi('LogoutAnswer');

const refreshing = createRoute({
  method: 'post',
  operationId: 'refresh',
  path: '/api/auth/refresh',
  tags: ['Accounts'],
  summary: 'A new pair of tokens for a refresh token',
  description:
    'A refresh token is good for one time. One that comes a second time ends its session, and all tokens of it.',
  request: { body: jsonBody(refreshBody) },
  responses: { 200: { ...jsonAnswer(tokensAnswer, 'The tokens.'), links: linksOfTokens } },
});

const leaving = createRoute({
  method: 'post',
  operationId: 'logout',
  path: '/api/auth/logout',
  tags: ['Accounts'],
  summary: 'End the session of a refresh token',
  description: 'Its access tokens are refused within five seconds. One that is not known is answered the same.',
  request: { body: jsonBody(refreshBody) },
  responses: { 200: jsonAnswer(logoutAnswer, 'Ended, or already ended.') },
});

type Needs = Readonly<{
  sql: BoundedSql;
  accounts: AccountServices;
  clientIp: ClientIp;
  otpKeys: OtpKeys;
}>;

export function refresh(app: OpenAPIHono<AppEnv>, { sql, accounts, clientIp, otpKeys }: Needs): void {
  const { refreshTokens } = accounts;

  app.openapi(refreshing, async (c) => {
    const tokenHash = refreshTokens.hashOf(c.req.valid('json').refreshToken);
    const next = refreshTokens.create();
    const account = await rotate(sql, tokenHash, next, tokensLifeSeconds(accounts, next));
    if (!account) {
      await endSession(sql, tokenHash, 'reuse', networkHash(clientIp(c), otpKeys));
      throw new Refused('invalid_refresh_token');
    }
    return c.json(await tokensFor(account, account.sessionId, next.token, accounts), 200);
  });

  app.openapi(leaving, async (c) => {
    const tokenHash = refreshTokens.hashOf(c.req.valid('json').refreshToken);
    await endSession(sql, tokenHash, 'logout', networkHash(clientIp(c), otpKeys));
    return c.json({ success: true as const }, 200);
  });
}
