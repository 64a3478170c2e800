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
import type { Context } from './context.ts';
import { type Decision, rejected } from './decision.ts';
import { erase, type EraseAddress } from './erase.ts';
import { type ExpireCodes, expireCodes } from './expire-codes.ts';
import { type ImportCode, importCode, type ImportLink, importLink } from './import.ts';
import { type RecordSendFailed, type RecordSent, recordSendFailed, recordSent } from './record-delivery.ts';
import { type RecordFeedback, recordFeedback } from './record-feedback.ts';
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
      return expireCodes(state, context);
    case 'assert-verification':
      return assertVerification(state, command, context);
    case 'unlock':
      return unlock(state, command, context);
    case 'suppress':
      return suppress(state, command);
    case 'lift-suppression':
      return liftSuppression(state, command, context);
    case 'erase':
      return erase(state, command, context);
    case 'import-link':
      return importLink(state, command, context);
    case 'import-code':
      return importCode(command);
  }
}
