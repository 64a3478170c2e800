/** When the alerts of prometheus/rules/mail.yml fire, and when they do not: what comes back, and what SES allows. */
import type { AlertCases } from '../case.ts';

const ofApi = (metric: string, labels = '', instance = 'a:1'): string =>
  `sealpost_${metric}{job="api",instance="${instance}"${labels}}`;
const ofScheduler = (metric: string, labels = ''): string =>
  `sealpost_${metric}{job="scheduler",instance="s:1"${labels}}`;
const threshold = (name: string): string => ofScheduler('alert_threshold', `,name="${name}"`);
const sent = ofApi('events_total', ',type="sent",purpose="verification",outcome=""');

export const feedbackCases: readonly AlertCases[] = [
  {
    alert: 'BounceRateHigh',
    fires: [
      {
        when: 'five of a hundred did',
        given: { [ofApi('mail_bounce_ratio')]: '0.05x60', [sent]: '0+10x60' },
        at: '40m',
        labels: { severity: 'warning', depends_on: 'sending' },
        summary: 'Many mails bounce.',
        description:
          '5% of the mails of 24 hours bounced for good. Amazon reviews an account at 5 % and pauses it at 10 %.',
      },
    ],
    silent: [
      {
        when: 'sending is paused for it, which has an alert of its own',
        given: {
          [ofApi('mail_bounce_ratio')]: '0.05x60',
          [sent]: '0+10x60',
          [ofApi('sending_paused', ',reason="bounced"')]: '1x60',
        },
        at: '40m',
      },
      { when: 'three did', given: { [ofApi('mail_bounce_ratio')]: '0.03x60', [sent]: '0+10x60' }, at: '40m' },
      {
        when: 'one of the five of a quiet day did',
        given: { [ofApi('mail_bounce_ratio')]: '0.2x60', [sent]: '0x10 5x50' },
        at: '40m',
      },
    ],
  },
  {
    alert: 'ComplaintRateHigh',
    fires: [
      {
        when: 'one of a thousand was called spam',
        given: { [ofApi('mail_complaint_ratio')]: '0.001x60', [sent]: '0+100x60' },
        at: '40m',
        labels: { severity: 'warning', depends_on: 'sending' },
        summary: 'Mails are called spam.',
        description:
          '0.1% of the mails of 24 hours were complained of. Amazon reviews an account at 0.1 % and pauses it at 0.5 %.',
      },
    ],
    silent: [
      {
        when: 'sending is paused for it',
        given: {
          [ofApi('mail_complaint_ratio')]: '0.001x60',
          [sent]: '0+100x60',
          [ofApi('sending_paused', ',reason="complained"')]: '1x60',
        },
        at: '40m',
      },
      {
        when: 'one of two thousand was',
        given: { [ofApi('mail_complaint_ratio')]: '0.0005x60', [sent]: '0+100x60' },
        at: '40m',
      },
    ],
  },
  {
    alert: 'SesQuotaNearlyUsed',
    fires: [
      {
        when: 'nine tenths are',
        given: {
          [ofScheduler('ses_sent_last_24_hours')]: '45000x30',
          [ofScheduler('ses_max_24_hour_send')]: '50000x30',
        },
        at: '20m',
        labels: { severity: 'warning' },
        summary: 'The quota of Amazon SES is nearly used.',
        description: '90% of the mails that SES takes in 24 hours are sent. At 100 % it takes none.',
      },
      {
        when: 'nine tenths are, and another scheduler has taken over',
        given: {
          [ofScheduler('ses_sent_last_24_hours')]: '45000x12 stale',
          [ofScheduler('ses_max_24_hour_send')]: '50000x12 stale',
        },
        at: '16m',
        labels: { severity: 'warning' },
        summary: 'The quota of Amazon SES is nearly used.',
        description: '90% of the mails that SES takes in 24 hours are sent. At 100 % it takes none.',
      },
      {
        when: 'half is, and the operator wants to know at four tenths',
        given: {
          [threshold('ses_quota_ratio')]: '0.4x30',
          [ofScheduler('ses_sent_last_24_hours')]: '25000x30',
          [ofScheduler('ses_max_24_hour_send')]: '50000x30',
        },
        at: '20m',
        labels: { severity: 'warning' },
        summary: 'The quota of Amazon SES is nearly used.',
        description: '50% of the mails that SES takes in 24 hours are sent. At 100 % it takes none.',
      },
    ],
    silent: [
      {
        when: 'half is',
        given: {
          [ofScheduler('ses_sent_last_24_hours')]: '25000x30',
          [ofScheduler('ses_max_24_hour_send')]: '50000x30',
        },
        at: '20m',
      },
      {
        when: 'there is no limit',
        given: { [ofScheduler('ses_sent_last_24_hours')]: '25000x30', [ofScheduler('ses_max_24_hour_send')]: '-1x30' },
        at: '20m',
      },
    ],
  },
  {
    alert: 'SesRejects',
    fires: [
      {
        when: 'two more than an hour ago',
        given: { [ofScheduler('ses_statistics', ',count="rejects"')]: '1x70 3x50' },
        at: '80m',
        labels: { severity: 'warning' },
        summary: 'Amazon SES rejected a mail.',
        description: 'SES rejected 2 mails of this account within an hour; it does so where it finds a virus.',
      },
    ],
    silent: [
      {
        when: 'as many as an hour ago, or fewer: two weeks are over',
        given: { [ofScheduler('ses_statistics', ',count="rejects"')]: '3x70 2x50' },
        at: '80m',
      },
      {
        when: 'bounces grow',
        given: { [ofScheduler('ses_statistics', ',count="bounces"')]: '0+1x120' },
        at: '80m',
      },
    ],
  },
  {
    alert: 'MailReportsMissing',
    minutes: 5,
    fires: [
      {
        when: 'mails go and no report comes any more',
        given: {
          [sent]: '0+10x300',
          [ofApi('mail_feedback_total', ',kind="delivered",known="true"')]: '0+10x150 1500x150',
        },
        at: '22h',
        labels: { severity: 'warning' },
        summary: 'No delivery reports arrive any more.',
        description:
          '720 mails were sent within six hours, and of none a report came, as they did before: bounces and complaints go unseen.',
      },
    ],
    silent: [
      {
        when: 'reports come',
        given: { [sent]: '0+10x300', [ofApi('mail_feedback_total', ',kind="delivered",known="true"')]: '0+10x300' },
        at: '22h',
      },
      {
        when: 'none ever came: nobody asked for them',
        given: { [sent]: '0+10x300', [ofApi('mail_feedback_total', ',kind="delivered",known="true"')]: '0x300' },
        at: '22h',
      },
      {
        when: 'no mail went',
        given: {
          [sent]: '1500x300',
          [ofApi('mail_feedback_total', ',kind="delivered",known="true"')]: '0+10x150 1500x150',
        },
        at: '22h',
      },
    ],
  },
];
