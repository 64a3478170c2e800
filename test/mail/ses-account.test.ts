/** What the SES account says of itself, asked of the local SES; and each way in which it does not answer. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure, map, SesError, success } from '../../services/ses-local/answers.ts';
import type { LocalSesOptions } from '../../services/ses-local/server.ts';
import { createSesAccount, identitiesFor, type SesAccount } from '../../services/mail/ses-account.ts';
import { clientOf, credentials, email, start } from '../ses-local/support.ts';

function accountAt(endpoint: string, secretAccessKey = credentials.secretAccessKey): SesAccount {
  const account = createSesAccount({
    region: 'us-east-1',
    credentials: { ...credentials, secretAccessKey },
    endpoint,
  });
  onTestFinished(account.close);
  return account;
}

const accountOf = async (options: Partial<LocalSesOptions>): Promise<SesAccount> =>
  accountAt((await start(options)).url);

/** An SES that refuses everything in this way. */
const refusing = (status: number, code: string): Promise<string> =>
  answering(status, () => failure(new SesError(status, code, 'no'), 'id'));

/** An SES that leaves out what it may leave out: `results` are the XML of each action's result. */
const sparse = (results: Readonly<Record<string, string>>): Promise<string> =>
  answering(200, (action) => success(action, results[action] ?? '', 'id'));

const servers = new Map<string, Server>();

const connectionsTo = (url: string): Promise<number> =>
  new Promise((resolve, reject) =>
    servers.get(url)?.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

async function answering(status: number, answer: (action: string) => string): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const action = new URLSearchParams(body).get('Action') ?? '';
    response.writeHead(status, { 'content-type': 'text/xml' }).end(answer(action));
  });
  // It never ends a connection itself: only the client does.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  servers.set(url, server);
  return url;
}

