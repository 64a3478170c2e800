/** The fields of login, refresh and logout. */
import { z } from '@hono/zod-openapi';
import { PASSWORD_CHARACTERS_MAX } from '../runtime/password.ts';
import { emailField } from './schemas.ts';

export const loginBody = z
  .object({
    email: emailField,
    password: z
      .string('a password is needed')
      .min(1, 'a password is needed')
      .max(PASSWORD_CHARACTERS_MAX, `at most ${PASSWORD_CHARACTERS_MAX} characters are possible`),
  })
  .openapi('LoginRequest');

export const refreshBody = z
  .object({
    refreshToken: z
      .string('a refresh token is needed')
      .min(1, 'a refresh token is needed')
      .max(256, 'this is no refresh token'),
  })
  .openapi('RefreshRequest');

export const tokensAnswer = z
  .object({
    success: z.literal(true),
    token: z.string(),
    refreshToken: z.string(),
    expiresIn: z.int(),
    user: z.object({ id: z.uuid(), email: z.string(), role: z.string() }),
  })
  .openapi('TokensAnswer');

export const logoutAnswer = z.object({ success: z.literal(true) }).openapi('LogoutAnswer');
