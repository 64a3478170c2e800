/** Messages of SNS: only what SNS signed, for our topic and of now, is believed; nothing else opens a connection. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSnsCheck, NotBelieved, signedText, type SnsMessage } from '../../services/mail/sns.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:feedback';
const certificate = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem';
const now = Date.parse('2026-03-01T12:00:00Z');
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const others = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

type Changes = Partial<Record<keyof SnsMessage, unknown>>;

function message(changes: Changes = {}, key = keys.privateKey): string {
  const unsigned = {
    Type: 'Notification',
    MessageId: 'm-1',
    TopicArn: topic,
    Message: '{"notificationType":"Delivery"}',
    Timestamp: new Date(now - 1000).toISOString(),
    SignatureVersion: '2',
    SigningCertURL: certificate,
    ...changes,
  } as SnsMessage;
  const digest = unsigned.SignatureVersion === '1' ? 'sha1' : 'sha256';
  const Signature = sign(digest, Buffer.from(signedText(unsigned)), key).toString('base64');
  return JSON.stringify({
    ...unsigned,
    Signature,
    ...('Signature' in changes ? { Signature: changes.Signature } : {}),
  });
}

/** A check, and how often it asked for a certificate. */
function check(more: Partial<Parameters<typeof createSnsCheck>[0]> = {}) {
  const fetched: string[] = [];
  const fetchCertificate = async (url: string): Promise<string> => {
    fetched.push(url);
    return pem;
  };
  return {
    believe: createSnsCheck({ topicArns: [topic], certificateUrl: undefined, fetchCertificate, ...more }),
    fetched,
  };
}

describe('a message of SNS', () => {
  test.each(['1', '2'])(
    'with signature version %s is believed, and its certificate fetched once',
    async (SignatureVersion) => {
      const { believe, fetched } = check();
      for (const MessageId of ['a', 'b', 'c']) {
        expect(await believe(message({ SignatureVersion, MessageId }), now)).toMatchObject({
          MessageId,
          Type: 'Notification',
        });
      }
      expect(fetched).toEqual([certificate]);
    },
  );

  test('with a subject, and one that asks for a subscription, are signed by their own members', async () => {
    const { believe } = check();
    const asks = {
      Type: 'SubscriptionConfirmation',
      Token: 't',
      SubscribeURL: 'https://sns.us-east-1.amazonaws.com/?Token=t',
    };
    expect(await believe(message({ Subject: 'Hello' }), now)).toMatchObject({ Subject: 'Hello' });
    expect(await believe(message(asks), now)).toMatchObject({ Type: 'SubscriptionConfirmation' });
  });
});

describe('refused without a connection', () => {
  test.each<[string, Changes, RegExp]>([
    ['a foreign topic', { TopicArn: 'arn:aws:sns:us-east-1:999999999999:feedback' }, /TopicArn/],
    ['a look-alike host', { SigningCertURL: certificate.replace('.com/', '.com.example.test/') }, /SigningCertURL/],
    ['a bucket of anybody', { SigningCertURL: certificate.replace('sns.us-east-1', 'sns.s3') }, /SigningCertURL/],
    [
      'a regional bucket',
      { SigningCertURL: certificate.replace('sns.us-east-1', 'sns.s3-eu-west-1') },
      /SigningCertURL/,
    ],
    ['another region', { SigningCertURL: certificate.replace('us-east-1', 'eu-west-1') }, /SigningCertURL/],
    ['another file', { SigningCertURL: certificate.replace('SimpleNotificationService', 'Other') }, /SigningCertURL/],
    ['a fragment', { SigningCertURL: `${certificate}#1` }, /SigningCertURL/],
    ['a query', { SigningCertURL: `${certificate}?x` }, /SigningCertURL/],
    ['another service of AWS', { SigningCertURL: certificate.replace('sns.', 's3.') }, /SigningCertURL/],
    ['a host below', { SigningCertURL: certificate.replace('sns.', 'x.sns.') }, /SigningCertURL/],
    [
      'a host elsewhere',
      { SigningCertURL: certificate.replace('sns.us-east-1.amazonaws.com', 'example.test') },
      /SigningCertURL/,
    ],
    [
      'a host in the path',
      { SigningCertURL: certificate.replace('https://', 'https://example.test/') },
      /SigningCertURL/,
    ],
    ['an http URL', { SigningCertURL: certificate.replace('https', 'http') }, /SigningCertURL/],
    ['a URL with a login', { SigningCertURL: certificate.replace('sns.', 'x@sns.') }, /SigningCertURL/],
    ['a URL with a port', { SigningCertURL: certificate.replace('.com/', '.com:8443/') }, /SigningCertURL/],
    ['a file URL', { SigningCertURL: 'file:///etc/passwd.pem' }, /SigningCertURL/],
    ['a message of yesterday', { Timestamp: new Date(now - 86_400_000).toISOString() }, /Timestamp/],
    ['a message of tomorrow', { Timestamp: new Date(now + 86_400_000).toISOString() }, /Timestamp/],
    ['an unknown signature version', { SignatureVersion: '3' }, /no message of SNS/],
    ['a member that is missing', { MessageId: undefined }, /no message of SNS/],
  ])('%s', async (_what, changes, reason) => {
    const { believe, fetched } = check();
    await expect(believe(message(changes), now)).rejects.toThrow(reason);
    await expect(believe(message(changes), now)).rejects.toBeInstanceOf(NotBelieved);
    await expect(believe(message(changes), now)).rejects.toHaveProperty('name', 'NotBelieved');
    expect(fetched).toEqual([]);
  });

  test('what is no message at all', async () => {
    const { believe, fetched } = check();
    for (const body of ['', 'hello', '[]', 'null', '{}', `{"Type":"Notification"}`]) {
      await expect(believe(body, now)).rejects.toThrow(/no message of SNS/);
    }
    expect(fetched).toEqual([]);
  });
});

describe('a forged message', () => {
  test('signed by another key, altered after it was signed, or with the weaker digest named, is refused', async () => {
    const { believe, fetched } = check();
    await believe(message(), now);
    const altered = { ...(JSON.parse(message()) as object), Message: '{"notificationType":"Complaint"}' };
    const renamed = { ...(JSON.parse(message()) as object), SignatureVersion: '1' };
    for (const forged of [
      message({}, others.privateKey),
      JSON.stringify(altered),
      JSON.stringify(renamed),
      message({ Signature: 'AAAA' }),
    ]) {
      await expect(believe(forged, now)).rejects.toThrow(/Signature/);
    }
    expect(fetched).toEqual([certificate]);
  });

  test('a certificate that could not be fetched is no refusal, and is asked for again', async () => {
    let away = true;
    const { believe } = check({
      fetchCertificate: () => (away ? Promise.reject(new Error('away')) : Promise.resolve(pem)),
    });
    await expect(believe(message(), now)).rejects.not.toBeInstanceOf(NotBelieved);
    away = false;
    expect(await believe(message(), now)).toMatchObject({ MessageId: 'm-1' });
  });
});