describe('the SES account', () => {
  test('S2, S5: gives each identity that SES knows its status, token, DKIM state and tokens; others are left out', async () => {
    const account = await accountOf({
      identities: [
        'example.com',
        { identity: 'noreply@example.com', status: 'Failed' },
        { identity: 'example.test', status: 'Pending', dkim: { enabled: true, status: 'TemporaryFailure' } },
      ],
    });
    const names = ['noreply@example.com', 'example.com', 'example.test', 'example.org'];
    const known = await account.identities(names);
    expect(known.map(({ name, verification }) => [name, verification])).toEqual([
      ['noreply@example.com', 'Failed'],
      ['example.com', 'Success'],
      ['example.test', 'Pending'],
    ]);
    const [address, domain, pending] = known;
    expect(address?.verificationToken).toBeUndefined();
    expect(domain?.verificationToken).toMatch(/^[\w+/=]{44}$/);
    expect(domain?.dkim).toMatchObject({ enabled: true, status: 'Success' });
    expect(new Set(domain?.dkim.tokens).size).toBe(3);
    expect(pending?.dkim).toMatchObject({ enabled: true, status: 'TemporaryFailure' });
  });

  test('S7, O5: gives quota and statistics as sums over all data points', async () => {
    const ses = await start({ max24HourSend: 200, maxSendRate: 14 });
    const client = clientOf(ses);
    await client.send(email(['a@example.com', 'bounce@simulator.amazonses.com']));
    await client.send(email(['complaint@simulator.amazonses.com']));
    const account = accountAt(ses.url);
    expect(await account.quota()).toEqual({ perDayMax: 200, sentLastDay: 3, perSecondMax: 14 });
    expect(await account.statistics()).toEqual({ attempts: 3, bounces: 1, complaints: 1, rejects: 0 });
  });

  test('gives statistics as the sum of several points, two weeks back and no further', async () => {
    let now = Date.parse('2026-03-01T12:00:00Z');
    const ses = await start({ now: () => now });
    const client = clientOf(ses);
    for (const to of ['bounce@simulator.amazonses.com', 'a@example.com', 'complaint@simulator.amazonses.com']) {
      await client.send(email([to]));
      now += 900_000;
    }
    const account = accountAt(ses.url);
    expect(await account.statistics()).toEqual({ attempts: 3, bounces: 1, complaints: 1, rejects: 0 });
    now += 14 * 86_400_000 - 2_700_000;
    expect(await account.statistics()).toEqual({ attempts: 3, bounces: 1, complaints: 1, rejects: 0 });
    now += 1;
    expect(await account.statistics()).toEqual({ attempts: 2, bounces: 0, complaints: 1, rejects: 0 });
  });

  test('what SES leaves out is not verified, not signed and nothing sent', async () => {
    const nothing = accountAt(await sparse({}));
    expect(await nothing.quota()).toEqual({ perDayMax: 0, sentLastDay: 0, perSecondMax: 0 });
    expect(await nothing.statistics()).toEqual({ attempts: 0, bounces: 0, complaints: 0, rejects: 0 });
    expect(await nothing.identities(['example.com'])).toEqual([]);
    const unsigned = { enabled: false, status: 'NotStarted', tokens: [] };
    const known = map('VerificationAttributes', [['example.com', '']]);
    for (const signed of ['', map('DkimAttributes', []), map('DkimAttributes', [['example.com', '']])]) {
      const account = accountAt(
        await sparse({ GetIdentityVerificationAttributes: known, GetIdentityDkimAttributes: signed }),
      );
      expect(await account.identities(['example.com'])).toEqual([
        { name: 'example.com', verification: 'NotStarted', verificationToken: undefined, dkim: unsigned },
      ]);
    }
    const when = '<Timestamp>2026-03-01T12:00:00Z</Timestamp>';
    const points = `<SendDataPoints><member>${when}</member><member>${when}<Rejects>2</Rejects></member></SendDataPoints>`;
    expect(await accountAt(await sparse({ GetSendStatistics: points })).statistics()).toEqual({
      attempts: 0,
      bounces: 0,
      complaints: 0,
      rejects: 2,
    });
  });

  test('an account that never sent has statistics of zero', async () => {
    expect(await (await accountOf({})).statistics()).toEqual({ attempts: 0, bounces: 0, complaints: 0, rejects: 0 });
  });

  test.each([
    ['credentials', async () => accountAt((await start()).url, 'another-secret')],
    ['denied', () => accountOf({ granted: ['ses:SendRawEmail'] })],
    ['throttled', async () => accountAt(await refusing(400, 'Throttling'))],
    ['refused', async () => accountAt(await refusing(400, 'InvalidParameterValue'))],
    ['denied', async () => accountAt(await refusing(403, 'AccessDeniedException'))],
    ['credentials', async () => accountAt(await refusing(401, 'UnrecognizedClientException'))],
    ['credentials', async () => accountAt(await refusing(403, 'RequestExpired'))],
    ['throttled', async () => accountAt(await refusing(429, 'Whatever'))],
    ['throttled', async () => accountAt(await refusing(400, 'TooManyRequestsException'))],
    ['refused', async () => accountAt(await refusing(499, 'NotThrottling'))],
    ['refused', async () => accountAt(await refusing(499, 'NotTooManyRequests'))],
    ['refused', async () => accountAt(await refusing(499, 'NotRequestLimitExceeded'))],
    ['unreachable', async () => accountAt(await refusing(500, 'Throttling'))],
    ['unreachable', async () => accountAt(await refusing(503, 'ServiceUnavailable'))],
    ['unreachable', async () => accountAt('http://127.0.0.1:9')],
  ])('a question without an answer says why: %s; and shows nothing of the account', async (reason, make) => {
    const asked = (await make()).quota();
    await expect(asked).rejects.toMatchObject({ name: 'SesFailure', action: 'GetSendQuota', reason });
    await expect(asked).rejects.toThrow(`SES did not answer GetSendQuota: ${reason}.`);
  });

  test('a question without an answer is named, with its cause', async () => {
    const account = accountAt(await refusing(400, 'InvalidParameterValue'));
    const failed = { name: 'SesFailure', cause: { name: 'InvalidParameterValue' } };
    await expect(account.statistics()).rejects.toMatchObject({ ...failed, action: 'GetSendStatistics' });
    await expect(account.identities(['example.com'])).rejects.toMatchObject({
      ...failed,
      action: expect.stringMatching(/^GetIdentity(?:Verification|Dkim)Attributes$/),
    });
    const halves = { GetIdentityVerificationAttributes: 'Dkim', GetIdentityDkimAttributes: 'Verification' };
    for (const [granted, other] of Object.entries(halves)) {
      const half = (await accountOf({ granted: [`ses:${granted}`] })).identities(['example.com']);
      await expect(half).rejects.toMatchObject({ action: `GetIdentity${other}Attributes`, reason: 'denied' });
    }
  });

  test('leaves no connection open once it is closed', async () => {
    const ses = await sparse({});
    const account = accountAt(ses);
    await account.quota();
    expect(await connectionsTo(ses)).toBe(1);
    account.close();
    await expect.poll(() => connectionsTo(ses), { timeout: 3000 }).toBe(0);
  });

  test('the identities that let an address send are itself and its domains, nearest first', () => {
    expect(identitiesFor('noreply@Mail.Shop.example.com')).toEqual([
      'noreply@Mail.Shop.example.com',
      'mail.shop.example.com',
      'shop.example.com',
      'example.com',
    ]);
  });
});
