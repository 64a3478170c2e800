/** Settings of the mail: the road it takes, and the sender. */
import { z } from 'zod';
import { createSesTransport, type SesOptions } from '../mail/ses.ts';
import { createSmtpTransport, type SmtpOptions } from '../mail/smtp.ts';
import type { Transport } from '../mail/transport.ts';
import { port, secret, setting, type SettingsCheck, type SettingsOf, wholeNumber } from '../runtime/settings.ts';

/** The id of a key begins so that a stack without keys of Amazon's has made for its mailbox. */
export const LOCAL_KEY = 'LOCAL';

export const mailSettings = {
  MAIL_TRANSPORT: setting(
    z.enum(['ses', 'smtp'], 'must be ses or smtp').default('ses'),
    'How emails are sent: ses (Amazon SES) or smtp (the server SMTP_HOST).',
  ),
  AWS_REGION: setting(
    z
      .string()
      .regex(/^[a-z0-9-]+$/, 'must be a region such as us-east-1')
      .default('us-east-1'),
    'AWS region of SES.',
  ),
  AWS_ACCESS_KEY_ID: secret(z.string().optional(), 'Access key of the IAM user that sends; required for ses.'),
  AWS_SECRET_ACCESS_KEY: secret(z.string().optional(), 'Secret of that access key; required for ses.'),
  SES_ENDPOINT: setting(z.url('must be an http or https URL').optional(), "URL of the SES API. Default: Amazon's."),
  SES_FROM_EMAIL: setting(
    z.email('must be an email address'),
    'Sender of the emails; with ses, an identity that is verified there.',
  ),
  SES_FROM_NAME: setting(
    z
      .string()
      .max(100, 'must have at most 100 characters')
      .regex(/^\P{Cc}*$/u, 'must not contain control characters or line breaks')
      .default('Sealpost'),
    'Name of the sender, also shown in the email.',
  ),
  SMTP_HOST: setting(z.string().optional(), 'SMTP server; required for smtp.'),
  SMTP_PORT: setting(port(587), 'Port of the SMTP server.'),
  SMTP_TLS: setting(
    z.enum(['starttls', 'tls', 'off'], 'must be starttls, tls or off').default('starttls'),
    'TLS to the SMTP server: starttls (required, never plain text), tls (implicit, port 465) or off (for a relay on this machine).',
  ),
  SMTP_USER: setting(z.string().optional(), 'User name at the SMTP server. Default: no login.'),
  SMTP_PASSWORD: secret(z.string().optional(), 'Password of that user.'),
  SMTP_RATE_PER_SECOND: setting(
    wholeNumber({ default: 10, min: 1, max: 10_000 }),
    'Emails per second that the SMTP server accepts; Sealpost uses 80 % of it, as it does of the rate of SES.',
  ),
};

/** What asking the SES account needs; nothing of it is required of who only asks. */
export const sesAccountSettings = {
  MAIL_TRANSPORT: mailSettings.MAIL_TRANSPORT,
  AWS_REGION: mailSettings.AWS_REGION,
  AWS_ACCESS_KEY_ID: mailSettings.AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: mailSettings.AWS_SECRET_ACCESS_KEY,
  SES_ENDPOINT: mailSettings.SES_ENDPOINT,
};

export type SesAccountOptions = Pick<SesOptions, 'region' | 'credentials' | 'endpoint'>;

/** Undefined where emails take another road, or there are no keys. */
export function sesAccountOptions(settings: SettingsOf<typeof sesAccountSettings>): SesAccountOptions | undefined {
  const { MAIL_TRANSPORT, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  if (MAIL_TRANSPORT !== 'ses' || accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return {
    region: settings.AWS_REGION,
    credentials: { accessKeyId, secretAccessKey },
    endpoint: settings.SES_ENDPOINT,
  };
}

export const checkMail: SettingsCheck<typeof mailSettings> = (settings) => {
  const needed =
    settings.MAIL_TRANSPORT === 'smtp'
      ? (['SMTP_HOST'] as const)
      : (['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const);
  const login = [settings.SMTP_USER, settings.SMTP_PASSWORD].filter((one) => one !== undefined).length;
  return [
    ...needed.filter((name) => settings[name] === undefined).map((name) => `${name}: required.`),
    ...(login === 1 ? ['SMTP_USER: set both SMTP_USER and SMTP_PASSWORD, or neither.'] : []),
  ];
};

/** The road that the settings choose. */
export function mailTransport(settings: SettingsOf<typeof mailSettings>): Transport {
  return settings.MAIL_TRANSPORT === 'smtp'
    ? createSmtpTransport(smtpOptions(settings))
    : createSesTransport(sesOptions(settings));
}

export function smtpOptions(settings: SettingsOf<typeof mailSettings>): SmtpOptions {
  const { SMTP_HOST: host = '', SMTP_PORT, SMTP_TLS: tls, SMTP_USER: user, SMTP_PASSWORD: pass } = settings;
  return {
    host,
    port: SMTP_PORT,
    tls,
    login: user === undefined || pass === undefined ? undefined : { user, pass },
    ratePerSecond: settings.SMTP_RATE_PER_SECOND,
    fromEmail: settings.SES_FROM_EMAIL,
    fromName: settings.SES_FROM_NAME,
  };
}

export function sesOptions(settings: SettingsOf<typeof mailSettings>): SesOptions {
  return {
    region: settings.AWS_REGION,
    credentials: {
      accessKeyId: settings.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: settings.AWS_SECRET_ACCESS_KEY ?? '',
    },
    endpoint: settings.SES_ENDPOINT,
    fromEmail: settings.SES_FROM_EMAIL,
    fromName: settings.SES_FROM_NAME,
  };
}
