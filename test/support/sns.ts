/** Messages as SNS posts them, signed over a text that the test writes by hand, and a check that takes their key. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { createSnsCheck, type SnsOptions } from '../../services/mail/sns.ts';

export const topic = 'arn:aws:sns:eu-west-1:123456789012:feedback';
export const certificate = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem';
export const now = Date.parse('2026-03-01T12:00:00.000Z');
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

export const notification = {
  Type: 'Notification',
  MessageId: 'm-1',
  TopicArn: topic,
  Message: 'the text',
  Timestamp: '2026-03-01T11:59:59.000Z',
  SignatureVersion: '2',
  SigningCertURL: certificate,
};

/** As SNS posts it, with the signature over exactly this text. */
export const signed = (members: Readonly<Record<string, unknown>>, text: string): string =>
  JSON.stringify({ ...members, Signature: sign('sha256', Buffer.from(text), privateKey).toString('base64') });

/** The plain notification with some members that are signed as they are. */
export function plain({
  Timestamp = notification.Timestamp,
  TopicArn = topic,
  ...more
}: Partial<typeof notification> = {}) {
  const text = `Message\nthe text\nMessageId\nm-1\nTimestamp\n${Timestamp}\nTopicArn\n${TopicArn}\nType\nNotification\n`;
  return signed({ ...notification, Timestamp, TopicArn, ...more }, text);
}

/** A check, and every address that it fetched a certificate from. */
export function check(more: Partial<SnsOptions> = {}) {
  const fetched: string[] = [];
  const fetchCertificate = async (url: string) => (fetched.push(url), pem);
  return {
    believe: createSnsCheck({ topicArns: [topic], certificateUrl: undefined, fetchCertificate, ...more }),
    fetched,
  };
}
