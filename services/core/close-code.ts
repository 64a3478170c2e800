/** How a code ends, other than by the right guess; a mail of it still waiting is then given up, and the log says so. */
import type { AddressEvent, Instant, SendFailure } from './events.ts';
import type { Code } from './state.ts';

/** Still open in the log although its time is over; one that was issued further ahead than it lives is of a wrong clock, and has none. */
export function isLapsed({ status, issuedAt, expiresAt }: Code, now: Instant): boolean {
  return status.kind === 'pending' && (now >= expiresAt || issuedAt - now > expiresAt - issuedAt);
}

export function expire(code: Code): readonly AddressEvent[] {
  return [{ type: 'expired', data: { otpId: code.otpId } }, ...giveUpMail(code, 'expired')];
}

/** Ends what is still open of a code when another takes its place, or the address is erased. */
export function replace(
  code: Code,
  by: string,
  now: Instant,
  reason: 'superseded' | 'erased' = 'superseded',
): readonly AddressEvent[] {
  if (code.status.kind !== 'pending') return [];
  if (isLapsed(code, now)) return expire(code);
  return [{ type: 'superseded', data: { otpId: code.otpId, by } }, ...giveUpMail(code, reason)];
}

export function giveUpMail({ otpId, mailings }: Code, reason: SendFailure): readonly AddressEvent[] {
  return mailings.flatMap(({ delivery }, index): readonly AddressEvent[] =>
    delivery === 'queued' ? [{ type: 'send_failed', data: { otpId, mailing: index + 1, reason } }] : [],
  );
}
