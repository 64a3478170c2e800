/** Settings of alerts in every combination that matters, and the secrets in them. */
import { alertmanagerFiles } from '../../services/cli/alerts/alertmanager.ts';
import { alertOptions, alertTable, checkAlerts } from '../../services/config/alerts.ts';
import { type Environment, readSettings } from '../../services/runtime/settings.ts';

export const SECRETS = {
  ALERT_WEBHOOK_URL: 'https://hooks.example.com/webhook-token',
  ALERT_SLACK_WEBHOOK_URL: 'https://hooks.example.com/slack-token',
  ALERT_PAGERDUTY_ROUTING_KEY: 'pagerdutykeypagerdutykeypagerdut',
  ALERT_HEARTBEAT_URL: 'https://hooks.example.com/heartbeat-token',
  SMTP_PASSWORD: 'the-password-of-the-relay',
  AWS_SECRET_ACCESS_KEY: 'the-secret-key-of-amazon',
};

const { SMTP_PASSWORD, AWS_SECRET_ACCESS_KEY, ...posts } = SECRETS;
const email = { ALERT_EMAIL_TO: 'ops@example.com', SES_FROM_EMAIL: 'noreply@example.com' };
const smtp = { ...email, MAIL_TRANSPORT: 'smtp', SMTP_HOST: 'mail.example.com' };
const login = { SMTP_USER: "o'neill: {{ x }}", SMTP_PASSWORD };
const ses = { ...email, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY };

/** Each way alone, the emails by each road, and all of it. */
export const combinations: Readonly<Record<string, Environment>> = {
  nothing: {},
  'emails by SES': ses,
  'emails by SMTP with a login': { ...smtp, ...login },
  'emails by SMTP without TLS and login': { ...smtp, SMTP_TLS: 'off', SMTP_PORT: '25' },
  'emails by SMTP with TLS from the first byte': {
    ...smtp,
    SMTP_TLS: 'tls',
    SMTP_PORT: '465',
    SMTP_HOST: '2001:db8::25',
  },
  'emails to several': {
    ...ses,
    ALERT_EMAIL_TO: 'ops@example.com, night@example.com',
    ALERT_EMAIL_FROM: 'alerts@example.com',
  },
  'emails that stay in the mailbox': email,
  ...Object.fromEntries(Object.entries(posts).map(([name, value]) => [name, { [name]: value }])),
  'emails and a heartbeat': { ...ses, ALERT_HEARTBEAT_URL: SECRETS.ALERT_HEARTBEAT_URL },
  everything: { ...smtp, ...login, ...posts },
};

/** Alertmanager's files for the settings. Throws InvalidSettings. */
export const filesFor = (environment: Environment, hello = 'api.example.com'): Readonly<Record<string, string>> =>
  alertmanagerFiles(alertOptions(readSettings(alertTable, environment, checkAlerts)), hello);
