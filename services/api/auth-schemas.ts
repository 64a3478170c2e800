/** The fields of login, refresh and logout. */
import { z } from '@hono/zod-openapi';
import { PASSWORD_CHARACTERS_MAX } from '../runtime/password.ts';
import { emailField } from './schemas.ts';

export const loginBody = z
  .object({
    email: emailField,
    password: z
      .string('must be a password')
      .min(1, 'must be a password')
      .max(PASSWORD_CHARACTERS_MAX, `must have at most ${PASSWORD_CHARACTERS_MAX} characters`),
  })
  .openapi('LoginRequest');

export const refreshBody = z
  .object({
    refreshToken: z
      .string('must be a refresh token')
      .min(1, 'must be a refresh token')
      .max(256, 'must be a refresh token'),
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
