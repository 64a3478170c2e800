/** Settings of the operators' accounts. */
import { z } from 'zod';
import { duration, secret, setting, wholeNumber } from '../runtime/settings.ts';

export const accountSettings = {
  REFRESH_TOKEN_SECRET: secret(
    z.string().min(32, 'must have at least 32 characters').optional(),
    'Key that refresh tokens are hashed with in the database. Default: derived from JWT_SECRET.',
  ),
  REFRESH_TOKEN_EXPIRES_IN: setting(duration('7d'), 'Lifetime of a refresh token.'),
  BCRYPT_ROUNDS: setting(wholeNumber({ default: 12, min: 10, max: 15 }), 'Cost factor of password hashes.'),
  SESSION_SECRET: secret(z.string().optional(), 'Accepted and ignored: there are no sessions.'),
};

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of a text such as 24h or 7d, which the settings have checked. */
export function secondsOf(text: string): number {
  const unit = text.at(-1) as keyof typeof SECONDS;
  return Number(text.slice(0, -1)) * SECONDS[unit];
}
