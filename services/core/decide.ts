/** Decides one command against an address's state: which events follow, or why none do. Pure. */
import {
  assertVerification,
  type AssertVerification,
  liftSuppression,
  type LiftSuppression,
  suppress,
  type Suppress,
  unlock,
  type Unlock,
} from './administer.ts';
import type { EmailAddress } from './email-address.ts';
import { rejected } from './decision.ts';
import { erase, type EraseAddress } from './erase.ts';
import type { AddressEvent, Instant } from './events.ts';
import { type ExpireCodes, expireCodes } from './expire-codes.ts';
import { type ImportCode, importCode, type ImportLink, importLink } from './import.ts';
import type { Policy } from './policy.ts';
import { type RecordSendFailed, type RecordSent, recordSendFailed, recordSent } from './record-delivery.ts';
import { type RecordFeedback, recordFeedback } from './record-feedback.ts';
import type { Rejection } from './rejections.ts';
import { type RequestCode, requestCode } from './request-code.ts';
import type { AddressState } from './state.ts';
import { type VerifyCode, verifyCode } from './verify-code.ts';

export type Command =
  | RequestCode
  | VerifyCode
  | RecordSent
  | RecordSendFailed
  | RecordFeedback
  | ExpireCodes
  | AssertVerification
  | Unlock
  | Suppress
  | LiftSuppression
  | EraseAddress
  | ImportLink
  | ImportCode;

/** What a code is derived from; see mail/otp-code.ts. */
export type CodeIdentity = Readonly<{
  otpId: string;
  address: EmailAddress;
  userId: string;
  purpose: string;
  salt: string;
  keyId: string;
  epoch: number;
  codeDigits: number;
}>;

/** The keyed functions of the installation's present epoch, handed in because core holds no key. */
export type CodeBook = Readonly<{
  keyId: string;
  epoch: number;
  /** Whether the key with this id is still there. */
  hasKey(keyId: string): boolean;
  /** Ten characters that stand for the code in the guide's `otp` column and cannot show it. */
  digest(identity: CodeIdentity): string;
  /** Constant time. False for a code of another epoch or of a key that is gone. */
  isCode(identity: CodeIdentity, guess: string): boolean;
}>;

export type Context = Readonly<{
  now: Instant;
  policy: Policy;
  codeBook: CodeBook;
  /** The id that a new row of user_email_addresses would take. */
  freshEmailId: number;
  /** What a limit beyond this address says of one more mail; its counting is the store's. */
  overLimit?: Extract<Rejection, { retryAfterSeconds: number }> | undefined;
}>;

export type Decision =
  | Readonly<{ kind: 'recorded'; events: readonly [AddressEvent, ...AddressEvent[]] }>
  /** Already so: a success that needs no event. */
  | Readonly<{ kind: 'unchanged'; because: 'already-verified' | 'just-verified' | 'nothing-to-do' }>
  | Readonly<{ kind: 'rejected'; rejection: Rejection }>;

export function decide(state: AddressState, command: Command, context: Context): Decision {
  if (state.erasedAt !== undefined && command.type !== 'erase') {
    return rejected({ code: 'erasure_under_way', retryAfterSeconds: 1 });
  }
  switch (command.type) {
    case 'request-code':
      return requestCode(state, command, context);
    case 'verify-code':
      return verifyCode(state, command, context);
    case 'record-sent':
      return recordSent(state, command);
    case 'record-send-failed':
      return recordSendFailed(state, command);
    case 'record-feedback':
      return recordFeedback(state, command, context.now);
    case 'expire-codes':
      return expireCodes(state, context.now);
    case 'assert-verification':
      return assertVerification(state, command, context);
    case 'unlock':
      return unlock(state, command);
    case 'suppress':
      return suppress(state, command);
    case 'lift-suppression':
      return liftSuppression(state, command);
    case 'erase':
      return erase(state, command, context.now);
    case 'import-link':
      return importLink(state, command, context);
    case 'import-code':
      return importCode(command);
  }
}
