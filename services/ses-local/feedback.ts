/** Reports what became of each mail, signed as SNS signs (version 2), to whoever it is told to report to. */
import { generateKeyPair, randomUUID, sign } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The topic of the local SES, as an ARN. */
export const LOCAL_TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:local-ses';
export const CERTIFICATE_PATH = '/sns.pem';

export type ReportedMail = Readonly<{ id: string; from: string; to: readonly string[]; sentAt: number }>;
export type ReportSender = Readonly<{
  /** From now on every mail is reported there, half a second after it was accepted. */
  reportTo(url: string): void;
  accepted(mail: ReportedMail): void;
  /** The public key of the signatures, as PEM. */
  publicKey(): Promise<string>;
  close(): void;
}>;

const AFTER_MILLISECONDS = 500;
const TRIES = 5;
const AGAIN_MILLISECONDS = 1000;
const WAITING_MAX = 1000;
const SIMULATOR = /^(bounce|complaint|suppressionlist|ooto)(?:\+[^@]*)?@simulator\.amazonses\.com$/i;

/** `certificateUrl` is asked for when a report is signed: the port may not be known before. */
export function createFeedback(certificateUrl: () => string): ReportSender {
  let url: string | undefined;
  let pair: Promise<{ publicKey: string; privateKey: string }> | undefined;
  let waiting = 0;
  const stopping = new AbortController();
  const keys = () =>
    (pair ??= promisify(generateKeyPair)('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }));

  return {
    reportTo: (to) => {
      url = to;
    },
    accepted: (mail) => {
      if (url === undefined || waiting >= WAITING_MAX) return;
      waiting++;
      void post(url, mail)
        .catch(() => {})
        .finally(() => waiting--);
    },
    publicKey: async () => (await keys()).publicKey,
    close: () => stopping.abort(),
  };

  // As SNS: the same message again while it is not answered with a 2xx.
  async function post(to: string, mail: ReportedMail): Promise<void> {
    const body = await signEnvelope(JSON.stringify(reportOf(mail)));
    const { signal } = stopping;
    await sleep(AFTER_MILLISECONDS, undefined, { signal, ref: false });
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const headers = { 'Content-Type': 'text/plain; charset=UTF-8' };
      const response = await fetch(to, { method: 'POST', headers, body, signal }).catch(() => undefined);
      if (response?.ok) return;
      await sleep(AGAIN_MILLISECONDS, undefined, { signal, ref: false });
    }
  }

  async function signEnvelope(Message: string): Promise<string> {
    const { privateKey } = await keys();
    const [MessageId, Timestamp, Type] = [randomUUID(), new Date().toISOString(), 'Notification'];
    const members = { Message, MessageId, Timestamp, TopicArn: LOCAL_TOPIC_ARN, Type };
    const text = Object.entries(members)
      .map(([name, value]) => `${name}\n${value}\n`)
      .join('');
    const Signature = sign('sha256', Buffer.from(text), privateKey).toString('base64');
    return JSON.stringify({ ...members, SignatureVersion: '2', Signature, SigningCertURL: certificateUrl() });
  }
}

// Source: "Amazon SNS notification contents for Amazon SES"; who bounces: "Using the mailbox simulator".
function reportOf({ id, from, to, sentAt }: ReportedMail): object {
  const timestamp = new Date().toISOString();
  const mail = { timestamp: new Date(sentAt).toISOString(), messageId: id, source: from, destination: to };
  const kind = to.map((recipient) => SIMULATOR.exec(recipient)?.[1]?.toLowerCase()).find((one) => one !== undefined);
  if (kind === 'complaint') {
    const complaint = { timestamp, feedbackId: randomUUID(), complaintFeedbackType: 'abuse' };
    return { notificationType: 'Complaint', mail, complaint };
  }
  if (kind === 'bounce' || kind === 'suppressionlist') {
    const bounceSubType = kind === 'bounce' ? 'General' : 'Suppressed';
    const bounce = { timestamp, feedbackId: randomUUID(), bounceType: 'Permanent', bounceSubType };
    return { notificationType: 'Bounce', mail, bounce };
  }
  return { notificationType: 'Delivery', mail, delivery: { timestamp, recipients: to } };
}
