// The local SES, asked by the real SDK: what the caller sees, and what the mailbox holds afterwards.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { SESClientConfig } from '@aws-sdk/client-ses';
import {
  AccountSendingPausedException,
  GetIdentityDkimAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  GetSendStatisticsCommand,
  ListIdentitiesCommand,
  MessageRejected,
  SendEmailCommand,
  SendRawEmailCommand,
  SESClient,
  VerifyDomainDkimCommand,
  VerifyDomainIdentityCommand,
} from '@aws-sdk/client-ses';
import { createTransport } from 'nodemailer';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LocalSes, LocalSesOptions } from '../../services/local/ses/server.ts';
import { startLocalSes } from '../../services/local/ses/server.ts';

type Message = { id: string; from: string; to: string[]; subject: string; text: string; html: string };
type Listing = { messages: (Message & { headers: Record<string, string>; receivedAt: string })[]; total: number };

const credentials = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret' };
const from = 'no-reply@example.com';

async function start(options: Partial<LocalSesOptions> = {}): Promise<LocalSes> {
  const ses = await startLocalSes({ port: 0, credentials, ...options });
  onTestFinished(() => ses.close());
  return ses;
}

function clientOf(ses: Pick<LocalSes, 'url'>, config: SESClientConfig = {}): SESClient {
  const requestHandler = { requestTimeout: 10_000, throwOnRequestTimeout: true };
  const client = new SESClient({
    endpoint: ses.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    requestHandler,
    ...config,
  });
  onTestFinished(() => client.destroy());
  return client;
}

const email = (to: string[], subject = 'Hello', source = from): SendEmailCommand =>
  new SendEmailCommand({
    Source: source,
    Destination: { ToAddresses: to },
    Message: { Subject: { Data: subject }, Body: { Text: { Data: 'Text ü' }, Html: { Data: '<b>Text ü</b>' } } },
  });

const list = async (ses: LocalSes, query = ''): Promise<Listing> =>
  (await fetch(`${ses.url}/messages${query}`)).json() as Promise<Listing>;
const stored = async (ses: LocalSes): Promise<number> => (await list(ses)).total;
const present = async (ses: LocalSes): Promise<unknown> => (await fetch(`${ses.url}/behaviour`)).json();
const post = (ses: LocalSes, body: string, type = 'application/json'): Promise<Response> =>
  fetch(`${ses.url}/behaviour`, { method: 'POST', headers: { 'content-type': type }, body });
const behave = async (ses: LocalSes, behaviour: object): Promise<void> => {
  expect((await post(ses, JSON.stringify(behaviour))).status).toBe(200);
};
/** A clock that stands still, so that no test straddles a second or a quarter of an hour. */
const frozen =
  (now = Date.now()) =>
  (): number =>
    now;
/** What a send came to: ok, or the name of the error. */
const outcome = (client: SESClient): Promise<string> =>
  client.send(email(['a@example.com'])).then(
    () => 'ok',
    (error: Error) => error.name,
  );

/** A proxy that changes the recipient after the SDK has signed. */
const tamper = (correctHash: boolean) => (next: (args: never) => Promise<never>) => (args: never) => {
  const { request } = args as { request: { body: string; headers: Record<string, string> } };
  request.body = request.body.replace('a%40example.com', 'b%40example.com');
  request.headers['content-length'] = String(Buffer.byteLength(request.body));
  if (correctHash) request.headers['x-amz-content-sha256'] = createHash('sha256').update(request.body).digest('hex');
  return next(args);
};

const open = async (ses: LocalSes, path: string): Promise<{ page: string; headers: Headers; status: number }> => {
  const answer = await fetch(`${ses.url}${path}`);
  return { page: await answer.text(), headers: answer.headers, status: answer.status };
};

