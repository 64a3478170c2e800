/** Faults of who is told when something breaks, and of what is shown of it. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const alertMutants: readonly Mutant[] = [
  ...mutantsOf('services/cli/alerts/alertmanager.ts', 'test/cli/alertmanager.test.ts', [
    [
      'the end of Prometheus is taken for a sign of life',
      ['F25'],
      "url_file: at('ALERT_HEARTBEAT_URL'), send_resolved: false",
      "url_file: at('ALERT_HEARTBEAT_URL'), send_resolved: true",
      'a sign of life is no alert',
    ],
    [
      'the operator’s webhook gets the signs of life',
      ['F25'],
      'hasHeartbeat ? HEARTBEAT : ',
      'hasHeartbeat ? operators : ',
      'for everything are these',
    ],
    [
      'each who is mailed sees the others',
      ['T20'],
      'mail.to.map((to) => emailTo(to, ',
      "[mail.to.join(', ')].map((to) => emailTo(to, ",
      'mail each address by itself',
    ],
    [
      'a password of the mail server goes out in clear',
      ['T28'],
      "require_tls: tls !== 'off',",
      'require_tls: false,',
      'mail each address by itself',
    ],
    [
      'the webhook’s URL stands in the configuration',
      ['T25'],
      "url_file: at('ALERT_WEBHOOK_URL'),",
      'url: webhookUrl,',
      'of everything stand in their own files',
    ],
    [
      'mails of alerts are handed to a mailbox that takes none',
      ['F25'],
      "mail === undefined || mail.server === 'mailbox' ? undefined : mail.server;",
      'mail === undefined ? undefined : (mail.server as AlertServer);',
      'for emails that stay in the mailbox',
    ],
  ]),
  ...mutantsOf('services/cli/secrets.ts', 'test/cli/alertmanager.test.ts', [
    [
      'a file of any name is read for a secret of the alerts',
      ['T25'],
      'readSettings(alertTable, { ...given, ...keys })',
      'readSettings(alertTable, { ...environment, ...given, ...keys })',
      'a file that .env names',
    ],
  ]),
  ...mutantsOf('services/mail/ses-smtp.ts', 'test/mail/ses-smtp.test.ts', [
    [
      'the password of SES is of another version',
      ['F25'],
      'const VERSION = 0x04;',
      'const VERSION = 0x02;',
      'published one',
    ],
    ['the password of SES is good in every region', ['F25'], "[DATE, region, 'ses',", "[DATE, 'ses',", 'published one'],
  ]),
  ...mutantsOf('services/config/alerts.ts', 'test/config/alerts.test.ts', [
    [
      'a token goes through the internet in clear',
      ['T28'],
      "return protocol === 'https:' || isWithin(hostname);",
      "return protocol === 'https:' || hostname !== '';",
      'is https, or http to a host within',
    ],
    [
      'a temporary key is taken for emails of alerts',
      ['F25'],
      "if (to.length > 0 && MAIL_TRANSPORT === 'ses' && isTemporaryKey(key))",
      "if (to.length > 99 && MAIL_TRANSPORT === 'ses' && isTemporaryKey(key))",
      'a temporary key of Amazon',
    ],
  ]),
  ...mutantsOf('services/cli/doctor/alerts.ts', 'test/cli/alerts.test.ts', [
    [
      'nobody is told, and the doctor finds that well',
      ['F25'],
      "if (served) return warning('Alerts reach nobody.', todo);",
      "if (served) return ok('Alerts reach nobody.');",
      'warns where they reach nobody',
    ],
    [
      'no message has ever arrived, and the doctor does not see it',
      ['F25'],
      'failed > 0 && failed >= made',
      'failed > made',
      'warns of what has never arrived',
    ],
  ]),
  ...mutantsOf('services/cli/alerts/command.ts', 'test/cli/alerts.test.ts', [
    [
      'of two addresses one is enough for the test alert',
      ['F25'],
      'succeeded(before, integration) >= count',
      'succeeded(before, integration) >= 1',
      'an address that got nothing counts',
    ],
    [
      'a test alert is taken for the one before',
      ['F25'],
      'test: randomUUID()',
      "test: 'test'",
      'posts an alert of its own',
    ],
  ]),
  ...mutantsOf('services/cli/alerts/inhibition.ts', 'test/stack-files/alerts.test.ts', [
    [
      'what depends on the sending is told beside its cause',
      ['F25'],
      "  sending: 'SendingPaused',\n",
      '',
      'every layer',
    ],
  ]),
  ...mutantsOf('compose.yaml', 'test/stack-files/alerts.test.ts', [
    [
      'a start does not take up another relay for the alerts',
      ['F25'],
      ' ${SMTP_HOST:-} ',
      ' ',
      'every setting that the configuration is made of',
    ],
    [
      'a container’s environment shows the webhook',
      ['T25'],
      '${ALERT_WEBHOOK_URL:+webhook}',
      '${ALERT_WEBHOOK_URL:-}',
      'every setting that the configuration is made of',
    ],
  ]),
];
