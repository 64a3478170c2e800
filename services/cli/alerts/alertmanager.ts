/** Alertmanager's configuration, made of the settings: which alert goes to whom, how soon and how often. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertMail, AlertOptions, AlertServer } from '../../config/alerts.ts';
import { INHIBIT_RULES } from './inhibition.ts';
import { asYaml, type Yaml } from './yaml.ts';

/** Where the folder of these files is mounted for Alertmanager, also where its configuration is the operator's own. */
const FOLDER = '/run/secrets/alertmanager';
const at = (name: string): string => `${FOLDER}/${name}`;

export const CONFIG_FILE = 'alertmanager.yml';
const TEMPLATES = 'sealpost.tmpl';
/** Of the mail server, which with Amazon SES is no setting's value. */
const MAIL_PASSWORD = 'mail_password';

/** Names of receivers: whoever is told, and whom a sign of life goes to. */
export const OPERATORS = 'operators';
export const HEARTBEAT = 'heartbeat';

/** Names of alerts that have a way of their own. */
export const WATCHDOG = 'Watchdog';
export const TEST_ALERT = 'TestAlert';

const HEAD = `# Made of .env by "sealpost secrets" at each start and each ./sealpost apply: what is changed here is lost.
# docs/alerts.md says how to use a configuration of your own.
`;

/** Files of Alertmanager's folder by name: the configuration, its templates, and each secret alone; one that is not set is empty. */
export function alertmanagerFiles(options: AlertOptions, hello: string | undefined): Readonly<Record<string, string>> {
  const server = serverOf(options.mail);
  return {
    [CONFIG_FILE]: HEAD + asYaml(alertmanagerConfig(options, hello)),
    [TEMPLATES]: readFileSync(join(import.meta.dirname, TEMPLATES), 'utf8'),
    [MAIL_PASSWORD]: server?.login?.password ?? '',
    ALERT_WEBHOOK_URL: options.webhookUrl ?? '',
    ALERT_SLACK_WEBHOOK_URL: options.slackUrl ?? '',
    ALERT_PAGERDUTY_ROUTING_KEY: options.pagerdutyKey ?? '',
    ALERT_HEARTBEAT_URL: options.heartbeatUrl ?? '',
  };
}

/** `hello`: the name by which a mail server is greeted. No secret is in it. */
export function alertmanagerConfig(options: AlertOptions, hello: string | undefined): Yaml {
  const ways = waysOf(options, hello);
  const operators = Object.keys(ways).length > 0 ? OPERATORS : 'none';
  const hasHeartbeat = options.heartbeatUrl !== undefined;
  return {
    templates: [at(TEMPLATES)],
    route: routeTo(operators, hasHeartbeat ? HEARTBEAT : 'none'),
    inhibit_rules: INHIBIT_RULES,
    receivers: [
      { name: 'none' },
      ...(operators === 'none' ? [] : [{ name: operators, ...ways }]),
      ...(hasHeartbeat ? [{ name: HEARTBEAT, ...SIGN_OF_LIFE }] : []),
    ],
  };
}

/** An alert's instances come together, so that what breaks everywhere is one message. */
const routeTo = (operators: string, heartbeat: string): Yaml => ({
  receiver: operators,
  group_by: ['alertname'],
  // Time for the cause to fire too, which then stands for what depends on it.
  group_wait: '30s',
  group_interval: '5m',
  repeat_interval: '24h',
  routes: [
    {
      receiver: heartbeat,
      matchers: [`alertname="${WATCHDOG}"`],
      group_wait: '0s',
      // Looked at each minute, and posted by the fifth: what is posted takes a moment, so that five minutes would become six.
      group_interval: '1m',
      repeat_interval: '4m30s',
    },
    {
      receiver: operators,
      matchers: [`alertname="${TEST_ALERT}"`],
      // Each by itself and at once: the operator waits for it.
      group_by: ['...'],
      group_wait: '0s',
      group_interval: '30s',
    },
    { receiver: 'none', matchers: ['severity="info"'] },
    { receiver: operators, matchers: ['severity="critical"'], repeat_interval: '4h' },
  ],
});

/** It ends with Prometheus or with the machine, and its end is no sign of life. */
const SIGN_OF_LIFE: Readonly<Record<string, Yaml>> = {
  webhook_configs: [{ url_file: at('ALERT_HEARTBEAT_URL'), send_resolved: false }],
};

const template = (name: string): string => `{{ template "sealpost.${name}" . }}`;

/** The members of the receiver; none where nobody is to be told, or nobody can be. */
function waysOf(options: AlertOptions, hello: string | undefined): Readonly<Record<string, Yaml>> {
  const { mail, webhookUrl, slackUrl, pagerdutyKey } = options;
  const server = serverOf(mail);
  return {
    ...(mail && server && { email_configs: mail.to.map((to) => emailTo(to, mail.from, server, hello)) }),
    ...(webhookUrl !== undefined && {
      webhook_configs: [{ url_file: at('ALERT_WEBHOOK_URL'), send_resolved: true }],
    }),
    ...(slackUrl !== undefined && {
      slack_configs: [
        {
          api_url_file: at('ALERT_SLACK_WEBHOOK_URL'),
          send_resolved: true,
          title: template('subject'),
          title_link: template('link'),
          fallback: template('subject'),
          text: template('text'),
        },
      ],
    }),
    ...(pagerdutyKey !== undefined && {
      pagerduty_configs: [
        {
          routing_key_file: at('ALERT_PAGERDUTY_ROUTING_KEY'),
          send_resolved: true,
          description: template('subject'),
          severity: template('severity'),
          client: 'Sealpost',
          client_url: template('link'),
          details: { alerts: template('text') },
        },
      ],
    }),
  };
}

/** A mail each, so that none of them sees the others' addresses, and one that is refused keeps no other from arriving. */
function emailTo(to: string, from: string, server: AlertServer, hello: string | undefined): Yaml {
  const { host, port, tls, login } = server;
  return {
    to,
    from,
    smarthost: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    hello,
    auth_username: login?.user,
    auth_password_file: login && at(MAIL_PASSWORD),
    require_tls: tls !== 'off',
    force_implicit_tls: tls === 'tls',
    send_resolved: true,
    headers: { Subject: template('subject') },
    text: template('text'),
    html: template('html'),
  };
}

const serverOf = (mail: AlertMail | undefined): AlertServer | undefined =>
  mail === undefined || mail.server === 'mailbox' ? undefined : mail.server;
