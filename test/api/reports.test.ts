/** Where SNS posts to: what is believed becomes events of the right code, and nothing that a message names is ever opened. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Services } from '../../services/api/app.ts';
import type { AppEnv } from '../../services/api/env.ts';
import { Refused } from '../../services/api/http/problem.ts';
import { notifications } from '../../services/api/routes/notifications.ts';
import { NotBelieved, type SnsMessage } from '../../services/mail/sns.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

let db: TestDatabase;
let url: string;
const servers: Server[] = [];
const logged: unknown[] = [];
const counted: unknown[] = [];
/** Every request to an address that a message named. */
const opened: (string | undefined)[] = [];
let elsewhere: string;

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Believes what is JSON; the text says otherwise. */
async function snsCheck(body: string): Promise<SnsMessage> {
  if (body === 'forged') throw new NotBelieved('Signature is not of this message.');
  if (body === 'later') throw new Error('the certificate cannot be fetched');
  return JSON.parse(body) as SnsMessage;
}

beforeAll(async () => {
  db = await createTestDatabase();
  const app = new OpenAPIHono<AppEnv>();
  notifications(app, {
    sql: db.sql,
    handler: handlerOn(db.sql),
    snsCheck,
    log: { warn: (...what: unknown[]) => void logged.push(what) },
    metrics: { feedback: { inc: (labels: unknown) => void counted.push(labels) } },
  } as unknown as Services);
  app.onError((error, c) =>
    error instanceof Refused ? c.json({ code: error.code, ...error.facts }, 400) : c.json({ code: error.message }, 500),
  );
  url = await listening(createAdaptorServer({ fetch: app.fetch }) as Server);
  elsewhere = await listening(createServer(({ url: path }, response) => (opened.push(path), void response.end())));
});
afterAll(async () => {
  for (const server of servers) server.close();
  await db.drop();
});

async function post(body: string): Promise<unknown> {
  const answer = await fetch(`${url}/api/ses/notifications`, { method: 'POST', body });
  return { status: answer.status, ...((await answer.json()) as object) };
}
const report = (type: string, mail: object, more: object = {}) =>
  post(JSON.stringify({ Type: 'Notification', Message: JSON.stringify({ notificationType: type, mail, ...more }) }));

/** A code that was asked for here, and the mail sent under this id. */
async function mailed(text: string, messageId?: string): Promise<string> {
  const address = addressOf(text);
  const request = requestOf(address, user(1));
  const handler = handlerOn(db.sql);
  await handler.handle(request);
  const sent = { type: 'record-sent', address, otpId: request.otpId, mailing: 1 } as const;
  if (messageId) await handler.handle({ ...sent, messageId });
  return request.otpId;
}
const eventsOf = async (email: string): Promise<{ type: string; data: Record<string, unknown> }[]> =>
  db.owner`select type, data from events where stream_id = ${email} order by version`;
const typesOf = async (email: string) => (await eventsOf(email)).map(({ type }) => type);
const good = { status: 200, success: true };

describe('a message that is no report', () => {
  test.each([
    ['SubscriptionConfirmation', 'open subscribeUrl to confirm it'],
    ['UnsubscribeConfirmation', 'unsubscribed'],
  ])('%s is told to the operator, and its address is not opened', async (Type, reason) => {
    logged.length = 0;
    const SubscribeURL = `${elsewhere}/subscribe?Token=t`;
    const Message = JSON.stringify({ notificationType: 'Delivery', mail: { messageId: 'm-0', destination: [] } });
    expect(await post(JSON.stringify({ Type, SubscribeURL, SigningCertURL: elsewhere, Message }))).toEqual(good);
    expect(logged).toEqual([['sns_subscription', { reason, subscribeUrl: SubscribeURL }]]);
    await mailed('settle@example.com');
    expect([opened, counted]).toEqual([[], []]);
  });

  test('a text of another kind is taken and leads to nothing', async () => {
    logged.length = 0;
    expect(await post(JSON.stringify({ Type: 'Notification', Message: 'hello' }))).toEqual(good);
    expect([logged, counted]).toEqual([[], []]);
  });

  test('what is not believed is refused with the reason; what cannot be judged now is asked for again', async () => {
    expect(await post('forged')).toMatchObject({
      code: 'notification_refused',
      detail: 'Signature is not of this message.',
    });
    expect(await post('later')).toMatchObject({ code: 'keys_unavailable', retryAfterSeconds: 20 });
    expect(await post('x'.repeat(262_145))).toMatchObject({ code: 'body_too_large' });
  });
});

