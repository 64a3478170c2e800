/** Amazon SES as a transport. One request a call: the SDK's own retries would mail three times when an answer is lost. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { GetSendQuotaCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { type From, mimeOf } from './mime.ts';
import { createSesClient, REQUEST_MILLISECONDS_MAX, type SesClientOptions } from './ses-client.ts';
import { classify } from './ses-refusals.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

/** Of the request that is being made: whether its mail is not to be sent any more. */
const judging = new AsyncLocalStorage<() => boolean>();

// Asked when the request has its connection, and once more when that is there: its bytes are written next.
subscribe('http.client.request.created', (made) => {
  const isOver = judging.getStore();
  const { request } = made as { request: ClientRequest };
  if (!isOver) return;
  const judge = (): void => void (isOver() && request.destroy(new Error('The mail is not to be sent any more.')));
  request.once('socket', (socket) => {
    judge();
    if (socket.connecting) socket.once('encrypted' in socket ? 'secureConnect' : 'connect', judge);
  });
});

export type SesOptions = Omit<SesClientOptions, 'attemptsMax'> & From;

export function createSesTransport(options: SesOptions): Transport {
  const client = createSesClient({ ...options, attemptsMax: 1 });
  return { send, sendRate, attemptMillisecondsMax: REQUEST_MILLISECONDS_MAX, close: () => client.destroy() };

  async function send(mail: OutgoingMail, left = () => Number.POSITIVE_INFINITY): Promise<SendResult> {
    const Data = await mimeOf(mail, options).catch(() => undefined);
    // No try would make a mail of it.
    if (!Data) return { kind: 'rejected' };
    let isLate = false;
    const isOver = (): boolean => (isLate = left() <= 0);
    if (isOver()) return { kind: 'late' };
    const command = new SendRawEmailCommand({
      Source: options.fromEmail,
      Destinations: [mail.to],
      RawMessage: { Data },
    });
    try {
      const answer = await judging.run(isOver, () => client.send(command));
      return answer.MessageId ? { kind: 'accepted', messageId: answer.MessageId } : { kind: 'unsure' };
    } catch (error) {
      return isLate ? { kind: 'late' } : classify(error, mail.to);
    }
  }

  async function sendRate(): Promise<number> {
    const { MaxSendRate } = await client.send(new GetSendQuotaCommand({}));
    return MaxSendRate ?? 1;
  }
}
