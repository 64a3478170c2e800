/** The road that the settings choose for the mails, and that it is given the sender, the login and the rate that were set. */
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mailSettings, mailTransport, sesOptions } from '../../services/config/mail.ts';
import { readSettings } from '../../services/runtime/settings.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

const read = (environment: Record<string, string>) =>
  readSettings(mailSettings, { SES_FROM_EMAIL: 'a@example.com', ...environment });

async function serve(options: SMTPServerOptions = {}): Promise<TestSmtp> {
  const smtp = await startSmtp(options);
  onTestFinished(() => smtp.close());
  return smtp;
}

const through = (port: number, more: Record<string, string>) =>
  mailTransport(
    read({
      MAIL_TRANSPORT: 'smtp',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(port),
      SMTP_TLS: 'off',
      SMTP_RATE_PER_SECOND: '7',
      SES_FROM_NAME: 'Shop',
      ...more,
    }),
  );

describe('the mail', () => {
  test('goes to SES with the keys, region and sender that are set', () => {
    const set = {
      AWS_ACCESS_KEY_ID: 'i',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_REGION: 'eu-west-1',
      SES_ENDPOINT: 'http://127.0.0.1:1',
      SES_FROM_NAME: 'Shop',
    };
    expect(sesOptions(read(set))).toEqual({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'i', secretAccessKey: 's' },
      endpoint: 'http://127.0.0.1:1',
      fromEmail: 'a@example.com',
      fromName: 'Shop',
    });
    expect(sesOptions(read({}))).toMatchObject({
      credentials: { accessKeyId: '', secretAccessKey: '' },
      endpoint: undefined,
    });
  });

  const mail = { to: 'to@example.com', reference: 'x', message: { subject: 's', text: 't', html: 'h' } };

  test('goes by SMTP, at the rate that is set, from the sender and with the login', async () => {
    const logins: unknown[] = [];
    const smtp = await serve({
      onAuth: ({ username, password }, _session, done) => {
        logins.push([username, password]);
        done(null, { user: 'u' });
      },
    });
    const transport = through(smtp.port, { SMTP_USER: 'u', SMTP_PASSWORD: 'p' });
    expect(await transport.sendRate()).toBe(7);
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(logins).toEqual([['u', 'p']]);
    expect(smtp.mails[0]?.raw).toMatch(/^From: Shop <a@example\.com>/m);
  });

  test('goes by SMTP without a login where none is set, and never in clear where TLS is asked for', async () => {
    const smtp = await serve();
    expect(await through(smtp.port, {}).send(mail)).toMatchObject({ kind: 'accepted' });
    expect(smtp.mails).toHaveLength(1);
    expect(await through(smtp.port, { SMTP_TLS: 'starttls' }).send(mail)).not.toMatchObject({ kind: 'accepted' });
    expect(smtp.mails).toHaveLength(1);
  });

  test('goes by SES where nothing else is said', async () => {
    const transport = mailTransport(
      read({ SES_ENDPOINT: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'i', AWS_SECRET_ACCESS_KEY: 's' }),
    );
    onTestFinished(() => transport.close());
    expect(await transport.send(mail)).toEqual({ kind: 'unreached' });
    await expect(transport.sendRate()).rejects.toThrow();
  });
});
