/** What a person in front of the screen is told, in the language of the request: what happened, what to do, and when. */
import type { RefusalCode } from '../http/refusals.ts';

/** `incorrect` holds {n}, the attempts that are left; what is over after a while holds {when}. Each is one line without markup. */
export type Messages = Readonly<Record<MessageKey, string>>;

export type MessageKey = keyof typeof PLACEHOLDERS;

/** What each must hold in braces, and nothing else. */
export const PLACEHOLDERS = {
  sent: [],
  alreadyVerified: [],
  verified: [],
  notVerified: [],
  email: [],
  otp: [],
  fault: [],
  session: [],
  forbidden: [],
  incorrect: ['n'],
  unknown: [],
  expired: [],
  superseded: [],
  used: [],
  attempts: [],
  cooldown: ['when'],
  limit: ['when'],
  locked: ['when'],
  suppressed: [],
  credentials: [],
  passwords: ['when'],
  later: ['when'],
  trouble: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** By a refusal's code; `fault` is what the app does wrong, and its user can do nothing about. */
const ofRefusals: Readonly<Record<RefusalCode, MessageKey>> = {
  invalid_request: 'fault',
  invalid_json: 'fault',
  unauthorized: 'session',
  invalid_credentials: 'credentials',
  invalid_refresh_token: 'session',
  login_limited: 'passwords',
  login_busy: 'later',
  rate_limited: 'limit',
  forbidden: 'forbidden',
  notification_refused: 'forbidden',
  email_unknown: 'fault',
  not_found: 'fault',
  method_not_allowed: 'fault',
  headers_too_large: 'fault',
  request_timeout: 'trouble',
  unreadable_request: 'fault',
  expectation_failed: 'fault',
  body_too_large: 'fault',
  unsupported_media_type: 'fault',
  resend_cooldown: 'cooldown',
  hourly_limit: 'limit',
  daily_limit: 'limit',
  user_limit: 'limit',
  installation_limit: 'limit',
  user_paused: 'limit',
  address_locked: 'locked',
  erasure_under_way: 'later',
  address_suppressed: 'suppressed',
  otp_incorrect: 'incorrect',
  otp_unknown: 'unknown',
  otp_key_unavailable: 'later',
  otp_expired: 'expired',
  otp_superseded: 'superseded',
  otp_used: 'used',
  too_many_attempts: 'attempts',
  verification_taken_back: 'notVerified',
  idempotency_mismatch: 'fault',
  idempotency_in_progress: 'later',
  internal_error: 'trouble',
  store_unavailable: 'later',
  keys_unavailable: 'later',
  sending_paused: 'later',
  mail_unavailable: 'later',
};

/** The members of a refusal that decide what is said of it. */
export type Said = Readonly<{
  retryAfterSeconds?: number;
  attemptsRemaining?: number;
  errors?: readonly Readonly<{ pointer: string }>[];
}>;

/** Of a field that a person has typed, that field is told; what would be over after a while, but nobody says when, is trouble. */
export function keyOf(code: RefusalCode, { retryAfterSeconds, errors = [] }: Said): MessageKey {
  if (code === 'invalid_request' && errors.length > 0) {
    const pointers = new Set(errors.map(({ pointer }) => pointer));
    if (pointers.size === 1 && pointers.has('/email')) return 'email';
    if (pointers.size === 1 && pointers.has('/otp')) return 'otp';
  }
  const key = ofRefusals[code];
  const isTimed = (PLACEHOLDERS[key] as readonly string[]).includes('when');
  return isTimed && retryAfterSeconds === undefined ? 'trouble' : key;
}