function run(env: Record<string, string>) {
  const child = spawn(process.execPath, ['services/local/ses/main.ts'], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(String(chunk)));
  const closed = once(child, 'close');
  return { child, output, exit: async (): Promise<unknown> => (await closed)[0] };
}

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

  test('an unverified sender is rejected and counted; a verified domain covers its subdomains', async () => {
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
    expect(SendDataPoints).toMatchObject([{ DeliveryAttempts: 3, Rejects: 2 }]);
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

describe('misbehaviour', () => {
  test.each<[object, object, number]>([
    [{ mode: 'throttle' }, { name: 'Throttling', message: 'Maximum sending rate exceeded.' }, 0],
    [{ mode: 'quota' }, { name: 'Throttling', message: 'Daily message quota exceeded.' }, 0],
    [{ mode: 'reject' }, { name: 'MessageRejected', $metadata: { httpStatusCode: 400 } }, 0],
    [{ mode: 'pause' }, { name: 'AccountSendingPausedException', $metadata: { httpStatusCode: 400 } }, 0],
    [
      { mode: 'pause', by: 'aws' },
      { name: 'MessageRejected', message: expect.stringMatching(/^Sending paused for this account\./) },
      0,
    ],
    [{ mode: 'error', status: 503 }, { name: 'Error', $metadata: { httpStatusCode: 503 } }, 0],
    [{ mode: 'accept-then-hang' }, { name: 'TimeoutError', code: 'ETIMEDOUT' }, 1],
    [{ mode: 'accept-then-reset' }, { name: 'TimeoutError', code: 'ECONNRESET' }, 1],
    [
      { mode: 'accept-then-error' },
      { name: 'InternalFailure', $fault: 'server', $metadata: { httpStatusCode: 500 } },
      1,
    ],
    [{ mode: 'latency', milliseconds: 60_000 }, { name: 'TimeoutError', code: 'ETIMEDOUT' }, 1],
  ])('%j fails the send as %j and stores %i', async (behaviour, error, count) => {
    const ses = await start();
    const client = clientOf(ses, { requestHandler: { requestTimeout: 500, throwOnRequestTimeout: true } });
    await behave(ses, behaviour);
    const failed = client.send(email(['a@example.com']));
    await expect(failed).rejects.toMatchObject(error);
    expect(await stored(ses)).toBe(count);
    await expect(client.send(new GetSendQuotaCommand({}))).resolves.toMatchObject({ SentLast24Hours: count });
  });

  test('a paused account is an AccountSendingPausedException to the SDK', async () => {
    const ses = await start();
    await behave(ses, { mode: 'pause' });
    await expect(clientOf(ses).send(email(['a@example.com']))).rejects.toThrow(AccountSendingPausedException);
  });

  test('latency answers late, not never', async () => {
    const ses = await start();
    await behave(ses, { mode: 'latency', milliseconds: 120 });
    const before = performance.now();
    expect(await outcome(clientOf(ses))).toBe('ok');
    expect(performance.now() - before).toBeGreaterThan(115);
  });

  test('a lost answer under the SDK’s default retries sends the mail three times', async () => {
    const ses = await start();
    await behave(ses, { mode: 'accept-then-reset' });
    expect(await outcome(clientOf(ses, { maxAttempts: 3 }))).toBe('TimeoutError');
    expect(await stored(ses)).toBe(3);
  });

  test('every: only each n-th send suffers', async () => {
    const ses = await start();
    const client = clientOf(ses);
    await behave(ses, { mode: 'throttle', every: 3 });
    const outcomes: string[] = [];
    for (let send = 1; send <= 6; send += 1) outcomes.push(await outcome(client));
    expect(outcomes).toEqual(['ok', 'ok', 'Throttling', 'ok', 'ok', 'Throttling']);
    expect(await stored(ses)).toBe(4);
  });

  test('times: that many sends suffer, then all is normal again', async () => {
    const ses = await start();
    const client = clientOf(ses);
    await behave(ses, { mode: 'reject', times: 2 });
    expect([await outcome(client), await present(ses)]).toEqual([
      'MessageRejected',
      { mode: 'reject', times: 1, maxSendRate: 200 },
    ]);
    expect([await outcome(client), await outcome(client)]).toEqual(['MessageRejected', 'ok']);
    expect(await present(ses)).toEqual({ mode: 'normal', maxSendRate: 200 });
    expect(await stored(ses)).toBe(1);
  });

  test('maxSendRate changes the rate, with any mode, until it is changed again', async () => {
    const ses = await start({ now: frozen() });
    const client = clientOf(ses);
    await behave(ses, { mode: 'normal', maxSendRate: 1 });
    expect([await outcome(client), await outcome(client)]).toEqual(['ok', 'Throttling']);
    await behave(ses, { mode: 'normal' });
    await expect(client.send(new GetSendQuotaCommand({}))).resolves.toMatchObject({ MaxSendRate: 1 });
  });

  test.each([
    ['{"mode":"trottle"}', '/mode', 'must be one of normal, throttle, '],
    ['{}', '/mode', 'it is missing'],
    ['{"mode":"error"}', '/status', 'must be a whole number from 500 to 599; it is missing'],
    ['{"mode":"error","status":404}', '/status', 'from 500 to 599, not 404'],
    ['{"mode":"latency","milliseconds":"1s"}', '/milliseconds', 'from 0 to 600000, not "1s"'],
    ['{"mode":"throttle","every":0}', '/every', 'from 1 to 1000000, not 0'],
    [
      '{"mode":"throttle","milliseconds":1}',
      '/milliseconds',
      'not a setting of mode throttle, which takes every, times, maxSendRate',
    ],
    ['throttle', '', 'must be JSON'],
    ['["throttle"]', '', 'must be an object'],
  ])('the behaviour %s is refused by name, and the present one stays', async (body, pointer, detail) => {
    const ses = await start();
    await behave(ses, { mode: 'throttle', every: 2 });
    const answer = await post(ses, body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({
      status: 400,
      errors: [{ pointer, detail: expect.stringContaining(detail) }],
    });
    expect(await present(ses)).toEqual({ mode: 'throttle', every: 2, maxSendRate: 200 });
  });

  test('a web page of another origin cannot switch it: only application/json is taken', async () => {
    const ses = await start();
    expect((await post(ses, '{"mode":"throttle"}', 'text/plain')).status).toBe(415);
    expect(await present(ses)).toEqual({ mode: 'normal', maxSendRate: 200 });
  });
});

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

describe('the pages', () => {
  const hostile = '<script>alert("&\'")</script>';

  test('escape a hostile subject, search and text, and run no script but their own', async () => {
    const ses = await start();
    const { MessageId: id } = await clientOf(ses).send(email(['a@example.com'], hostile));
    for (const path of [
      '/',
      `/mails/${id}`,
      `/mails/${id}/text`,
      `/mails/${id}/source`,
      `/?to=${encodeURIComponent(hostile)}`,
    ]) {
      const { page, headers, status } = await open(ses, path);
      expect(status).toBe(200);
      expect(page).not.toContain('<script>');
      expect(page).toContain('&lt;script&gt;');
      const policy = headers.get('content-security-policy') ?? '';
      const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(page).toContain(`<style nonce="${nonce}">`);
    }
  });

  test('give each answer a nonce of its own', async () => {
    const ses = await start();
    const policies = [(await open(ses, '/')).headers, (await open(ses, '/')).headers].map((headers) =>
      headers.get('content-security-policy'),
    );
    expect(policies[0]).not.toBe(policies[1]);
  });

  test('show a mail’s HTML only in a sandbox, without an origin, scripts or outside images', async () => {
    const ses = await start();
    const { MessageId: id } = await clientOf(ses).send(email(['a@example.com']));
    expect((await open(ses, `/mails/${id}`)).page).toMatch(
      new RegExp(`<iframe\\s+sandbox\\s[^>]*src="/messages/${id}/html"`),
    );
    const { page, headers } = await open(ses, `/messages/${id}/html`);
    expect(page).toBe('<b>Text ü</b>');
    expect(headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('find by any part of a recipient, and show the present misbehaviour', async () => {
    const ses = await start();
    const client = clientOf(ses);
    for (const to of ['ada@example.com', 'grace@example.com']) await client.send(email([to], `For ${to}`));
    await behave(ses, { mode: 'latency', milliseconds: 1500, every: 3 });
    const { page } = await open(ses, '/?to=ADA');
    expect(page).toContain('For ada@example.com');
    expect(page).not.toContain('For grace@example.com');
    expect(page).toContain('Misbehaving: latency of 1,500 ms.');
  });
});

describe('the service', () => {
  test('says that it is healthy, and what a path takes', async () => {
    const ses = await start();
    expect((await fetch(`${ses.url}/health`)).status).toBe(200);
    const refused = await fetch(`${ses.url}/messages`, { method: 'PUT' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
    expect((await fetch(`${ses.url}/none`)).headers.get('content-type')).toBe('application/problem+json');
  });

  test('close ends at once, though an answer is withheld and a connection is idle', async () => {
    const ses = await startLocalSes({ port: 0, credentials });
    const idle = connect(ses.port, '127.0.0.1').on('error', () => {});
    await behave(ses, { mode: 'accept-then-hang' });
    const hanging = outcome(clientOf(ses, { requestHandler: { requestTimeout: 60_000 } }));
    await expect.poll(() => stored(ses)).toBe(1);
    const before = performance.now();
    await ses.close();
    expect(performance.now() - before).toBeLessThan(1000);
    expect(await hanging).toBe('TimeoutError');
    idle.destroy();
    await expect(fetch(`${ses.url}/health`)).rejects.toThrow();
  });

  test('a port in use rejects', async () => {
    const { port } = await start();
    await expect(startLocalSes({ port, credentials })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('runs alone, says where it listens and nothing of the mails, and stops on SIGTERM', async () => {
    const env = {
      MAILBOX_PORT: '0',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    const { child, output, exit } = run(env);
    await expect.poll(() => output.join('')).toMatch(/http:\S+/);
    const url = /http:\S+/.exec(output.join(''))?.[0] ?? '';
    expect(await outcome(clientOf({ url }))).toBe('ok');
    expect(await outcome(clientOf({ url }, { region: 'eu-west-1' }))).toBe('SignatureDoesNotMatch');
    child.kill('SIGTERM');
    expect(await exit()).toBe(0);
    expect(output.join('')).toBe(`Local SES and its inbox: ${url}\n`);
  });

  test('refuses to run alone without credentials, and says which are missing', async () => {
    const { output, exit } = run({ MAILBOX_PORT: '0' });
    expect(await exit()).toBe(78);
    expect(output.join('')).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  });
});
