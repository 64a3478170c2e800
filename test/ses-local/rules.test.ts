/** The rules of SES: recipients, senders, rate and quota. */
import {
  GetSendStatisticsCommand,
  MessageRejected,
  type SendEmailCommand,
  SendRawEmailCommand,
} from '@aws-sdk/client-ses';
import { describe, expect, test } from 'vitest';
import { from, start, clientOf, email, stored, frozen, outcome } from './support.ts';

describe('the rules of SES', () => {
  test.each([
    ['no recipient', email([])],
    ['no domain', email(['not an address'])],
    ['no top-level domain', email(['a@localhost'])],
    ['two addresses in one', email(['a@example.com, b@example.com'])],
    ['a line break in an address', email(['a@example.com\r\nBcc: b@example.com'])],
    ['one bad among good', email(['a@example.com', 'b@..example.com'])],
    ['a line break in the subject', email(['a@example.com'], 'x\r\nBcc: b@example.com')],
    ['more than 50 recipients', email(Array.from({ length: 51 }, (_, n) => `a${n}@example.com`))],
    [
      'raw mail without From',
      new SendRawEmailCommand({ RawMessage: { Data: Buffer.from('To: a@example.com\r\n\r\nx') } }),
    ],
    [
      'raw mail without a recipient',
      new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(`From: ${from}\r\n\r\nx`) } }),
    ],
  ])('%s is refused as InvalidParameterValue, and nothing is stored', async (_, command) => {
    const ses = await start();
    await expect(clientOf(ses).send(command as SendEmailCommand)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    expect(await stored(ses)).toBe(0);
  });

  test('an unverified sender is rejected, and that counts nowhere; a verified domain covers its subdomains', async () => {
    const ses = await start({ identities: ['example.com', 'one@other.example'], now: frozen() });
    const client = clientOf(ses);
    for (const source of ['Name <a@example.com>', 'a@mail.EXAMPLE.com', 'one@other.example']) {
      await client.send(email(['a@example.com'], 'x', source));
    }
    const refused = client.send(email(['a@example.com'], 'x', 'two@other.example'));
    await expect(refused).rejects.toThrow(MessageRejected);
    await expect(refused).rejects.toThrow(/^Email address is not verified\. .*US-EAST-1: two@other\.example$/);
    const Data = Buffer.from('From: a@evil.example\r\nTo: a@example.com\r\n\r\nx');
    await expect(client.send(new SendRawEmailCommand({ Source: from, RawMessage: { Data } }))).rejects.toThrow(
      MessageRejected,
    );
    expect(await stored(ses)).toBe(3);
    const { SendDataPoints } = await client.send(new GetSendStatisticsCommand({}));
    expect(SendDataPoints).toMatchObject([{ DeliveryAttempts: 3, Rejects: 0 }]);
  });

  test('20 parallel sends at 14 a second: 14 accepted, 6 throttled, exactly 14 stored; a second later there is room', async () => {
    let now = Date.now();
    const ses = await start({ maxSendRate: 14, now: () => now });
    const client = clientOf(ses);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(client)));
    expect(outcomes.filter((name) => name === 'ok')).toHaveLength(14);
    expect(outcomes.filter((name) => name === 'Throttling')).toHaveLength(6);
    expect(await stored(ses)).toBe(14);
    now += 999;
    expect(await outcome(client)).toBe('Throttling');
    now += 1;
    expect(await outcome(client)).toBe('ok');
    expect(await stored(ses)).toBe(15);
  });

  test('beyond the 24-hour quota a send is refused, and 24 hours later accepted', async () => {
    let now = Date.now();
    const ses = await start({ max24HourSend: 2, now: () => now });
    await clientOf(ses).send(email(['a@example.com', 'b@example.com']));
    await expect(clientOf(ses).send(email(['c@example.com']))).rejects.toMatchObject({
      name: 'Throttling',
      message: 'Daily message quota exceeded.',
    });
    expect(await stored(ses)).toBe(1);
    now += 24 * 60 * 60 * 1000;
    expect(await outcome(clientOf(ses))).toBe('ok');
  });

  test('a body above 256 KiB is refused, and nothing is stored', async () => {
    const ses = await start();
    const Data = Buffer.from(`From: ${from}\r\nTo: a@example.com\r\n\r\n${'x'.repeat(256 * 1024)}`);
    const refused = clientOf(ses).send(new SendRawEmailCommand({ RawMessage: { Data } }));
    await expect(refused).rejects.toMatchObject({ name: 'RequestEntityTooLarge', $metadata: { httpStatusCode: 413 } });
    expect(await stored(ses)).toBe(0);
  });
});
