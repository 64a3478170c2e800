/** Amazon SES as a transport. One request a call: the SDK's own retries would mail three times when an answer is lost. */
import { GetSendQuotaCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { type From, mimeOf } from './mime.ts';
import { createSesClient, REQUEST_MILLISECONDS_MAX, type SesClientOptions } from './ses-client.ts';
import { classify } from './ses-refusals.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

export type SesOptions = Omit<SesClientOptions, 'attemptsMax'> & From;

export function createSesTransport(options: SesOptions): Transport {
  const client = createSesClient({ ...options, attemptsMax: 1 });
  return { send, sendRate, attemptMillisecondsMax: REQUEST_MILLISECONDS_MAX, close: () => client.destroy() };

  async function send(mail: OutgoingMail, left = () => Number.POSITIVE_INFINITY): Promise<SendResult> {
    const Data = await mimeOf(mail, options).catch(() => undefined);
    // No try would make a mail of it.
    if (!Data) return { kind: 'rejected' };
    const command = new SendRawEmailCommand({
      Source: options.fromEmail,
      Destinations: [mail.to],
      RawMessage: { Data },
    });
    let isLate = false;
    // The last thing that is done before the request is written, or waits for its connection.
    command.middlewareStack.add(
      (next) => (args) => {
        isLate = left() <= 0;
        if (isLate) throw new Error('The mail is not to be sent any more.');
        return next(args);
      },
      { step: 'deserialize', priority: 'low', name: 'judgeAgain' },
    );
    const ended = new AbortController();
    const timer = setTimeout(() => ended.abort(), Math.min(left(), REQUEST_MILLISECONDS_MAX));
    try {
      const answer = await client.send(command, { abortSignal: ended.signal });
      return answer.MessageId ? { kind: 'accepted', messageId: answer.MessageId } : { kind: 'unsure' };
    } catch (error) {
      return isLate ? { kind: 'late' } : classify(error, mail.to);
    } finally {
      clearTimeout(timer);
    }
  }

  async function sendRate(): Promise<number> {
    const { MaxSendRate } = await client.send(new GetSendQuotaCommand({}));
    return MaxSendRate ?? 1;
  }
}
