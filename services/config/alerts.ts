/** Settings of alerts: who is told of them, and by which road. */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { isTemporaryKey, SES_SMTP_PORT, sesSmtpHost, sesSmtpPassword } from '../mail/ses-smtp.ts';
import { list, secret, type SettingsCheck, setting, type SettingsOf } from '../runtime/settings.ts';
import { LOCAL_KEY, mailSettings } from './mail.ts';

const RECIPIENTS_MAX = 10;
const URL_LENGTH_MAX = 2000;

const recipients = list()
  .default([])
  .refine(
    (given) => given.length <= RECIPIENTS_MAX && given.every((one) => z.email().safeParse(one).success),
    `must be email addresses separated by commas, ${RECIPIENTS_MAX} at most`,
  );

/** What is not routed in the internet, where a clear text stays with the operator. */
const within = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  within.addSubnet(net, bits, 'ipv4');
within.addSubnet('fc00::', 7, 'ipv6');
within.addAddress('::1', 'ipv6');

const NAME_WITHIN = /^[^.]+$|\.(?:internal|local|localhost|lan|home\.arpa)$/;

function isWithin(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  return family === 0 ? NAME_WITHIN.test(address) : within.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Blanks and braces are neither: the latter would be a template of Alertmanager's. */
function isPlaceToPost(text: string): boolean {
  if (text.length > URL_LENGTH_MAX || /[\s{}]/.test(text) || !/^https?:\/\//.test(text) || !URL.canParse(text))
    return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || isWithin(hostname);
}

const place = () =>
  z
    .string()
    .refine(isPlaceToPost, 'must be an https URL, or an http URL of a host within, such as http://10.0.0.5:8080/alerts')
    .optional();

export const alertSettings = {
  ALERT_EMAIL_TO: setting(
    recipients,
    'Addresses that alerts are mailed to, by the same way as the codes, separated by commas (1 to 10). Default: nobody.',
  ),
  ALERT_EMAIL_FROM: setting(
    z.email('must be an email address').optional(),
    'Sender of those emails. Default: SES_FROM_EMAIL.',
  ),
  ALERT_WEBHOOK_URL: secret(place(), 'URL that alerts are posted to, as JSON of Alertmanager. Default: none.'),
  ALERT_SLACK_WEBHOOK_URL: secret(
    place(),
    'URL of an incoming webhook of Slack, or of what takes the same, such as Mattermost. Default: none.',
  ),
  ALERT_PAGERDUTY_ROUTING_KEY: secret(
    z
      .string()
      .regex(/^[\dA-Za-z]{32}$/, 'must have 32 letters and digits')
      .optional(),
    'Integration key of a service of PagerDuty (Events API v2). Default: none.',
  ),
  ALERT_HEARTBEAT_URL: secret(
    place(),
    'URL that is posted to every five minutes while Prometheus and Alertmanager run; who keeps it tells you when nothing comes. Default: none.',
  ),
  ALERTMANAGER_URL: setting(
    z.url('must be an http or https URL').optional(),
    'Where the doctor and "sealpost alerts test" ask Alertmanager; the Docker stack sets it. Default: there is none.',
  ),
};

/** With what is read of the mail; of that nothing is required of who is told otherwise. */
export const alertTable = {
  ...alertSettings,
  MAIL_TRANSPORT: mailSettings.MAIL_TRANSPORT,
  AWS_REGION: mailSettings.AWS_REGION,
  AWS_ACCESS_KEY_ID: mailSettings.AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: mailSettings.AWS_SECRET_ACCESS_KEY,
  SES_FROM_EMAIL: setting(mailSettings.SES_FROM_EMAIL.schema.optional(), mailSettings.SES_FROM_EMAIL.sentence),
  SMTP_HOST: mailSettings.SMTP_HOST,
  SMTP_PORT: mailSettings.SMTP_PORT,
  SMTP_TLS: mailSettings.SMTP_TLS,
  SMTP_USER: mailSettings.SMTP_USER,
  SMTP_PASSWORD: mailSettings.SMTP_PASSWORD,
};

type Given = SettingsOf<typeof alertTable>;

export const checkAlerts: SettingsCheck<typeof alertTable> = (found) => {
  const { ALERT_EMAIL_TO: to = [], ALERT_EMAIL_FROM: from, AWS_ACCESS_KEY_ID: key = '', MAIL_TRANSPORT } = found;
  const problems: string[] = [];
  if (from !== undefined && to.length === 0) problems.push('ALERT_EMAIL_FROM: needs ALERT_EMAIL_TO as well.');
  if (to.length > 0 && MAIL_TRANSPORT === 'ses' && isTemporaryKey(key))
    problems.push(
      'ALERT_EMAIL_TO: AWS_ACCESS_KEY_ID is a temporary key (ASIA…), which gives no password for SMTP: take the key of an IAM user, or another way to be told.',
    );
  return problems;
};

/** How emails of alerts reach a mail server. `mailbox`: the local mailbox takes no SMTP, so that they reach nobody. */
export type AlertServer = Readonly<{
  host: string;
  port: number;
  tls: 'starttls' | 'tls' | 'off';
  login: Readonly<{ user: string; password: string }> | undefined;
}>;

export type AlertMail = Readonly<{ to: readonly string[]; from: string; server: AlertServer | 'mailbox' }>;

export type AlertOptions = Readonly<{
  /** Undefined where nobody is named. */
  mail: AlertMail | undefined;
  webhookUrl: string | undefined;
  slackUrl: string | undefined;
  pagerdutyKey: string | undefined;
  heartbeatUrl: string | undefined;
}>;

export function alertOptions(found: Given): AlertOptions {
  const { ALERT_EMAIL_TO: to, ALERT_EMAIL_FROM, SES_FROM_EMAIL = 'noreply@example.com' } = found;
  return {
    mail: to.length === 0 ? undefined : { to, from: ALERT_EMAIL_FROM ?? SES_FROM_EMAIL, server: serverOf(found) },
    webhookUrl: found.ALERT_WEBHOOK_URL,
    slackUrl: found.ALERT_SLACK_WEBHOOK_URL,
    pagerdutyKey: found.ALERT_PAGERDUTY_ROUTING_KEY,
    heartbeatUrl: found.ALERT_HEARTBEAT_URL,
  };
}

function serverOf(found: Given): AlertServer | 'mailbox' {
  const { AWS_ACCESS_KEY_ID: id = LOCAL_KEY, AWS_SECRET_ACCESS_KEY: secretKey = '', AWS_REGION: region } = found;
  if (found.MAIL_TRANSPORT === 'smtp') {
    const { SMTP_HOST: host = '', SMTP_PORT: port, SMTP_TLS: tls, SMTP_USER: user, SMTP_PASSWORD: password } = found;
    return { host, port, tls, login: user === undefined || password === undefined ? undefined : { user, password } };
  }
  if (id.startsWith(LOCAL_KEY)) return 'mailbox';
  const login = { user: id, password: sesSmtpPassword(secretKey, region) };
  return { host: sesSmtpHost(region), port: SES_SMTP_PORT, tls: 'starttls', login };
}
