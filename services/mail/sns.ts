/**
 * Messages of Amazon SNS over HTTPS, believed only with a signature of SNS over an allowed topic (AWS: "Verifying the
 * signatures of Amazon SNS messages"). Cheap refusals come first; a certificate is fetched from SNS's own hosts alone.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';

export type SnsOptions = Readonly<{
  topicArns: readonly string[];
  /** The one address that certificates come from, in place of SNS's own hosts: for the local SES. */
  certificateUrl: string | undefined;
  /** Resolves to the certificate's PEM text. */
  fetchCertificate?: (url: string) => Promise<string>;
}>;

export type SnsMessage = Readonly<z.output<typeof envelope>>;

/** Why a message is not believed. The text says what is wrong, and never what was sent. */
export class NotBelieved extends Error {
  override readonly name = 'NotBelieved';
}

const envelope = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string().max(300),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64().max(2000),
  SigningCertURL: z.string().max(500),
  Subject: z.string().nullish(),
  SubscribeURL: z.string().max(2000).optional(),
  Token: z.string().optional(),
});

const AGE_MILLISECONDS_MAX = 3_600_000;
const AHEAD_MILLISECONDS_MAX = 300_000;
const CERTIFICATES_KEPT_MAX = 8;
const CERTIFICATE_BYTES_MAX = 16_384;
const FETCH_MILLISECONDS_MAX = 3000;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/;
const digests = { '1': 'sha1', '2': 'sha256' } as const;

export type SnsCheck = (body: string, now: number) => Promise<SnsMessage>;

/** Makes the check of bodies as SNS posts them. It throws NotBelieved, or the error of a fetch that may succeed later. */
export function createSnsCheck({ topicArns, certificateUrl, fetchCertificate = fetchPem }: SnsOptions): SnsCheck {
  const keys = new Map<string, Promise<KeyObject>>();

  return async (body, now) => {
    const message = parse(body);
    if (!topicArns.includes(message.TopicArn)) throw new NotBelieved('TopicArn is not one of SES_TOPIC_ARNS.');
    const age = now - Date.parse(message.Timestamp);
    if (age > AGE_MILLISECONDS_MAX || age < -AHEAD_MILLISECONDS_MAX) throw new NotBelieved('Timestamp is not of now.');
    if (!isCertificateUrl(message.SigningCertURL, message.TopicArn))
      throw new NotBelieved('SigningCertURL is not an address of SNS.');
    const key = await keyOf(message.SigningCertURL);
    const text = Buffer.from(signedText(message), 'utf8');
    const digest = digests[message.SignatureVersion];
    if (!verify(digest, text, key, Buffer.from(message.Signature, 'base64'))) {
      throw new NotBelieved('Signature is not of this message.');
    }
    return message;
  };

  // SNS of the topic's own region, and nothing that only looks like it: sns.s3.amazonaws.com is anybody's bucket.
  function isCertificateUrl(text: string, topicArn: string): boolean {
    if (certificateUrl !== undefined) return text === certificateUrl;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return (
      url !== undefined && CERTIFICATE_PATH.test(url.pathname) && text === `https://${hostOf(topicArn)}${url.pathname}`
    );
  }

  function keyOf(url: string): Promise<KeyObject> {
    const known = keys.get(url);
    if (known) return known;
    const fetched = fetchCertificate(url).then((pem) => createPublicKey(pem));
    keys.set(url, fetched);
    if (keys.size > CERTIFICATES_KEPT_MAX) keys.delete(keys.keys().next().value ?? url);
    fetched.catch(() => keys.delete(url));
    return fetched;
  }
}

/** arn:aws:sns:REGION:…; the partition of China has a domain of its own. */
function hostOf(topicArn: string): string {
  const [, partition, , region] = topicArn.split(':');
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

function parse(body: string): SnsMessage {
  try {
    return envelope.parse(JSON.parse(body));
  } catch {
    throw new NotBelieved('This is no message of SNS.');
  }
}

/** Name and value of each signed member, a line each, in the order that AWS gives. */
export function signedText(message: SnsMessage): string {
  const names =
    message.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const);
  return names
    .map((name) => [name, message[name]] as const)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
}

async function fetchPem(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MILLISECONDS_MAX) });
  const text = await response.text();
  if (!response.ok || text.length > CERTIFICATE_BYTES_MAX) throw new Error('The certificate of SNS cannot be read.');
  return text;
}
