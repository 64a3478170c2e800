/** SMTP as a transport (RFC 5321), for operators without AWS: one attempt a call, over a connection of its own. */
import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
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
/** Of the whole attempt, so that it ends within the claim of the mail. */
const ATTEMPT_MILLISECONDS = 6000;

export function createSmtpTransport(options: SmtpOptions): Transport {
  const { host, port, tls, login, ratePerSecond } = options;
  const transporter = createTransport({
    host,
    port,
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    ...(login ? { auth: login } : {}),
    connectionTimeout: STEP_MILLISECONDS,
    greetingTimeout: STEP_MILLISECONDS,
    socketTimeout: STEP_MILLISECONDS,
    dnsTimeout: STEP_MILLISECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { send, sendRate: () => Promise.resolve(ratePerSecond), close: () => transporter.close() };

  async function send(mail: OutgoingMail): Promise<SendResult> {
    const bytes = await mimeOf(mail, options).catch(() => undefined);
    if (!bytes) return { kind: 'rejected' };
    const raw = watched(bytes);
    const envelope = { from: options.fromEmail, to: [mail.to] };
    try {
      const signal = AbortSignal.timeout(ATTEMPT_MILLISECONDS);
      const { messageId } = await transporter.sendMail({ envelope, raw: raw.stream, signal } as object);
      return { kind: 'accepted', messageId };
    } catch (error) {
      return classifySmtp(error, raw.begun());
    }
  }
}

/** The bytes as a stream that knows whether it was asked for them: the server has then agreed to take the mail. */
function watched(bytes: Buffer): { stream: Readable; begun: () => boolean } {
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

/** Reads a failure by its reply code (RFC 5321 4.2.1): 5 is for ever, 4 for now; without one, by whether the mail had begun. */
export function classifySmtp(error: unknown, begun: boolean): SendResult {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  if (responseCode === undefined) {
    if (code === 'EAUTH') return { kind: 'unavailable', reason: 'credentials' };
    return { kind: begun ? 'unsure' : 'unreached' };
  }
  // 503 is said of the session and not of the mail; 454 of a login that may succeed later.
  if (responseCode < 500 || responseCode === 503) return { kind: 'throttled' };
  return code === 'EAUTH' ? { kind: 'unavailable', reason: 'credentials' } : { kind: 'rejected' };
}
