/** Settings of the operators' accounts. */
import { z } from 'zod';
import { secret, setting, wholeNumber } from '../runtime/settings.ts';

const duration = (fallback: string) =>
  z
    .string()
    .regex(/^\d{1,6}[smhd]$/, `a number and s, m, h or d is needed, such as ${fallback}`)
    .default(fallback);

export const accountSettings = {
  REFRESH_TOKEN_SECRET: secret(
    z.string().min(32, 'at least 32 characters are needed').optional(),
    'Key of the hashes that stand for refresh tokens in the database; absent: derived from JWT_SECRET.',
  ),
  REFRESH_TOKEN_EXPIRES_IN: setting(duration('7d'), 'How long a refresh token may be used.'),
  BCRYPT_ROUNDS: setting(wholeNumber({ default: 12, min: 10, max: 15 }), 'Cost of a password hash.'),
  SESSION_SECRET: secret(z.string().optional(), 'Accepted and not needed: there are no sessions but tokens.'),
};

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of a text such as 24h or 7d, which the settings have checked. */
export function secondsOf(text: string): number {
  const unit = text.at(-1) as keyof typeof SECONDS;
  return Number(text.slice(0, -1)) * SECONDS[unit];
}
