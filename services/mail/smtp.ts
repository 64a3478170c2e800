/** SMTP as a transport (RFC 5321), for operators without AWS: one attempt a call, over a connection of its own. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import { type From, mimeOf } from './mime.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

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

const STEP_MILLISECONDS = 3000;
/** A server may look through a mail before it answers; RFC 5321 4.5.3.2.6 would give it longer than a claim lasts. */
const ATTEMPT_MILLISECONDS = 10_500;
const RESPONSE_CHARACTERS_MAX = 200;

export function createSmtpTransport(options: SmtpOptions): Transport {
  return {
    send,
    sendRate: () => Promise.resolve(options.ratePerSecond),
    attemptMillisecondsMax: ATTEMPT_MILLISECONDS,
    close: () => {},
  };

  async function send(mail: OutgoingMail): Promise<SendResult> {
    const bytes = await mimeOf(mail, options).catch(() => undefined);
    if (!bytes) return { kind: 'rejected' };
    const content = streamOf(bytes);
    const connection = open(options);
    const late = setTimeout(() => connection.close(), ATTEMPT_MILLISECONDS);
    try {
      return await Promise.race([converse(connection, mail.to, content.stream), failure(connection)]);
    } catch (error) {
      return classifySmtp(error, content.begun());
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
    return { kind: 'accepted', messageId: response.slice(0, RESPONSE_CHARACTERS_MAX) };
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
  });
}

async function failure(connection: SMTPConnection): Promise<never> {
  const ended = await Promise.race([once(connection, 'error'), once(connection, 'end')]).catch((error: unknown) => [
    error,
  ]);
  throw ended[0] ?? new Error('The connection ended.');
}

/** The bytes as a stream that knows whether it was asked for them: the server has then agreed to take the mail (354). */
function streamOf(bytes: Buffer): { stream: Readable; begun: () => boolean } {
  let begun = false;
  const stream = new Readable({
    highWaterMark: 0,
    read() {
      begun = true;
      this.push(bytes);
      this.push(null);
    },
  });
  return { stream, begun: () => begun };
}

/** Reads a failure by its reply code (RFC 5321 4.2.1): 5 is permanent, 4 transient; without one, by whether the mail had begun. */
export function classifySmtp(error: unknown, begun: boolean): SendResult {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  // A refused STARTTLS says nothing of the mail: there was no road to give it away on.
  if (responseCode === undefined || code === 'ETLS') {
    if (code === 'EAUTH') return { kind: 'unavailable', reason: 'credentials' };
    return { kind: begun ? 'unsure' : 'unreached' };
  }
  // 503 is said of the session and not of the mail; 454 of a login that may succeed later.
  if (responseCode < 500 || responseCode === 503) return { kind: 'throttled' };
  return code === 'EAUTH' ? { kind: 'unavailable', reason: 'credentials' } : { kind: 'rejected' };
}
