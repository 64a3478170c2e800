/** SMTP as a transport (RFC 5321), for operators without AWS: one attempt a call, over a connection of its own. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import { type From, mimeOf } from './mime.ts';
import { classifySmtp, unnumbered } from './smtp-refusals.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';
import { receiptOf } from './words.ts';

export type SmtpOptions = From &
  Readonly<{
    host: string;
    port: number;
    /** starttls: TLS or no mail at all; tls: from the first byte; off: in clear, for a relay on this machine. */
    tls: 'starttls' | 'tls' | 'off';
    login: Readonly<{ user: string; pass: string }> | undefined;
    /** Mails a second that the server takes; SMTP cannot be asked. */
    ratePerSecond: number;
  }>;

/** Each is a connection of its own, of which Postfix takes fifty of one client, and two processes may send. */
const CONNECTIONS_MAX = 20;
const STEP_MILLISECONDS = 3000;
/** A server may look through a mail before it answers; RFC 5321 4.5.3.2.6 would give it longer than a claim lasts. */
const ATTEMPT_MILLISECONDS = 10_500;
const RESPONSE_BYTES_MAX = 128 * 1024;

export function createSmtpTransport(options: SmtpOptions): Transport {
  return {
    send,
    sendRate: () => Promise.resolve(options.ratePerSecond),
    attemptMillisecondsMax: ATTEMPT_MILLISECONDS,
    attemptsAtOnceMax: CONNECTIONS_MAX,
    close: () => {},
  };

  async function send(mail: OutgoingMail, left = () => Number.POSITIVE_INFINITY): Promise<SendResult> {
    const bytes = await mimeOf(mail, options).catch(() => undefined);
    if (!bytes) return { kind: 'rejected' };
    if (left() <= 0) return { kind: 'late' };
    const content = streamOf(bytes, left);
    const connection = open(options);
    const late = setTimeout(() => connection.close(), ATTEMPT_MILLISECONDS);
    try {
      return await Promise.race([converse(connection, mail.to, content.stream), failure(connection)]);
    } catch (error) {
      return content.isLate() ? { kind: 'late' } : classifySmtp(error, content.begun(), mail.to);
    } finally {
      clearTimeout(late);
      connection.close();
    }
  }

  async function converse(connection: SMTPConnection, to: string, content: Readable): Promise<SendResult> {
    await promisify(connection.connect.bind(connection))();
    if (options.login) await promisify(connection.login.bind(connection))({ credentials: options.login });
    const envelope = { from: options.fromEmail, to: [to] };
    const { response } = await promisify<SMTPConnection.Envelope, Readable, SMTPConnection.SentMessageInfo>(
      connection.send.bind(connection),
    )(envelope, content);
    // What the server says of it (250 2.0.0 Ok: queued as 4F5) names the mail in the server's own log.
    return { kind: 'accepted', messageId: receiptOf(`${response.slice(0, 3)} ${unnumbered(response)}`, to) };
  }
}

function open({ host, port, tls }: SmtpOptions): SMTPConnection {
  return new SMTPConnection({
    host,
    port,
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    connectionTimeout: STEP_MILLISECONDS,
    greetingTimeout: STEP_MILLISECONDS,
    dnsTimeout: STEP_MILLISECONDS,
    socketTimeout: ATTEMPT_MILLISECONDS,
    maxResponseSize: RESPONSE_BYTES_MAX,
  });
}

async function failure(connection: SMTPConnection): Promise<never> {
  const ended = await Promise.race([once(connection, 'error'), once(connection, 'end')]).catch((error: unknown) => [
    error,
  ]);
  throw ended[0] ?? new Error('The connection ended.');
}

/** The bytes as a stream that knows whether it was asked for them: the server has then agreed to take the mail (354). */
function streamOf(bytes: Buffer, left: () => number) {
  let asked: 'no' | 'in time' | 'too late' = 'no';
  const stream = new Readable({
    highWaterMark: 0,
    read() {
      asked = left() > 0 ? 'in time' : 'too late';
      // Broken off before the end, the server has nothing.
      if (asked === 'too late') return void this.destroy(new Error('The mail is not to be sent any more.'));
      this.push(bytes);
      this.push(null);
    },
  });
  return { stream, begun: () => asked === 'in time', isLate: () => asked === 'too late' };
}
