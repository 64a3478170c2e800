/** Messages of SNS over HTTP: what each kind does, what it must not open, and how each refusal is told. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedText, type SnsMessage } from '../../services/mail/sns.ts';
import { user } from '../support/api.ts';
import { expectProblem, retryAfterOf } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { serve, type Served, TEST_KEYS } from '../support/served.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:feedback';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** Every path that is asked for here: the certificate, and what must never be. */
const opened: string[] = [];
const web = createServer((request, response) => {
  opened.push(String(request.url));
  response.end(publicKey.export({ type: 'spki', format: 'pem' }));
});
let webUrl: string;
let db: TestDatabase;
let served: Served;

beforeAll(async () => {
  db = await createTestDatabase();
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  // With the limit per IP on: SNS is not under it.
  const env = { SES_TOPIC_ARNS: topic, SNS_CERTIFICATE_URL: `${webUrl}/sns.pem`, RATE_LIMIT_MAX_REQUESTS: '1' };
  served = await serve(db, { ...env, OTP_KEYS: TEST_KEYS });
});
afterAll(async () => {
  await served?.api.stop();
  web.close();
  await db?.drop();
});

function message(changes: Partial<Record<keyof SnsMessage, unknown>> = {}): string {
  const unsigned = {
    Type: 'Notification',
    MessageId: 'm-1',
    TopicArn: topic,
    Message: '{}',
    Timestamp: new Date().toISOString(),
    SignatureVersion: '2',
    SigningCertURL: `${webUrl}/sns.pem`,
    ...changes,
  } as SnsMessage;
  const Signature = sign('sha256', Buffer.from(signedText(unsigned)), privateKey).toString('base64');
  return JSON.stringify({ ...unsigned, Signature });
}

const post = (body: string) =>
  served.call('POST', '/api/ses/notifications', { body, headers: { 'Content-Type': 'text/plain; charset=UTF-8' } });
const delivery = (destination: readonly string[], messageId: string, headers: readonly object[] = []) =>
  message({ Message: JSON.stringify({ notificationType: 'Delivery', mail: { messageId, destination, headers } }) });
const typesOf = async (email: string) =>
  (await db.owner`select type from events where stream_id = ${email} order by version`).map(
    ({ type }) => type as string,
  );
const warnings = () => served.lines().filter(({ event }) => event === 'sns_subscription');
const counted = async (labels: string) => (await served.metrics()).get(`sealpost_mail_feedback_total{${labels}}`) ?? 0;

describe('a message that is no report', () => {
  test('a SubscribeURL is never opened: it stands in the log for the operator, who opens it', async () => {
    const SubscribeURL = `${webUrl}/subscribe?Token=t`;
    const asks = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL };
    expect((await post(message(asks))).body).toEqual({ success: true });
    const [line] = warnings();
    expect(line).toMatchObject({ level: 40, reason: 'open subscribeUrl to confirm it', subscribeUrl: SubscribeURL });
    expect((await post(message({ ...asks, Type: 'UnsubscribeConfirmation', SubscribeURL: undefined }))).status).toBe(
      200,
    );
    expect(warnings()[1]).toMatchObject({ reason: 'unsubscribed' });
    expect(warnings()[1]).not.toHaveProperty('subscribeUrl');
    expect(opened).toEqual(['/sns.pem']);
  });

  test('of another topic is a 403, and its URL stands nowhere', async () => {
    const before = warnings().length;
    const SubscribeURL = `${webUrl}/evil`;
    const other = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL, TopicArn: topic.replace('123', '999') };
    const answer = await post(message(other));
    expectProblem(answer, 403, 'notification_refused');
    expect(answer.body.detail).toBe('TopicArn is not one of SES_TOPIC_ARNS.');
    expect(warnings()).toHaveLength(before);
    expect(JSON.stringify(served.lines())).not.toContain('/evil');
    expect(opened).toEqual(['/sns.pem']);
  });

  test('that subscribes and holds a report records none', async () => {
    const address = addressOf('sly@example.com');
    const handler = handlerOn(db.sql);
    const asked = requestOf(address, user(1));
    await handler.handle(asked);
    await handler.handle({ type: 'record-sent', address, otpId: asked.otpId, mailing: 1, messageId: 'm-sly' });
    const Message = JSON.stringify({
      notificationType: 'Delivery',
      mail: { messageId: 'm-sly', destination: [address] },
    });
    expect((await post(message({ Type: 'SubscriptionConfirmation', Token: 't', Message }))).status).toBe(200);
    expect(await typesOf(address)).toEqual(['requested', 'sent']);
  });
});

