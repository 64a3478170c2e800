/** Which refusals each operation can answer: from what it is like, and from the one table of what it does. */
import type { Command } from '../../core/decide.ts';
import type { RejectionCode } from '../../core/rejections.ts';
import { type RefusalCode, refusals } from '../http/refusals.ts';

export type Like = Readonly<{
  operationId: string;
  path: string;
  method: string;
  needsToken: boolean;
  hasBody: boolean;
}>;

const COUNTED = '/api/';

/** What every request passes before its route (see app.ts and http/server.ts), from wide to narrow. */
const byLikeness: readonly (readonly [isSo: (one: Like) => boolean, codes: readonly RefusalCode[]])[] = [
  [
    () => true,
    [
      ...(['invalid_request', 'unreadable_request', 'method_not_allowed', 'request_timeout'] as const),
      ...(['expectation_failed', 'headers_too_large', 'internal_error'] as const),
    ],
  ],
  [({ path }) => path.includes('{'), ['not_found']],
  [isCounted, ['rate_limited', 'body_too_large', 'store_unavailable']],
  [({ method }) => method === 'post', ['unsupported_media_type']],
  [({ hasBody }) => hasBody, ['invalid_json']],
  [({ needsToken }) => needsToken, ['unauthorized', 'keys_unavailable']],
  [({ path }) => path.startsWith('/api/admin/'), ['forbidden']],
];

/** What the rules reject of a command; of the commands that a request can bring. */
const byCommand = {
  'request-code': [
    ...(['resend_cooldown', 'hourly_limit', 'daily_limit', 'user_limit', 'installation_limit'] as const),
    ...(['user_paused', 'sending_paused', 'address_locked', 'address_suppressed', 'mail_unavailable'] as const),
    ...(['erasure_under_way', 'idempotency_mismatch', 'idempotency_in_progress'] as const),
  ],
  'verify-code': [
    ...(['otp_unknown', 'otp_expired', 'otp_superseded', 'otp_used', 'too_many_attempts', 'address_locked'] as const),
    ...(['otp_key_unavailable', 'erasure_under_way'] as const),
  ],
  'assert-verification': ['erasure_under_way', 'verification_taken_back'],
  unlock: ['erasure_under_way'],
  suppress: ['erasure_under_way'],
  'lift-suppression': ['erasure_under_way'],
} satisfies Partial<Record<Command['type'], readonly RejectionCode[]>>;

/** What is unknown is a 404 where it is what was asked for. */
type Own = RefusalCode | Readonly<{ code: RefusalCode; status: 404 }>;

/** Beyond what all of its kind answer. */
export const own: Readonly<Record<string, readonly Own[]>> = {
  getHealth: ['store_unavailable'],
  getReadiness: ['store_unavailable'],
  sendOtp: byCommand['request-code'],
  resendOtp: byCommand['request-code'],
  verifyOtp: [...byCommand['verify-code'], 'otp_incorrect'],
  login: ['invalid_credentials', 'login_limited', 'login_busy'],
  refresh: ['invalid_refresh_token'],
  getTimeline: [{ code: 'otp_unknown', status: 404 }],
  setVerification: ['erasure_under_way', 'email_unknown'],
  verifyManually: [...byCommand['assert-verification'], 'email_unknown'],
  unlockAddress: byCommand.unlock,
  suppressAddress: byCommand.suppress,
  liftSuppression: byCommand['lift-suppression'],
};

/** Whether its requests are counted by IP. */
export function isCounted({ path }: Readonly<{ path: string }>): boolean {
  return path.startsWith(COUNTED);
}

/** By status, from low to high; of each status the codes in the order of the table of refusals. */
export function refusedOf(one: Like): ReadonlyMap<number, readonly RefusalCode[]> {
  const codes: readonly Own[] = [
    ...byLikeness.filter(([isSo]) => isSo(one)).flatMap(([, some]) => some),
    ...(own[one.operationId] ?? []),
  ];
  const order = Object.keys(refusals);
  const found = codes
    .map((can) => (typeof can === 'string' ? { code: can, status: refusals[can].status } : can))
    .toSorted((a, b) => a.status - b.status || order.indexOf(a.code) - order.indexOf(b.code));
  const byStatus = Map.groupBy(found, ({ status }) => status as number);
  return new Map([...byStatus].map(([status, some]) => [status, [...new Set(some.map(({ code }) => code))]]));
}
