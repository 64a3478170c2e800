/**
 * Idempotency-Keys (draft-ietf-httpapi-idempotency-key-header): a caller's key stands for what was first asked under it, and
 * a second request gets the first one's answer. What is kept are hashes, never the key or the body.
 */
import { createHash } from 'node:crypto';
import type { EmailAddress } from '../core/email-address.ts';
import type { Recorded, Requested } from '../core/events.ts';
import type { Rejection } from '../core/rejections.ts';
import type { Sql } from './database.ts';

export type KeyUse = Readonly<{ caller: string; keyHash: string; fingerprint: string }>;

/** What was recorded under a key before: the event that the answer is read off, or the one answer that no event stands for. */
export type EarlierUse = Readonly<{ fingerprint: string }> &
  (Readonly<{ answer: 'requested'; event: Recorded<Requested> }> | Readonly<{ answer: 'already-verified' }>);

/** How long a key is remembered, as PostgreSQL writes intervals. */
export const KEY_KEPT = '24 hours';

/** `request` is all that makes two requests the same. */
export function keyUse(key: string, caller: string, request: readonly string[]): KeyUse {
  return { caller, keyHash: sha256(key), fingerprint: sha256(JSON.stringify(request)) };
}

export const keyName = (key: Pick<KeyUse, 'caller' | 'keyHash'>): string => `${key.caller} ${key.keyHash}`;

/** What a request under a used key gets: the earlier answer, or the refusal of another request. */
export function answerAgain(earlier: EarlierUse, { fingerprint }: KeyUse) {
  if (earlier.fingerprint !== fingerprint) {
    return { kind: 'rejected', rejection: { code: 'idempotency_mismatch' } satisfies Rejection } as const;
  }
  return earlier.answer === 'requested'
    ? ({ kind: 'replayed', event: earlier.event } as const)
    : ({ kind: 'unchanged', because: earlier.answer } as const);
}

/** Answers without an event that are kept of one caller; a further one is made anew, and is the same for as long as the address is verified. */
const KEPT_WITHOUT_EVENT_MAX = 100;

/**
 * Keeps under its key that the address was verified already; one statement. It holds the address meanwhile, so that no
 * erasure passes it by.
 */
export async function keepAlreadyVerified(sql: Sql, key: KeyUse, address: EmailAddress): Promise<void> {
  const { caller, keyHash, fingerprint } = key;
  await sql`
    insert into idempotency_keys (caller, key_hash, fingerprint, stream_id, version, created_at, answer)
    select ${caller}, ${keyHash}, ${fingerprint}, id, version, event_clock(), 'already-verified'
    from streams
    where id = ${address}
      and (
        select count(*)
        from (
          select
          from idempotency_keys
          where caller = ${caller} and answer = 'already-verified'
          limit ${KEPT_WITHOUT_EVENT_MAX}
        ) as kept
      ) < ${KEPT_WITHOUT_EVENT_MAX}
    for key share
    on conflict do nothing
  `;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
