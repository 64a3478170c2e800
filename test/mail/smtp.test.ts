/** SMTP as a road: one attempt a call, and each answer of a real server told apart as the sender needs it. */
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSmtpTransport, type SmtpOptions } from '../../services/mail/smtp.ts';
import type { SendResult } from '../../services/mail/transport.ts';
import { startScripted } from '../support/scripted-smtp.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

const mail = {
  to: 'a@example.com',
  reference: 'otp-1',
  message: { subject: 'Your code', text: '123456 is your code.', html: '<p>123456</p>' },
};

async function serve(options?: SMTPServerOptions): Promise<TestSmtp> {
  const smtp = await startSmtp(options);
  onTestFinished(() => smtp.close());
  return smtp;
}

async function sendTo(port: number, more: Partial<SmtpOptions> = {}): Promise<SendResult> {
  const from = { fromEmail: 'noreply@example.com', fromName: 'Acme' };
  const transport = createSmtpTransport({
    host: '127.0.0.1',
    port,
    tls: 'off',
    login: undefined,
    ratePerSecond: 5,
    ...from,
    ...more,
  });
  onTestFinished(() => transport.close());
  return transport.send(mail);
}

const refuses = (code: number): Error => Object.assign(new Error('no'), { responseCode: code });

describe('a server', () => {
  test('that takes the mail: accepted, once, to the one recipient, with the headers that stop vacation notices', async () => {
    const smtp = await serve();
    expect(await sendTo(smtp.port)).toEqual({ kind: 'accepted', messageId: expect.stringMatching(/^250 /) });
    expect(smtp.mails).toHaveLength(1);
    expect(smtp.mails[0]?.to).toEqual(['a@example.com']);
    expect(smtp.mails[0]?.raw).toMatch(/^From: Acme <noreply@example\.com>/m);
    expect(smtp.mails[0]?.raw).toMatch(/^Auto-Submitted: auto-generated/m);
    expect(smtp.mails[0]?.raw).toContain('123456 is your code.');
  });

  test.each([
    [
      'refuses the recipient for ever',
      { onRcptTo: (_address, _session, done) => done(refuses(550)) },
      { kind: 'rejected' },
    ],
    [
      'refuses the mail for ever',
      { onData: (stream, _session, done) => void stream.resume().on('end', () => done(refuses(552))) },
      { kind: 'rejected' },
    ],
    ['is greylisting', { onRcptTo: (_address, _session, done) => done(refuses(450)) }, { kind: 'deferred' }],
    ['is too busy', { onMailFrom: (_address, _session, done) => done(refuses(421)) }, { kind: 'throttled' }],
    [
      'closes before it takes anything',
      {
        onConnect: (_session, done) => done(refuses(421)),
      },
      { kind: 'unreached' },
    ],
  ] satisfies [string, SMTPServerOptions, SendResult][])(
    'that %s: nothing is stored',
    async (_what, options, expected) => {
      const smtp = await serve(options);
      expect(await sendTo(smtp.port)).toMatchObject(expected);
      expect(smtp.mails).toEqual([]);
    },
  );

  test.each([535, 550, 554])(
    'that does not know the login, by %i: the sender is told, and no mail is given away',
    async (code) => {
      const smtp = await serve({ authOptional: false, onAuth: (_auth, _session, done) => done(refuses(code)) });
      const login = { user: 'sealpost', pass: 'wrong' };
      expect(await sendTo(smtp.port, { login })).toMatchObject({ kind: 'unavailable', reason: 'credentials' });
      expect(smtp.mails).toEqual([]);
    },
  );

  test('that breaks off before it agreed to take the mail has nothing: not reached, and tried again', async () => {
    for (const at of ['onMailFrom', 'onRcptTo'] as const) {
      const smtp = await serve({
        [at]: (_address: unknown, session: { id: string }) => {
          for (const one of smtp.connections()) if (one.id === session.id) one.close();
        },
      });
      expect(await sendTo(smtp.port), at).toEqual({ kind: 'unreached' });
    }
  });

  test('that looks through the mail for five seconds before it takes it: accepted', async () => {
    const smtp = await serve({
      onData: (stream, _session, done) => void stream.resume().on('end', () => setTimeout(done, 5000)),
    });
    expect(await sendTo(smtp.port)).toMatchObject({ kind: 'accepted' });
  });

  test('that takes the mail and never answers: nobody knows', async () => {
    const smtp = await serve({ onData: (stream) => void stream.resume() });
    expect(await sendTo(smtp.port)).toEqual({ kind: 'unsure' });
  });

  test('that is not there, or never greets: not reached, so it has nothing', async () => {
    const gone = await startSmtp();
    await gone.close();
    expect(await sendTo(gone.port)).toEqual({ kind: 'unreached' });
    const mute = await serve({ onConnect: () => {} });
    expect(await sendTo(mute.port)).toEqual({ kind: 'unreached' });
  });

  test('without TLS where TLS is asked for gets no mail at all', async () => {
    const smtp = await serve();
    expect((await sendTo(smtp.port, { tls: 'starttls' })).kind).not.toBe('accepted');
    expect(smtp.mails).toEqual([]);
  });

  test('whose certificate nobody vouches for gets none either', async () => {
    const smtp = await serve({ disabledCommands: [] });
    expect((await sendTo(smtp.port, { tls: 'starttls' })).kind).not.toBe('accepted');
    expect(smtp.mails).toEqual([]);
  });
});

test('a mail that is not to be sent any more is broken off before its first byte, or not begun', async () => {
  const smtp = await startScripted();
  const from = { fromEmail: 'noreply@example.com', fromName: 'Acme' };
  const options = { host: '127.0.0.1', port: smtp.port, tls: 'off', login: undefined, ratePerSecond: 5 } as const;
  const transport = createSmtpTransport({ ...options, ...from });
  let asked = 0;
  const onceMore = (): number => (asked++ === 0 ? 1 : 0);
  expect(await transport.send(mail, onceMore)).toEqual({ kind: 'late' });
  expect(await transport.send(mail, () => 0)).toEqual({ kind: 'late' });
  expect([asked, smtp.asked, smtp.taken]).toEqual([2, ['a@example.com'], []]);
});
