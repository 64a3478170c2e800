/** The mailbox as JSON: search, order, bounds, the raw mail. */
import { GetSendQuotaCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { from, start, clientOf, email, list } from './support.ts';

describe('the mailbox', () => {
  test('lists newest first, finds a recipient whatever its case, and counts all that match', async () => {
    const ses = await start();
    const client = clientOf(ses);
    for (const to of ['Ada@Example.com', 'grace@example.com', 'ada@example.COM'])
      await client.send(email([to], `For ${to}`));
    const all = await list(ses);
    expect(all.messages.map((message) => message.subject)).toEqual([
      'For ada@example.COM',
      'For grace@example.com',
      'For Ada@Example.com',
    ]);
    const found = await list(ses, '?to=ADA@example.com&limit=1');
    expect(found.total).toBe(2);
    expect(found.messages).toMatchObject([{ from, to: ['ada@example.COM'], text: 'Text ü', html: '<b>Text ü</b>' }]);
    expect(await list(ses, '?to=example.com')).toEqual({ messages: [], total: 0 });
    const [newest] = all.messages;
    expect(await (await fetch(`${ses.url}/messages/${newest?.id}`)).json()).toEqual(newest);
    expect((await fetch(`${ses.url}/messages?limit=501`)).status).toBe(400);
    expect((await fetch(`${ses.url}/messages/none`)).status).toBe(404);
  });

  test('drops the oldest beyond its bound, from the index too', async () => {
    const ses = await start({ messagesMax: 3 });
    const client = clientOf(ses);
    for (const number of [1, 2, 3, 4, 5]) await client.send(email([`a${number % 2}@example.com`], String(number)));
    const { messages, total } = await list(ses);
    expect([total, messages.map((message) => message.subject)]).toEqual([3, ['5', '4', '3']]);
    expect((await list(ses, '?to=a1@example.com')).total).toBe(2);
    expect((await list(ses, '?to=a0@example.com')).total).toBe(1);
  });

  test('DELETE empties it, but not the quota', async () => {
    const ses = await start();
    const client = clientOf(ses);
    const { MessageId } = await client.send(email(['a@example.com']));
    expect((await fetch(`${ses.url}/messages`, { method: 'DELETE' })).status).toBe(204);
    expect(await list(ses, '?to=a@example.com')).toEqual({ messages: [], total: 0 });
    expect((await fetch(`${ses.url}/messages/${MessageId}`)).status).toBe(404);
    expect(await client.send(new GetSendQuotaCommand({}))).toMatchObject({ SentLast24Hours: 1 });
  });

  test('a raw mail comes back byte for byte, and parsed', async () => {
    const ses = await start();
    const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    const headers = { 'Auto-Submitted': 'auto-generated' };
    const fields = { from: `Grüße <${from}>`, to: 'Zoë <zoe@example.com>', subject: 'Ihr Code für ✓ 日本', headers };
    const { message } = await composer.sendMail({
      ...fields,
      text: 'Ihr Code: 123 456 ✓+/=&',
      html: '<p>Ihr Code: <b>123 456</b> ✓</p>',
    });
    const Data = message as Buffer;
    const { MessageId } = await clientOf(ses).send(new SendRawEmailCommand({ RawMessage: { Data } }));
    const raw = await fetch(`${ses.url}/messages/${MessageId}/raw`);
    expect(raw.headers.get('content-type')).toBe('message/rfc822');
    expect(Buffer.from(await raw.arrayBuffer()).equals(Data)).toBe(true);
    const { messages } = await list(ses, '?to=zoe@example.com');
    const [{ headers: read, ...rest } = { headers: {} }] = messages;
    expect(rest).toMatchObject({
      from,
      subject: 'Ihr Code für ✓ 日本',
      text: 'Ihr Code: 123 456 ✓+/=&',
      html: '<p>Ihr Code: <b>123 456</b> ✓</p>',
    });
    expect(read).toMatchObject({ 'auto-submitted': 'auto-generated' });
  });
});
