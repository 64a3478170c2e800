/** The query protocol as the real SDK speaks it, and its signatures. */
import {
  GetIdentityDkimAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  GetSendStatisticsCommand,
  ListIdentitiesCommand,
  type SESClientConfig,
  VerifyDomainDkimCommand,
  VerifyDomainIdentityCommand,
} from '@aws-sdk/client-ses';
import { describe, expect, test } from 'vitest';
import { credentials, start, clientOf, email, stored, frozen, outcome, tamper } from './support.ts';

describe('the query protocol', () => {
  test('every action parses into the SDK’s types', async () => {
    const ses = await start({ identities: ['example.com'], maxSendRate: 14, max24HourSend: 200, now: frozen() });
    const client = clientOf(ses);
    const sent = await client.send(email(['a@example.com', 'bounce@simulator.amazonses.com']));
    expect(sent.MessageId).toMatch(/^0100[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000$/);
    await client.send(email(['complaint+x@simulator.amazonses.com']));
    await client.send(email(['suppressionlist@simulator.amazonses.com']));

    expect(await client.send(new GetSendQuotaCommand({}))).toMatchObject({
      Max24HourSend: 200,
      MaxSendRate: 14,
      SentLast24Hours: 4,
    });
    const { SendDataPoints = [] } = await client.send(new GetSendStatisticsCommand({}));
    expect(SendDataPoints).toHaveLength(1);
    expect(SendDataPoints[0]).toMatchObject({ DeliveryAttempts: 4, Bounces: 2, Complaints: 1, Rejects: 0 });
    expect((SendDataPoints[0]?.Timestamp?.getTime() ?? 1) % (15 * 60 * 1000)).toBe(0);

    const { VerificationToken } = await client.send(new VerifyDomainIdentityCommand({ Domain: 'new.example' }));
    expect(VerificationToken).toMatch(/^[\w+/]{43}=$/);
    const { DkimTokens = [] } = await client.send(new VerifyDomainDkimCommand({ Domain: 'new.example' }));
    expect(new Set(DkimTokens).size).toBe(3);
    const Identities = ['example.com', 'new.example', 'unknown.example'];
    const verification = await client.send(new GetIdentityVerificationAttributesCommand({ Identities }));
    expect(verification.VerificationAttributes).toMatchObject({
      'example.com': { VerificationStatus: 'Success' },
      'new.example': { VerificationStatus: 'Pending', VerificationToken },
    });
    expect(verification.VerificationAttributes).not.toHaveProperty(['unknown.example']);
    const dkim = await client.send(new GetIdentityDkimAttributesCommand({ Identities }));
    expect(dkim.DkimAttributes?.['example.com']).toMatchObject({
      DkimEnabled: true,
      DkimVerificationStatus: 'Success',
    });
    expect(dkim.DkimAttributes?.['new.example']).toMatchObject({
      DkimEnabled: false,
      DkimVerificationStatus: 'Pending',
      DkimTokens,
    });
  });

  test('an action it does not know is refused as InvalidAction', async () => {
    await expect(clientOf(await start()).send(new ListIdentitiesCommand({}))).rejects.toMatchObject({
      name: 'InvalidAction',
      Type: 'Sender',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each<[string, SESClientConfig]>([
    ['SignatureDoesNotMatch', { credentials: { ...credentials, secretAccessKey: 'wrong' } }],
    ['InvalidClientTokenId', { credentials: { ...credentials, accessKeyId: 'wrong' } }],
    ['SignatureDoesNotMatch', { region: 'eu-west-1' }],
    ['RequestExpired', { systemClockOffset: -16 * 60 * 1000 }],
    ['RequestExpired', { systemClockOffset: 16 * 60 * 1000 }],
  ])('%s answers %o, and nothing is stored', async (name, config) => {
    const ses = await start();
    await expect(clientOf(ses, config).send(email(['a@example.com']))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 403 },
    });
    expect(await stored(ses)).toBe(0);
  });

  test('a clock 14 minutes off is still accepted', async () => {
    expect(await outcome(clientOf(await start(), { systemClockOffset: -14 * 60 * 1000 }))).toBe('ok');
  });

  test('a body changed after it was signed is refused, also when its own hash is corrected', async () => {
    const ses = await start();
    const client = clientOf(ses);
    for (const correctHash of [false, true]) {
      client.middlewareStack.add(tamper(correctHash) as never, {
        step: 'deserialize',
        priority: 'low',
        name: 'tamper',
        override: true,
      });
      expect(await outcome(client)).toBe('SignatureDoesNotMatch');
    }
    expect(await stored(ses)).toBe(0);
  });

  test('a call without a signature is refused', async () => {
    const ses = await start();
    const answer = await fetch(ses.url, { method: 'POST', body: 'Action=GetSendQuota&Version=2010-12-01' });
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
    ]);
  });
});
