/** POST refresh and logout: a refresh token is used once; one that comes a second time was stolen, and ends its session. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { OtpKeys } from '../../../runtime/keys.ts';
import { endSession, rotate } from '../../../store/sessions.ts';
import { jsonAnswer, jsonBody, problems } from '../../describe.ts';
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
      .max(256, 'must be a refresh token'),
  })
  .openapi('RefreshRequest');

const logoutAnswer = z.object({ success: z.literal(true) }).openapi('LogoutAnswer');

const refreshing = createRoute({
  method: 'post',
  path: '/api/auth/refresh',
  summary: 'A new pair of tokens for a refresh token',
  request: { body: jsonBody(refreshBody) },
  responses: { 200: jsonAnswer(tokensAnswer, 'The tokens.'), ...problems(400, 401, 413, 415, 429, 500, 503) },
});

const leaving = createRoute({
  method: 'post',
  path: '/api/auth/logout',
  summary: 'End the session of a refresh token',
  request: { body: jsonBody(refreshBody) },
  responses: { 200: jsonAnswer(logoutAnswer, 'Ended, or already ended.'), ...problems(400, 413, 415, 429, 500, 503) },
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
