/** POST login: an operator's address and password for a token. An unknown address takes the same time and answers the same. */
import { randomUUID } from 'node:crypto';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { OtpKeys } from '../../../runtime/keys.ts';
import { hashPassword, isPassword, PASSWORD_CHARACTERS_MAX } from '../../../runtime/password.ts';
import { findAccount } from '../../../store/accounts.ts';
import type { BoundedSql } from '../../../store/database.ts';
import type { TakeOne } from '../../../store/limits/take-one.ts';
import { startSession } from '../../../store/sessions.ts';
import { recordFailure } from '../../../store/sign-ins.ts';
import { Busy, createTurns } from '../../../store/turns.ts';
import { jsonAnswer, jsonBody } from '../../describe.ts';
import { linksOfTokens } from '../../description/links.ts';
import type { AppEnv } from '../../env.ts';
import { emailField } from '../../fields.ts';
import { type ClientIp, networkHash } from '../../http/client-ip.ts';
import { Refused } from '../../http/problem.ts';
import { tokensFor, type AccountServices, tokensAnswer, tokensLifeSeconds } from '../../identity/tokens-for.ts';
import { attemptOf, createLoginLimits } from './login-limits.ts';

/** Of the four threads that hash and verify, these leave two to the others. */
const HASHES_AT_ONCE_MAX = 2;
const HASHES_WAITING_MAX = 8;

export const loginBody = z
  .object({
    email: emailField,
    password: z
      .string('must be a password')
      .min(1, 'must be a password')
      .max(PASSWORD_CHARACTERS_MAX, `must have at most ${PASSWORD_CHARACTERS_MAX} characters`)
      .openapi({ format: 'password', example: 'a long enough password' }),
  })
  .openapi('LoginRequest');

const route = createRoute({
  method: 'post',
  operationId: 'login',
  path: '/api/auth/login',
  tags: ['Accounts'],
  summary: 'Log in with an account made by the operator',
  description: 'The token is for the other calls; the refresh token for the next token, once.',
  request: { body: jsonBody(loginBody) },
  responses: { 200: { ...jsonAnswer(tokensAnswer, 'The tokens.'), links: linksOfTokens } },
});

type Needs = Readonly<{
  sql: BoundedSql;
  accounts: AccountServices;
  takeOne: TakeOne;
  clientIp: ClientIp;
  otpKeys: OtpKeys;
}>;

export function login(app: OpenAPIHono<AppEnv>, { sql, accounts, takeOne, clientIp, otpKeys }: Needs): void {
  const takeTurn = createTurns({ atOnce: HASHES_AT_ONCE_MAX, waitingMax: HASHES_WAITING_MAX });
  const limits = createLoginLimits({ sql, takeOne });
  // Of a password that nobody has, so that an unknown address costs one comparison too.
  const nobody = hashPassword(randomUUID(), accounts.bcryptRounds);

  app.openapi(route, async (c) => {
    const { email, password } = c.req.valid('json');
    const ip = clientIp(c);
    const network = networkHash(ip, otpKeys);
    const attempt = attemptOf(email, network, otpKeys);
    await limits.take(attempt);
    // By older keys too, so that a rotated one makes nobody a stranger.
    const account = await findAccount(sql, email, otpKeys.map((key) => networkHash(ip, [key])).filter(isNotNull));
    const judge = async (): Promise<boolean> => {
      // Of strangers' guesses only those that are judged count.
      if (!account?.known) await limits.takeAsStranger(attempt);
      return isPassword(password, account?.password_hash ?? (await nobody));
    };
    const right = await takeTurn(judge).catch(async (error: unknown) => {
      if (!(error instanceof Busy)) throw error;
      await limits.giveBack(attempt);
      throw new Refused('login_busy', { retryAfterSeconds: 1 });
    });
    const session = { id: randomUUID(), refreshToken: accounts.refreshTokens.create() };
    const begun =
      account !== undefined &&
      right &&
      (await startSession(sql, {
        ...session,
        accountId: account.id,
        passwordHash: account.password_hash,
        lifeSeconds: tokensLifeSeconds(accounts, session.refreshToken),
        network,
      }));
    if (!begun) {
      const tried = account ? { accountId: account.id, addressHash: null } : { accountId: null, ...attempt };
      // Those of accounts are bounded by their own limits: nobody uses up the record of them.
      if (account || (await limits.mayRecordFailure())) await recordFailure(sql, { ...tried, network });
      throw new Refused('invalid_credentials');
    }
    await limits.forget(attempt);
    return c.json(await tokensFor(account, session.id, session.refreshToken.token, accounts), 200);
  });
}

const isNotNull = (text: string | null): text is string => text !== null;
