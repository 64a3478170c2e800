/** Amazon SES as a transport. One request a call: the SDK's own retries would mail three times when an answer is lost. */
import { GetSendQuotaCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { type From, mimeOf } from './mime.ts';
import { createSesClient, REQUEST_MILLISECONDS_MAX, type SesClientOptions } from './ses-client.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

export type SesOptions = Omit<SesClientOptions, 'attemptsMax'> & From;

export function createSesTransport(options: SesOptions): Transport {
  const client = createSesClient({ ...options, attemptsMax: 1 });
  return { send, sendRate, attemptMillisecondsMax: REQUEST_MILLISECONDS_MAX, close: () => client.destroy() };

  async function send(mail: OutgoingMail): Promise<SendResult> {
    const Data = await mimeOf(mail, options).catch(() => undefined);
    // No try would make a mail of it.
    if (!Data) return { kind: 'rejected' };
    try {
      const answer = await client.send(
        new SendRawEmailCommand({ Source: options.fromEmail, Destinations: [mail.to], RawMessage: { Data } }),
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
}

/** Reads an SES failure by its HTTP status first: a 503 without XML has no usable name (AWS: SES API error codes). */
export function classify(error: unknown): SendResult {
  const { name, message, $metadata } = error as {
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return { kind: wasReached(error) ? 'unsure' : 'unreached' };
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

// What a connection fails with before a byte of the request is sent: no such name, refused, no route, no trust.
const NOT_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** False where no connection came about; a name with several addresses fails with one error for each. */
function wasReached(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(wasReached);
  const { code = '', syscall = '', message = '' } = error as NodeJS.ErrnoException;
  const failed = NOT_CONNECTED.test(code) || /^(?:connect|getaddrinfo)$/.test(syscall);
  return !failed && !/did not establish a connection|before secure TLS connection/.test(message);
}
