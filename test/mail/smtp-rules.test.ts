/** SMTP by its reply codes, and what is given to whom: one conversation a call, a login only where it is hidden. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSmtpTransport, type SmtpOptions } from '../../services/mail/smtp.ts';
import { classifySmtp } from '../../services/mail/smtp-refusals.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

const credentials = { kind: 'unavailable', reason: 'credentials' };

const mailFrom = { code: 'EENVELOPE', command: 'MAIL FROM' };
const rcptTo = { code: 'EENVELOPE', command: 'RCPT TO' };
const content = { code: 'EMESSAGE', command: 'DATA' };

test.each<[object, boolean, object]>([
  [{ responseCode: 421, command: 'CONN' }, false, { kind: 'unreached' }],
  [{ responseCode: 421, command: 'CONN' }, true, { kind: 'throttled' }],
  [{ responseCode: 421, command: 'EHLO', code: 'ECONNECTION' }, false, { kind: 'unreached' }],
  [{ responseCode: 554, command: 'CONN', code: 'EPROTOCOL' }, false, { kind: 'unavailable', reason: 'session' }],
  [{ responseCode: 550, command: 'HELO', code: 'EPROTOCOL' }, false, { kind: 'unavailable', reason: 'session' }],
  [{ responseCode: 450, ...rcptTo }, false, { kind: 'deferred' }],
  [{ responseCode: 550, ...rcptTo }, false, { kind: 'rejected' }],
  [{ responseCode: 500, ...rcptTo }, false, { kind: 'disputed' }],
  [{ responseCode: 502, ...rcptTo }, false, { kind: 'disputed' }],
  [{ responseCode: 503, ...rcptTo }, false, { kind: 'throttled' }],
  [{ responseCode: 451, ...mailFrom }, false, { kind: 'throttled' }],
  [{ responseCode: 550, ...mailFrom }, false, { kind: 'unavailable', reason: 'sender' }],
  [{ responseCode: 535, ...mailFrom }, false, credentials],
  [{ responseCode: 452, ...content }, true, { kind: 'throttled' }],
  [{ responseCode: 499, ...content }, true, { kind: 'throttled' }],
  [{ responseCode: 552, ...content }, true, { kind: 'rejected' }],
  [{ responseCode: 554, ...content }, true, { kind: 'disputed' }],
  [{ responseCode: 554, command: 'CONN' }, true, { kind: 'disputed' }],
  [{ responseCode: 454, code: 'EAUTH' }, false, { kind: 'unreached' }],
  [{ responseCode: 535, code: 'EAUTH' }, false, credentials],
  [{ responseCode: 530, code: 'EAUTH' }, false, credentials],
  [{ code: 'EAUTH' }, false, credentials],
  [{ code: 'EAUTH' }, true, credentials],
  [{ code: 'ECONNECTION' }, false, { kind: 'unreached' }],
  [{ code: 'ETIMEDOUT' }, false, { kind: 'unreached' }],
  [{ code: 'ETLS', command: 'STARTTLS' }, false, { kind: 'unreached' }],
  [{ code: 'ETLS', command: 'STARTTLS', responseCode: 502 }, false, { kind: 'unavailable', reason: 'session' }],
  [{ code: 'ETLS', command: 'STARTTLS', responseCode: 454 }, false, { kind: 'unreached' }],
  [{ code: 'ECONNECTION' }, true, { kind: 'unsure' }],
  [{ code: 'ETIMEDOUT' }, true, { kind: 'unsure' }],
  [{}, false, { kind: 'unreached' }],
  [{}, true, { kind: 'unsure' }],
])('%j, with the mail begun: %s, is %j', (error, begun, expected) => {
  expect(classifySmtp(Object.assign(new Error(''), error), begun, 'a@example.com')).toMatchObject(expected);
});

const message = { subject: 'Your code', text: '012345 is your code.', html: '<p>012345</p>' };
const mail = { to: 'a@example.com', reference: 'otp-1', message };

function transportTo(port: number, more: Partial<SmtpOptions> = {}) {
  const from = { fromEmail: 'noreply@example.com', fromName: 'Acme' };
  const options = { host: '127.0.0.1', port, tls: 'off', login: undefined, ratePerSecond: 5 } as const;
  return createSmtpTransport({ ...options, ...from, ...more });
}

/** A server, and everything that it was told: who connected, logged in, sent, and to whom. */
async function heard(options: SMTPServerOptions = {}): Promise<{ smtp: TestSmtp; said: string[] }> {
  const said: string[] = [];
  const smtp = await startSmtp({
    onConnect: (_session, done) => (said.push('connect'), done()),
    onAuth: ({ username, password }, _session, done) => (
      said.push(`login ${username} ${password}`),
      done(null, { user: username })
    ),
    onMailFrom: ({ address }, _session, done) => (said.push(`from ${address}`), done()),
    onRcptTo: ({ address }, _session, done) => (said.push(`to ${address}`), done()),
    ...options,
  });
  onTestFinished(() => smtp.close());
  return { smtp, said };
}

const login = { user: 'sealpost', pass: 'secret' };

