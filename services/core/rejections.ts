/** Why a command is refused. A rejection records nothing; its HTTP status stands in api/http/refusals.ts. */

export type Rejection =
  /** Too soon after the last mail to this address, whoever asked for it. */
  | Readonly<{ code: 'resend_cooldown'; retryAfterSeconds: number }>
  | Readonly<{ code: 'hourly_limit'; retryAfterSeconds: number }>
  | Readonly<{ code: 'daily_limit'; retryAfterSeconds: number }>
  /** The user asked for as many mails as an hour allows, over all addresses. */
  | Readonly<{ code: 'user_limit'; retryAfterSeconds: number }>
  /** The whole installation mails as much as a minute allows. */
  | Readonly<{ code: 'installation_limit'; retryAfterSeconds: number }>
  /** So many of this user's mails came back, or were called spam, that no more is sent for now. */
  | Readonly<{ code: 'user_paused'; retryAfterSeconds: number }>
  /** So many mails of all users came back that only proven addresses get one. */
  | Readonly<{ code: 'sending_paused'; retryAfterSeconds: number }>
  /** So many wrong guesses at this address that this user's next one has to wait. */
  | Readonly<{ code: 'address_locked'; retryAfterSeconds: number }>
  /** The address is being forgotten; in a moment it is free again. */
  | Readonly<{ code: 'erasure_under_way'; retryAfterSeconds: number }>
  /** No mail goes to this address: it bounced, its owner complained, or an admin said so. */
  | Readonly<{ code: 'address_suppressed' }>
  /** The mail service takes no mail at present; the caller says so with the command. */
  | Readonly<{ code: 'mail_unavailable'; retryAfterSeconds: number }>
  /** What was typed cannot be a code: it is not judged. */
  | Readonly<{ code: 'invalid_request'; field: string; detail: string }>
  /** No such code of this user and address; another's code answers the same. */
  | Readonly<{ code: 'otp_unknown' }>
  /** This process does not have the key that the code was made with. */
  | Readonly<{ code: 'otp_key_unavailable'; retryAfterSeconds: number }>
  | Readonly<{ code: 'otp_expired' }>
  | Readonly<{ code: 'otp_superseded' }>
  | Readonly<{ code: 'otp_used' }>
  | Readonly<{ code: 'too_many_attempts'; attemptsRemaining: 0 }>
  /** An admin has said that the address is not verified, and the host application's word does not undo it. */
  | Readonly<{ code: 'verification_taken_back' }>
  /** The Idempotency-Key belongs to a request with another body, or to one that has no answer yet. */
  | Readonly<{ code: 'idempotency_mismatch' }>
  | Readonly<{ code: 'idempotency_in_progress'; retryAfterSeconds: number }>;

export type RejectionCode = Rejection['code'];
