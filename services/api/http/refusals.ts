/** Every refusal with its HTTP status and its words: a table that does not compile when one is missing. */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { RejectionCode } from '../../core/rejections.ts';

/** Of the body of a call to /api. */
export const BODY_BYTES_MAX = 4096;

/** What only HTTP can refuse, and the wrong guess, which is an event and yet a refusal to the caller. */
type HttpRefusalCode =
  | 'invalid_json'
  | 'unauthorized'
  | 'invalid_credentials'
  | 'invalid_refresh_token'
  | 'login_limited'
  | 'login_busy'
  | 'rate_limited'
  | 'forbidden'
  | 'email_unknown'
  | 'notification_refused'
  | 'not_found'
  | 'method_not_allowed'
  | 'headers_too_large'
  | 'request_timeout'
  | 'unreadable_request'
  | 'expectation_failed'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'otp_incorrect'
  | 'internal_error'
  | 'keys_unavailable'
  | 'store_unavailable';

export type RefusalCode = RejectionCode | HttpRefusalCode;

type Refusal = Readonly<{ status: ContentfulStatusCode; title: string; detail: string }>;

/** Their texts, also for the reference page. */
export const refusals: Readonly<Record<RefusalCode, Refusal>> = {
  invalid_request: { status: 400, title: 'Invalid request', detail: 'A field is missing or malformed.' },
  invalid_json: { status: 400, title: 'Invalid JSON', detail: 'The body is not valid JSON: send one JSON object.' },
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    detail: 'A valid token is required: Authorization: Bearer <JWT>.',
  },
  invalid_credentials: {
    status: 401,
    title: 'Invalid credentials',
    detail: 'The address or the password is incorrect.',
  },
  invalid_refresh_token: {
    status: 401,
    title: 'Invalid refresh token',
    detail: 'This refresh token is invalid, expired or already used: log in again.',
  },
  login_limited: {
    status: 429,
    title: 'Too many login attempts',
    detail: 'Too many wrong passwords were entered for this address.',
  },
  login_busy: {
    status: 503,
    title: 'Too many logins at once',
    detail: 'Too many passwords are being checked at the moment: try again.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'This client is sending too many requests: wait the number of seconds in Retry-After.',
  },
  forbidden: { status: 403, title: 'Forbidden', detail: 'This requires an admin role.' },
  notification_refused: {
    status: 403,
    title: 'Notification refused',
    detail: 'This is not a message from an allowed topic.',
  },
  email_unknown: { status: 404, title: 'Unknown email', detail: 'No email has this id.' },
  not_found: { status: 404, title: 'Not found', detail: 'There is nothing at this path.' },
  method_not_allowed: { status: 405, title: 'Method not allowed', detail: 'This path does not support this method.' },
  headers_too_large: {
    status: 431,
    title: 'Headers too large',
    detail: 'The path and the headers must not exceed 16 KiB.',
  },
  request_timeout: { status: 408, title: 'Request timeout', detail: 'The request did not arrive in time.' },
  unreadable_request: {
    status: 400,
    title: 'Malformed request',
    detail: 'This is not a well-formed HTTP/1.1 request.',
  },
  expectation_failed: {
    status: 417,
    title: 'Expectation failed',
    detail: 'Of Expect only 100-continue is known.',
  },
  body_too_large: { status: 413, title: 'Body too large', detail: `The body must not exceed ${BODY_BYTES_MAX} bytes.` },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send the body as application/json.',
  },
  resend_cooldown: { status: 429, title: 'Too soon', detail: 'A code was sent to this address a moment ago.' },
  hourly_limit: {
    status: 429,
    title: 'Hourly limit',
    detail: "This address, or this user's share of it, has reached its limit of codes per hour.",
  },
  daily_limit: {
    status: 429,
    title: 'Daily limit',
    detail: "This address, or this user's share of it, has reached its limit of codes per day.",
  },
  user_limit: {
    status: 429,
    title: 'Too many codes',
    detail: 'This user has reached the limit of codes per hour.',
  },
  installation_limit: {
    status: 429,
    title: 'Too many mails',
    detail: 'The installation has reached its limit of codes per minute.',
  },
  user_paused: {
    status: 429,
    title: 'Sending paused for this user',
    detail: 'Too many mails that this user requested came back or were called spam.',
  },
  address_locked: {
    status: 429,
    title: 'Too many wrong codes',
    detail: 'This user entered too many wrong codes for this address.',
  },
  erasure_under_way: {
    status: 503,
    title: 'Erasure in progress',
    detail: 'The data of this address is being erased: try again.',
  },
  address_suppressed: {
    status: 422,
    title: 'Address suppressed',
    detail: 'No mail is sent to this address: an admin can say why and lift the suppression.',
  },
  otp_incorrect: { status: 400, title: 'Wrong code', detail: 'The code is incorrect.' },
  otp_unknown: { status: 400, title: 'Unknown code', detail: 'There is no such code for this address: request one.' },
  otp_key_unavailable: {
    status: 503,
    title: 'Key unavailable',
    detail: 'This process does not have the key of this code yet: try again, or request a new code.',
  },
  otp_expired: { status: 400, title: 'Code expired', detail: 'The code has expired: request a new one.' },
  verification_taken_back: {
    status: 409,
    title: 'Verification taken back',
    detail: 'An admin has taken the verification of this address back: a code, or an admin, can give it again.',
  },
  otp_superseded: { status: 400, title: 'Code replaced', detail: 'A newer code was mailed: use that one.' },
  otp_used: { status: 400, title: 'Code used', detail: 'The code has already been used.' },
  too_many_attempts: {
    status: 400,
    title: 'Too many attempts',
    detail: 'There were too many wrong attempts at this code: request a new one.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'Idempotency-Key reused',
    detail: 'This Idempotency-Key was used for another request: use a new key.',
  },
  idempotency_in_progress: {
    status: 409,
    title: 'Request in progress',
    detail: 'The first request with this Idempotency-Key is still in progress.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong; the request id identifies it in the log.',
  },
  store_unavailable: {
    status: 503,
    title: 'Database unavailable',
    detail: 'The database is not responding at the moment: try again.',
  },
  keys_unavailable: {
    status: 503,
    title: 'Keys unavailable',
    detail: 'The keys of the token issuer cannot be fetched at the moment: try again.',
  },
  sending_paused: {
    status: 503,
    title: 'Sending paused',
    detail: 'Too many mails came back: for now only addresses that are known to be read get one.',
  },
  mail_unavailable: {
    status: 503,
    title: 'Mail unavailable',
    detail: 'No mail can be sent at the moment: try again later.',
  },
};
