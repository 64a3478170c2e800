/** When the alerts of prometheus/rules/mail.yml fire, and when they do not: whether mails go. */
import type { AlertCases } from '../case.ts';

const ofApi = (metric: string, labels = '', instance = 'a:1'): string =>
  `sealpost_${metric}{job="api",instance="${instance}"${labels}}`;
const ofScheduler = (metric: string, labels = ''): string =>
  `sealpost_${metric}{job="scheduler",instance="s:1"${labels}}`;
const threshold = (name: string): string => ofScheduler('alert_threshold', `,name="${name}"`);

export const mailCases: readonly AlertCases[] = [
  {
    alert: 'MailServiceUnavailable',
    fires: [
      {
        when: 'one of two apis has given it up',
        given: { [ofApi('mail_available')]: '1x5 0x20', [ofApi('mail_available', '', 'b:1')]: '1x25' },
        at: '10m',
        labels: { severity: 'critical' },
        summary: 'No mail can be sent.',
        description:
          'The mail service has refused or not answered for over a minute, so nothing is handed to it but a probe every ten seconds. The log has mail_unavailable with its words.',
      },
    ],
    silent: [
      { when: 'it takes mails', given: { [ofApi('mail_available')]: '1x30' }, at: '10m' },
      { when: 'it was away for a moment', given: { [ofApi('mail_available')]: '1x5 0 1x20' }, at: '6m' },
    ],
  },
  {
    alert: 'MailLate',
    fires: [
      {
        when: 'one waits for three minutes',
        given: { [ofApi('outbox_oldest_seconds')]: '0x5 180x20', [ofApi('outbox_wait_seconds')]: '1x30' },
        at: '10m',
        labels: { severity: 'critical', depends_on: 'api,database,mail' },
        summary: 'Codes arrive late.',
        description: 'An email waits, or one asked for now is going to wait, for 3m 0s.',
      },
      {
        when: 'one asked for now is going to wait for ten',
        given: { [ofApi('outbox_oldest_seconds')]: '20x30', [ofApi('outbox_wait_seconds')]: '600x30' },
        at: '10m',
        labels: { severity: 'critical', depends_on: 'api,database,mail' },
        summary: 'Codes arrive late.',
        description: 'An email waits, or one asked for now is going to wait, for 10m 0s.',
      },
      {
        when: 'the operator wants to know at 30 seconds',
        given: { [threshold('mail_wait_seconds')]: '30x30', [ofApi('outbox_oldest_seconds')]: '45x30' },
        at: '10m',
        labels: { severity: 'critical', depends_on: 'api,database,mail' },
        summary: 'Codes arrive late.',
        description: 'An email waits, or one asked for now is going to wait, for 45s.',
      },
    ],
    silent: [
      {
        when: 'none can be sent, which has an alert of its own',
        given: { [ofApi('outbox_oldest_seconds')]: '180x30', [ofApi('mail_available')]: '0x30' },
        at: '10m',
      },
      {
        when: 'they go within a minute',
        given: { [ofApi('outbox_oldest_seconds')]: '60x30', [ofApi('outbox_wait_seconds')]: '60x30' },
        at: '10m',
      },
    ],
  },
  {
    alert: 'MailRefused',
    fires: [
      {
        when: 'what they are is refused',
        given: { [ofApi('mail_refusals_total', ',reason="message"')]: '0x5 0+2x20' },
        at: '20m',
        labels: { severity: 'warning', depends_on: 'mail', reason: 'message' },
        summary: 'The mail service refuses some mails: message.',
        description: 'It refused 20 mails within ten minutes for what they are (message), and not for who gets them.',
      },
    ],
    silent: [
      {
        when: 'recipients are, it asks for patience, or refuses all, which has an alert of its own',
        given: {
          [ofApi('mail_refusals_total', ',reason="recipient"')]: '0+2x30',
          [ofApi('mail_refusals_total', ',reason="session"')]: '0+2x30',
          [ofApi('mail_refusals_total', ',reason="paused"')]: '0+2x30',
          [ofApi('mail_refusals_total', ',reason="message"')]: '7x30',
        },
        at: '20m',
      },
    ],
  },
  {
    alert: 'SendingPaused',
    fires: [
      {
        when: 'too many bounced',
        given: { [ofApi('sending_paused', ',reason="bounced"')]: '0x5 1x20' },
        at: '6m',
        labels: { severity: 'critical', reason: 'bounced' },
        summary: 'Sending is paused: too many mails bounced.',
        description:
          'Only addresses that were proven before get a mail, until fewer come back or an operator resumes it.',
      },
    ],
    silent: [
      {
        when: 'it was resumed',
        given: { [ofApi('sending_paused', ',reason="bounced"')]: '1x5 0x20' },
        at: '7m',
      },
    ],
  },
];