describe('a report', () => {
  test('of a mail by its id is recorded of that code, also where the address is spelled otherwise', async () => {
    const otpId = await mailed('by-id@example.com', 'm-1');
    counted.length = 0;
    const bounce = { bounceType: 'Transient', bounceSubType: 'MailboxFull', feedbackId: 'f-1' };
    const mail = { messageId: 'm-1', destination: ['By-ID@Example.com'] };
    expect(await report('Bounce', mail, { bounce })).toEqual(good);
    expect((await eventsOf('by-id@example.com')).at(-1)).toEqual({
      type: 'bounced',
      data: { otpId, mailing: 1, feedbackId: 'f-1', permanent: false, subType: 'MailboxFull' },
    });
    expect(counted).toEqual([{ kind: 'bounced', known: 'true' }]);
    expect(await report('Bounce', mail, { bounce })).toEqual(good);
    expect(await typesOf('by-id@example.com')).toEqual(['requested', 'sent', 'bounced']);
  });

  test('of a mail whose sending is not recorded yet is found by its reference', async () => {
    const otpId = await mailed('by-reference@example.com');
    const headers = [{ name: 'X-Entity-Ref-ID', value: otpId }];
    const mail = { messageId: 'm-2', destination: ['by-reference@example.com'], headers };
    expect(await report('Delivery', mail)).toEqual(good);
    expect((await eventsOf('by-reference@example.com')).at(-1)).toMatchObject({ type: 'delivered', data: { otpId } });
  });

  test('that comes before the sending is recorded is asked for again, and then recorded', async () => {
    const otpId = await mailed('early@example.com');
    const mail = { messageId: 'm-3', destination: ['early@example.com'] };
    expect(await report('Delivery', mail)).toMatchObject({ code: 'store_unavailable', retryAfterSeconds: 5 });
    expect(await typesOf('early@example.com')).toEqual(['requested']);
    const sent = { type: 'record-sent', address: addressOf('early@example.com'), otpId, mailing: 1 } as const;
    await handlerOn(db.sql).handle({ ...sent, messageId: 'm-3' });
    expect(await report('Delivery', mail)).toEqual(good);
    expect(await typesOf('early@example.com')).toEqual(['requested', 'sent', 'delivered']);
  });

  test('of a mail that is not ours is taken, counted as unknown, and closes nobody’s address', async () => {
    await mailed('ours@example.com', 'm-4');
    counted.length = 0;
    const bounce = { bounceType: 'Permanent', bounceSubType: 'General' };
    const destination = ['ours@example.com', 'stranger@example.com', 'no address'];
    expect(await report('Bounce', { messageId: 'another', destination }, { bounce })).toEqual(good);
    expect(await typesOf('ours@example.com')).toEqual(['requested', 'sent']);
    expect(await typesOf('stranger@example.com')).toEqual([]);
    const unknown = { kind: 'bounced', known: 'false' };
    expect(counted).toEqual([unknown, unknown]);
  });

  test('is recorded of each recipient that it names, also behind one that is none', async () => {
    await mailed('first@example.com', 'm-5');
    await mailed('second@example.com', 'm-5');
    const destination = ['no address', 'first@example.com', 'second@example.com'];
    const complaint = { complaintFeedbackType: 'abuse', feedbackId: 'f-5' };
    expect(await report('Complaint', { messageId: 'm-5', destination }, { complaint })).toEqual(good);
    for (const email of destination.slice(1)) {
      expect(await typesOf(email)).toEqual(['requested', 'sent', 'complained', 'suppressed']);
    }
  });
});
