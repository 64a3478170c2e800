/** POST login: an operator's address and password for a token. An unknown address takes the same time and answers the same. */
import { randomUUID } from 'node:crypto';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { wrongPasswords } from '../../../core/policy.ts';
import { keyedHash, type OtpKeys } from '../../../runtime/keys.ts';
import { hashPassword, isPassword, PASSWORD_CHARACTERS_MAX } from '../../../runtime/password.ts';
import { findAccount, startFamily } from '../../../store/accounts.ts';
import { forgetCount, type TakeOne } from '../../../store/limits/take.ts';
import { limitKeys } from '../../../store/limits/window.ts';
import { jsonAnswer, jsonBody, problems } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import { Refused } from '../../http/problem.ts';
import { tokensFor, type AccountServices, tokensAnswer } from '../../tokens-for.ts';
import type { BoundedSql } from '../../../store/database.ts';
import { emailField } from '../../fields.ts';

export const loginBody = z
  .object({
    email: emailField,
    password: z
      .string('must be a password')
      .min(1, 'must be a password')
      .max(PASSWORD_CHARACTERS_MAX, `must have at most ${PASSWORD_CHARACTERS_MAX} characters`),
  })
  .openapi('LoginRequest');

const route = createRoute({
  method: 'post',
  path: '/api/auth/login',
  summary: 'Log in with an account made by the operator',
  request: { body: jsonBody(loginBody) },
  responses: { 200: jsonAnswer(tokensAnswer, 'The tokens.'), ...problems(400, 401, 413, 415, 429, 500, 503) },
});

type Needs = Readonly<{
  sql: BoundedSql;
  accounts: AccountServices;
  takeOne: TakeOne;
  otpKeys: OtpKeys;
}>;

export function login(app: OpenAPIHono<AppEnv>, { sql, accounts, takeOne, otpKeys }: Needs): void {
  // Of a password that nobody has, so that an unknown address costs one comparison too.
  const nobody = hashPassword(randomUUID(), accounts.bcryptRounds);

  app.openapi(route, async (c) => {
    const { email, password } = c.req.valid('json');
    const key = limitKeys.login(keyedHash(otpKeys, 'login', email));
    const { granted, retryAfterSeconds } = await takeOne(key, wrongPasswords);
    if (granted === 0) throw new Refused('login_limited', { retryAfterSeconds });
    const account = await findAccount(sql, email);
    const right = await isPassword(password, account?.password_hash ?? (await nobody));
    if (!account || !right) throw new Refused('invalid_credentials');
    const refresh = accounts.refreshTokens.create();
    await startFamily(sql, randomUUID(), account.id, refresh);
    await forgetCount(sql, key);
    return c.json(await tokensFor(account, refresh.token, accounts), 200);
  });
}
