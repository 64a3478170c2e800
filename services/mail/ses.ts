/** Amazon SES as a transport. One request a call: the SDK's own retries would mail three times when an answer is lost. */
import { GetSendQuotaCommand, SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

export type SesOptions = Readonly<{
  region: string;
  credentials: Readonly<{ accessKeyId: string; secretAccessKey: string }>;
  /** Another address of the SES API, such as the local one; absent: Amazon's of the region. */
  endpoint: string | undefined;
  fromEmail: string;
  fromName: string;
}>;

const CONNECTION_TIMEOUT_MILLISECONDS = 2000;
const REQUEST_TIMEOUT_MILLISECONDS = 4000;
const SOCKETS_MAX = 64;

export function createSesTransport({ region, credentials, endpoint, fromEmail, fromName }: SesOptions): Transport {
  const client = new SESClient({
    region,
    credentials,
    ...(endpoint ? { endpoint } : {}),
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
    },
  });
  return { send, sendRate, close: () => client.destroy() };

  async function send(mail: OutgoingMail): Promise<SendResult> {
    const Data = await mime(mail).catch(() => undefined);
    // No try would make a mail of it.
    if (!Data) return { kind: 'rejected' };
    try {
      const answer = await client.send(
        new SendRawEmailCommand({ Source: fromEmail, Destinations: [mail.to], RawMessage: { Data } }),
      );
      return answer.MessageId ? { kind: 'accepted', messageId: answer.MessageId } : { kind: 'unsure' };
    } catch (error) {
      return classify(error);
    }
  }

  async function sendRate(): Promise<number> {
    const { MaxSendRate } = await client.send(new GetSendQuotaCommand({}));
    return MaxSendRate ?? 1;
  }

  // RFC 3834: no vacation notice shall answer it. SendEmail could not carry the header.
  function mime({ to, reference, message }: OutgoingMail): Promise<Buffer> {
    return new MailComposer({
      from: { name: fromName, address: fromEmail },
      to: { name: '', address: to },
      subject: message.subject,
      text: message.text,
      html: message.html,
      ...(message.attachments && { attachments: [...message.attachments] }),
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        'X-Entity-Ref-ID': reference,
      },
      disableUrlAccess: true,
      disableFileAccess: true,
    })
      .compile()
      .build();
  }
}

/** Reads an SES failure by its HTTP status first: a 503 without XML has no usable name (AWS: SES API error codes). */
export function classify(error: unknown): SendResult {
  const { name, message, syscall, $metadata } = error as {
    name?: string;
    message?: string;
    syscall?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return { kind: wasReached(syscall, message) ? 'unsure' : 'unreached' };
  // Unavailable is said before anything is taken; of every other server error that is not known.
  if (status === 503) return { kind: 'throttled' };
  if (status >= 500 || status < 400) return { kind: 'unsure' };
  if (/^Throttling|^TooManyRequests|^RequestLimitExceeded/.test(name ?? '') || status === 429) {
    return /daily/i.test(message ?? '') ? { kind: 'unavailable', reason: 'quota' } : { kind: 'throttled' };
  }
  // AWS pauses an account with a MessageRejected that says so; an owner's own pause has a name of its own.
  if (/SendingPaused/.test(name ?? '') || /sending paused/i.test(message ?? ''))
    return { kind: 'unavailable', reason: 'paused' };
  if (status === 401 || status === 403) return { kind: 'unavailable', reason: 'credentials' };
  return { kind: 'rejected' };
}

/** False where no connection came about: refused, no such name, no network, or the SDK's connectionTimeout. */
function wasReached(syscall: string | undefined, message: string | undefined): boolean {
  return !/^(?:connect|getaddrinfo)$/.test(syscall ?? '') && !/did not establish a connection/.test(message ?? '');
}