describe('a conversation', () => {
  test('is one connection, from our sender to the one recipient; without a login where none is configured', async () => {
    const { smtp, said } = await heard();
    expect(await transportTo(smtp.port).send(mail)).toMatchObject({ kind: 'accepted' });
    expect(said).toEqual(['connect', 'from noreply@example.com', 'to a@example.com']);
    expect(smtp.mails[0]?.raw).toMatch(/^X-Entity-Ref-ID: otp-1\r$/m);
    // Before the ten seconds in which an idle connection would end by itself.
    await expect.poll(() => smtp.connections(), { timeout: 5000 }).toEqual([]);
  });

  test('logs in first where a login is configured', async () => {
    const { smtp, said } = await heard({ authOptional: false });
    expect(await transportTo(smtp.port, { login }).send(mail)).toMatchObject({ kind: 'accepted' });
    expect(said).toEqual(['connect', 'login sealpost secret', 'from noreply@example.com', 'to a@example.com']);
  });

  test('makes no second attempt when the first is refused', async () => {
    const refuse = Object.assign(new Error('no'), { responseCode: 451 });
    const { smtp, said } = await heard({ onRcptTo: (_address, _session, done) => done(refuse) });
    expect(await transportTo(smtp.port).send(mail)).toMatchObject({ kind: 'throttled', refusal: { status: 451 } });
    expect(said).toEqual(['connect', 'from noreply@example.com']);
  });

  test('without the TLS that is asked for ends before the login and the mail: nobody could read them', async () => {
    const { smtp, said } = await heard();
    expect(await transportTo(smtp.port, { tls: 'starttls', login }).send(mail)).toMatchObject({
      kind: 'unavailable',
      reason: 'session',
    });
    expect(said).toEqual(['connect']);
  });

  test('ends so too where nobody vouches for the certificate', async () => {
    const { smtp, said } = await heard({ disabledCommands: [] });
    expect(await transportTo(smtp.port, { tls: 'starttls', login }).send(mail)).toEqual({ kind: 'unreached' });
    expect(said).toEqual(['connect']);
    const hidden = await heard({ secure: true });
    expect(await transportTo(hidden.smtp.port, { tls: 'tls', login }).send(mail)).toEqual({ kind: 'unreached' });
    expect(hidden.said).toEqual([]);
  });

  test('with TLS from the first byte begins with it, before the server has said anything', async () => {
    const begun: number[] = [];
    const server = createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', (bytes) => {
          begun.push(Number(bytes[0]));
          socket.destroy();
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await transportTo(port, { tls: 'tls', login }).send(mail)).toEqual({ kind: 'unreached' });
    expect(begun, 'a handshake (RFC 8446, 5.1)').toEqual([22]);
  });

  test('in clear stays in clear where TLS is off, also where the server offers it', async () => {
    const { smtp } = await heard({ disabledCommands: [] });
    expect(await transportTo(smtp.port).send(mail)).toMatchObject({ kind: 'accepted' });
    expect(smtp.mails.map(({ secure }) => secure)).toEqual([false]);
  });

  test('is not begun for a mail that cannot be made', async () => {
    const { smtp, said } = await heard();
    const attachments = [{ path: '/etc/hostname' }] as never;
    expect(await transportTo(smtp.port).send({ ...mail, message: { ...message, attachments } })).toEqual({
      kind: 'rejected',
    });
    expect(said).toEqual([]);
  });

  test('names the mail by what the server says of it, 200 characters at most', async () => {
    const { smtp } = await heard({
      onData: (stream, _session, done) =>
        void stream.resume().on('end', () => (done as (error: null, text: string) => void)(null, 'q'.repeat(500))),
    });
    expect(await transportTo(smtp.port).send(mail)).toEqual({ kind: 'accepted', messageId: `250 ${'q'.repeat(196)}` });
  });
});

test('an answer that drips, a sign now and then for ever, holds an attempt no longer than it may last', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 drip');
    socket.on('data', (bytes) => {
      const text = bytes.toString();
      if (/^(?:EHLO|MAIL|RCPT)/.test(text)) say('250 well');
      else if (text.startsWith('DATA')) say('354 go on');
      else if (text.includes('\r\n.\r\n')) dripping.push(setInterval(() => socket.write('2'), 20));
    });
    socket.on('close', () => dripping.forEach(clearInterval));
  }).listen(0, '127.0.0.1');
  const dripping: NodeJS.Timeout[] = [];
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const results: unknown[] = [];
  void transportTo((server.address() as AddressInfo).port)
    .send(mail)
    .then((one) => results.push(one));
  while (dripping.length === 0) await turn();
  vi.advanceTimersByTime(10_499);
  for (let n = 0; n < 50; n++) await turn();
  expect(results).toEqual([]);
  vi.advanceTimersByTime(1);
  for (const patience = performance.now() + 5000; results.length === 0 && performance.now() < patience;) await turn();
  expect(results).toEqual([{ kind: 'unsure' }]);
});

test('the pace is the one configured, and an attempt lasts ten and a half seconds at most', async () => {
  const transport = transportTo(1, { ratePerSecond: 7 });
  expect([await transport.sendRate(), transport.attemptMillisecondsMax]).toEqual([7, 10_500]);
});
