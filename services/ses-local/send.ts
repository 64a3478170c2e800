/** Decides one send: what the caller is told, and whether the mail lands in the mailbox. */
import { randomUUID } from 'node:crypto';
import { element, SesError, success } from './answers.ts';
import type { Misbehaviour, Mode } from './behaviour.ts';
import type { ReportSender } from './feedback.ts';
import type { Identities } from './identities.ts';
import type { Mailbox } from './mailbox.ts';
import type { Permissions } from './permissions.ts';
import { dayExceeded, type Quota, rateExceeded } from './quota.ts';
import type { Statistics } from './statistics.ts';
import { readSendEmail, readSendRawEmail, type Submission } from './submission.ts';

/** The whole account: everything that an action can read or change. */
export type SendingAccount = Readonly<{
  region: string;
  mailbox: Mailbox;
  quota: Quota;
  statistics: Statistics;
  identities: Identities;
  misbehaviour: Misbehaviour;
  permissions: Permissions;
  feedback: ReportSender;
}>;
/** What goes over the wire; the last two never answer. */
export type Answer =
  | { kind: 'xml'; status: number; body: string; delayMilliseconds: number }
  | { kind: 'text'; status: number; body: string }
  | { kind: 'hang' }
  | { kind: 'reset' };

const readers = { SendEmail: readSendEmail, SendRawEmail: readSendRawEmail };
export type SendAction = keyof typeof readers;
export const isSendAction = (action: string): action is SendAction => Object.hasOwn(readers, action);

/**
 * Misbehaviour that refuses comes before anything is read, misbehaviour that loses the answer after the mail is stored.
 * Throws SesError for every refusal, and then nothing is stored or counted, neither against the quota nor in the statistics.
 */
export function send(
  account: SendingAccount,
  action: SendAction,
  params: URLSearchParams,
  requestId: string,
  now: number,
): Answer {
  const mode = account.misbehaviour.next();
  if (mode.mode === 'error') return { kind: 'text', status: mode.status, body: 'upstream is out of order\n' };
  refuse(mode);
  const id = accept(account, readers[action](params), now);
  return answer(mode, success(action, element('MessageId', id), requestId));
}

// The region in capitals is SES's own spelling. Source: "Amazon SES email sending errors".
function accept(account: SendingAccount, mail: Submission, now: number): string {
  const unverified = [...new Set(mail.senders)].filter((sender) => !account.identities.isVerified(sender));
  if (unverified.length > 0) {
    const failed = `in region ${account.region.toUpperCase()}: ${unverified.join(', ')}`;
    throw rejected(`Email address is not verified. The following identities failed the check ${failed}`);
  }
  account.quota.take(now, mail.to.length);
  const id = mintId(now);
  account.mailbox.add({ id, from: mail.from, to: mail.to, receivedAt: now, content: mail.content });
  account.statistics.accepted(now, mail.to);
  account.feedback.accepted({ id, from: mail.from, to: mail.to, sentAt: now });
  return id;
}

// An account paused by AWS itself answers MessageRejected; only a pause by its owner has a code of its own.
function refuse(mode: Mode): void {
  if (mode.mode === 'throttle') throw rateExceeded();
  if (mode.mode === 'quota') throw dayExceeded();
  if (mode.mode === 'reject') throw rejected('Email was rejected by the local SES, as it was told to.');
  if (mode.mode === 'unverified')
    throw rejected(
      'Email address is not verified. The following identities failed the check: as the local SES was told.',
    );
  if (mode.mode !== 'pause') return;
  if (mode.by === 'aws') {
    const inbox = 'please check the inbox of the email address associated with your AWS account.';
    throw rejected(`Sending paused for this account. For more information, ${inbox}`);
  }
  throw new SesError(400, 'AccountSendingPausedException', 'Email sending for the account is paused.');
}

function answer(mode: Mode, body: string): Answer {
  switch (mode.mode) {
    case 'accept-then-hang':
      return { kind: 'hang' };
    case 'accept-then-reset':
      return { kind: 'reset' };
    case 'accept-then-error':
      throw new SesError(500, 'InternalFailure', 'The request processing has failed because of an unknown error.');
    default:
      return { kind: 'xml', status: 200, body, delayMilliseconds: mode.mode === 'latency' ? mode.milliseconds : 0 };
  }
}

const rejected = (message: string): SesError => new SesError(400, 'MessageRejected', message);

// SES's shape: region and time in hex, a UUID, and a part number: 0100018f3c1a2b3c-…-000000.
const mintId = (now: number): string => `0100${now.toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