describe('a report', () => {
  test('of a mail that is not ours is taken, counted as such, and records nothing', async () => {
    expect((await post(delivery(['stranger@example.com'], 'm-x'))).status).toBe(200);
    expect(await typesOf('stranger@example.com')).toEqual([]);
    expect(await counted('kind="delivered",known="false"')).toBe(1);
    expect(await counted('kind="delivered",known="true"')).toBe(0);
  });

  test('of a mail whose `sent` is not recorded yet is a 503 in five seconds, and is taken once it is', async () => {
    const address = addressOf('early@example.com');
    const handler = handlerOn(db.sql);
    const asked = requestOf(address, user(1));
    await handler.handle(asked);
    const early = await post(delivery([address], 'm-early'));
    expectProblem(early, 503, 'store_unavailable');
    expect(retryAfterOf(early)).toBe(5);
    await handler.handle({ type: 'record-sent', address, otpId: asked.otpId, mailing: 1, messageId: 'm-early' });
    const before = await counted('kind="delivered",known="true"');
    for (let n = 0; n < 2; n++) expect((await post(delivery([address], 'm-early'))).status).toBe(200);
    expect(await typesOf(address)).toEqual(['requested', 'sent', 'delivered']);
    expect(await counted('kind="delivered",known="true"')).toBe(before + 2);
  });

  test('of several recipients is recorded for each that is an address', async () => {
    const handler = handlerOn(db.sql);
    const addresses = ['one@example.com', 'two@example.com'].map(addressOf);
    for (const address of addresses) {
      const asked = requestOf(address, user(1));
      await handler.handle(asked);
      await handler.handle({ type: 'record-sent', address, otpId: asked.otpId, mailing: 1, messageId: 'm-both' });
    }
    expect((await post(delivery(['no address', ...addresses], 'm-both'))).status).toBe(200);
    for (const address of addresses) expect(await typesOf(address)).toEqual(['requested', 'sent', 'delivered']);
  });
});

describe('a body', () => {
  test('is as large as SNS makes it, 256 KiB, and not a byte more', async () => {
    const room = 262_144 - Buffer.byteLength(message({ Message: '' }));
    const largest = message({ Message: 'x'.repeat(room) });
    expect(Buffer.byteLength(largest)).toBe(262_144);
    expect((await post(largest)).status).toBe(200);
    expectProblem(await post(message({ Message: 'x'.repeat(room + 1) })), 413, 'body_too_large');
  });

  test('that is no message is a 403 that does not repeat it', async () => {
    const answer = await post('{"Type":"zebra"}');
    expectProblem(answer, 403, 'notification_refused');
    expect(answer.text).not.toContain('zebra');
  });
});

test('a certificate that cannot be fetched is a 503 in 20 seconds, and nothing is recorded', async () => {
  const away = await serve(db, { SES_TOPIC_ARNS: topic, SNS_CERTIFICATE_URL: 'http://127.0.0.1:9/sns.pem' });
  const body = message({ SigningCertURL: 'http://127.0.0.1:9/sns.pem' });
  const answer = await away.call('POST', '/api/ses/notifications', { body });
  await away.api.stop();
  const why = away.lines().find(({ event }) => event === 'keys_unavailable');
  expect(why).toMatchObject({ level: 40, errorName: 'TypeError', errorFrames: expect.any(Array) });
  expectProblem(answer, 503, 'keys_unavailable');
  expect(retryAfterOf(answer)).toBe(20);
});
