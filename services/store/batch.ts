/** What a batch adds, and its form as the parameter of the append. */
import type { EmailAddress } from '../core/email-address.ts';
import { type Recorded, isoOf } from '../core/events.ts';
import { CLAIM_SECONDS } from '../core/mail.ts';
import type { CodeRow, EmailRow } from '../core/projections.ts';
import { type AddressState, nextExpiry, STATE_VERSION } from '../core/state.ts';
import { withVersion } from '../core/upcast.ts';
import type { KeyUse } from './idempotency.ts';
import type { Reservation } from './limits/reservations.ts';
import { nullableTime, rowAsJson } from './row-json.ts';

/** All that a batch adds to one stream. */
export type Addition = Readonly<{
  address: EmailAddress;
  expectedVersion: number;
  state: AddressState;
  events: readonly Recorded[];
  emails: readonly EmailRow[];
  codes: readonly CodeRow[];
  /** The requested events' versions whose mail this process sends itself, and those under an Idempotency-Key. */
  claimed: ReadonlySet<number>;
  keys: readonly Readonly<{ key: KeyUse; version: number }>[];
  /** Of the limits beyond the address; where one has no room any more, the stream loses its race. */
  reservations: readonly Reservation[];
}>;

/** All of a batch as the one parameter of the append; every list names the stream that its rows belong to. */
export function batchOf(additions: readonly Addition[]) {
  let position = 0;
  return {
    streams: additions.map(({ address, expectedVersion, state, events }) => ({
      id: address,
      expected: expectedVersion,
      version: expectedVersion + events.length,
      state,
      state_version: STATE_VERSION,
      expires_at: nullableTime(nextExpiry(state)),
    })),
    events: additions.flatMap(({ address, events }) =>
      events.map((event) => ({
        n: position++,
        stream_id: address,
        version: event.version,
        type: event.type,
        at: isoOf(event.at),
        data: withVersion(event),
      })),
    ),
    emails: additions.flatMap(({ emails }) => emails.map(rowAsJson)),
    codes: additions.flatMap(({ codes }) => codes.map(rowAsJson)),
    mails: additions.flatMap(mailsOf),
    settled: additions.flatMap(({ address, events }) =>
      events.flatMap((event) =>
        event.type === 'sent' || event.type === 'send_failed'
          ? [{ otp_id: event.data.otpId, mailing: event.data.mailing, stream_id: address }]
          : [],
      ),
    ),
    reservations: additions.flatMap(({ address, reservations }) =>
      reservations.map(({ key, n, max, seconds }) => ({ key, stream_id: address, n, max, seconds })),
    ),
    keys: additions.flatMap(({ address, keys, state }) =>
      keys.map(({ key: { caller, keyHash, fingerprint }, version }) => ({
        caller,
        key_hash: keyHash,
        fingerprint,
        stream_id: address,
        version,
        created_at: isoOf(state.lastEventAt),
      })),
    ),
  };
}

function mailsOf({ address, events, claimed }: Addition) {
  return events.flatMap((event) =>
    event.type === 'requested'
      ? [
          {
            otp_id: event.data.otpId,
            mailing: event.data.mailing,
            stream_id: address,
            version: event.version,
            created_at: isoOf(event.at),
            expires_at: event.data.expiresAt,
            claim_seconds: claimed.has(event.version) ? CLAIM_SECONDS : 0,
          },
        ]
      : [],
  );
}
