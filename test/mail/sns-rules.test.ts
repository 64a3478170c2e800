/** The rules of SNS's signatures, told by hand: what is signed, for how long it holds, and where a certificate may lie. */
import { describe, expect, test } from 'vitest';
import { NotBelieved } from '../../services/mail/sns.ts';
import { certificate, check, notification, now, plain, signed, topic } from '../support/sns.ts';

const named = (name: string) => `https://sns.eu-west-1.amazonaws.com/${name}`;

const confirms = (type: string) =>
  'Message\nthe text\nMessageId\nm-1\nSubscribeURL\nhttps://sns.eu-west-1.amazonaws.com/?a=b\n' +
  `Timestamp\n2026-03-01T11:59:59.000Z\nToken\ntok\nTopicArn\n${topic}\nType\n${type}\n`;

describe('what is signed', () => {
  const confirmation = { ...notification, Token: 'tok', SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?a=b' };
  const long = `https://sns.eu-west-1.amazonaws.com/?Token=${'f'.repeat(2000 - 43)}`;
  const subject =
    'Message\nthe text\nMessageId\nm-1\nSubject\nHello\nTimestamp\n2026-03-01T11:59:59.000Z\n' +
    `TopicArn\n${topic}\nType\nNotification\n`;

  test.each([
    ['a notification', plain()],
    ['one with a subject', signed({ ...notification, Subject: 'Hello' }, subject)],
    ['one with an empty subject', signed({ ...notification, Subject: '' }, subject.replace('Hello', ''))],
    ['one whose subject is null', plain({ Subject: null } as object)],
    [
      'a confirmation',
      signed({ ...confirmation, Type: 'SubscriptionConfirmation' }, confirms('SubscriptionConfirmation')),
    ],
    [
      'one whose address to open is as long as it may be',
      signed(
        { ...confirmation, Type: 'SubscriptionConfirmation', SubscribeURL: long },
        confirms('SubscriptionConfirmation').replace(/https:.*/, long),
      ),
    ],
    [
      'the end of a subscription',
      signed({ ...confirmation, Type: 'UnsubscribeConfirmation' }, confirms('UnsubscribeConfirmation')),
    ],
  ])('of %s is believed', async (_what, body) => {
    expect(await check().believe(body, now)).toMatchObject({ MessageId: 'm-1', Message: 'the text' });
  });

  const [first = '', ...rest] = subject.split(/(?<=\n.*\n)/);
  test.each([
    ['without its subject', signed({ ...notification, Subject: 'Hello' }, subject.replace('Subject\nHello\n', ''))],
    ['with a subject that was not signed', plain({ Subject: 'Added' } as object)],
    ['in another order', signed({ ...notification, Subject: 'Hello' }, [...rest, first].join(''))],
    [
      'with an address to open that was not signed',
      signed(
        { ...confirmation, Type: 'SubscriptionConfirmation' },
        confirms('SubscriptionConfirmation').replace(/SubscribeURL\n.*\n/, ''),
      ),
    ],
    [
      'as a confirmation, without the address to open',
      signed(
        { ...confirmation, Type: 'SubscriptionConfirmation', SubscribeURL: 'https://evil.example/' },
        confirms('SubscriptionConfirmation'),
      ),
    ],
    ['as another type', signed({ ...confirmation, Type: 'SubscriptionConfirmation' }, subject)],
  ])('%s is refused', async (_what, body) => {
    await expect(check().believe(body, now)).rejects.toThrow('Signature is not of this message.');
  });
});

describe('the time of a message', () => {
  test.each([
    ['an hour old', '2026-03-01T11:00:00.000Z', true],
    ['older', '2026-03-01T10:59:59.999Z', false],
    ['five minutes ahead', '2026-03-01T12:05:00.000Z', true],
    ['further ahead', '2026-03-01T12:05:00.001Z', false],
  ])('%s: believed %s %s', async (_what, Timestamp, believed) => {
    const { believe, fetched } = check();
    const answer = believe(plain({ Timestamp }), now);
    if (believed) expect(await answer).toMatchObject({ Timestamp });
    else await expect(answer).rejects.toThrow('Timestamp is not of now.');
    expect(fetched).toEqual(believed ? [certificate] : []);
  });
});

describe('the address of a certificate', () => {
  const china = 'arn:aws-cn:sns:cn-north-1:123456789012:feedback';
  const gov = 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:feedback';
  const hex = 'a'.repeat(64);
  test.each([
    [topic, named(`SimpleNotificationService-${hex}.pem`), true],
    [topic, named(`SimpleNotificationService-${hex}a.pem`), false],
    [topic, named('SimpleNotificationService-.pem'), false],
    [topic, named('SimpleNotificationService-0A.pem'), false],
    [topic, named('x/SimpleNotificationService-0a.pem'), false],
    [topic, named('SimpleNotificationService-0a.pem/x'), false],
    [topic, named('SimpleNotificationService-0a_pem'), false],
    [topic, named('x/../SimpleNotificationService-0a.pem'), false],
    [topic, 'no URL', false],
    [china, 'https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0a.pem', true],
    [china, 'https://sns.cn-north-1.amazonaws.com/SimpleNotificationService-0a.pem', false],
    [gov, 'https://sns.us-gov-west-1.amazonaws.com/SimpleNotificationService-0a.pem', true],
    [topic, 'https://sns.eu-west-1.amazonaws.com.cn/SimpleNotificationService-0a.pem', false],
  ])('of %s at %s: %s', async (TopicArn, SigningCertURL, good) => {
    const { believe, fetched } = check({ topicArns: [topic, china, gov] });
    const answer = believe(plain({ TopicArn, SigningCertURL }), now);
    if (good) expect(await answer).toMatchObject({ TopicArn });
    else await expect(answer).rejects.toThrow('SigningCertURL is not an address of SNS.');
    expect(fetched).toEqual(good ? [SigningCertURL] : []);
  });

  test('where one is configured is that one and no other, not even one of SNS', async () => {
    const { believe, fetched } = check({ certificateUrl: 'http://ses.example/sns.pem' });
    for (const SigningCertURL of [certificate, 'http://ses.example/sns.pem?x', 'http://ses.example/']) {
      await expect(believe(plain({ SigningCertURL }), now)).rejects.toBeInstanceOf(NotBelieved);
    }
    expect(fetched).toEqual([]);
    expect(await believe(plain({ SigningCertURL: 'http://ses.example/sns.pem' }), now)).toBeDefined();
  });
});
