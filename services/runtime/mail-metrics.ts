/** The metrics of mails: requests to the mail service, what it reports, and those that wait. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The buckets of times. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMailMetrics(registers: Registry[]) {
  return {
    sendSeconds: new Histogram({
      name: 'sealpost_mail_send_duration_seconds',
      help: 'Time of a request to the mail service, by result.',
      labelNames: ['result'],
      buckets: SECONDS,
      registers,
    }),
    mailRefusals: new Counter({
      name: 'sealpost_mail_refusals_total',
      help: 'Refusals of the mail service, by whose they are: recipient, message, session, sender, quota, paused, credentials, account, unlisted.',
      labelNames: ['reason'],
      registers,
    }),
    feedback: new Counter({
      name: 'sealpost_mail_feedback_total',
      help: 'Reports of the mail service, by kind, and whether the mail was ours.',
      labelNames: ['kind', 'known'],
      registers,
    }),
    bounceRatio: new Gauge({
      name: 'sealpost_mail_bounce_ratio',
      help: 'Of the mails of 24 hours, those that bounced permanently: 0 to 1.',
      registers,
    }),
    complaintRatio: new Gauge({
      name: 'sealpost_mail_complaint_ratio',
      help: 'Of the mails of 24 hours, those complained of: 0 to 1.',
      registers,
    }),
    sendingPaused: new Gauge({
      name: 'sealpost_sending_paused',
      help: '1 while so many mails came back that only proven addresses get one, else 0.',
      registers,
    }),
    usersPaused: new Gauge({
      name: 'sealpost_users_paused',
      help: 'Users for whom no mail is sent because too many of theirs came back.',
      registers,
    }),
    mailsWaiting: new Gauge({
      name: 'sealpost_outbox_mails',
      help: 'Emails requested that have no outcome yet.',
      registers,
    }),
    oldestMailSeconds: new Gauge({
      name: 'sealpost_outbox_oldest_seconds',
      help: 'Age of the oldest mail not yet answered for.',
      registers,
    }),
  };
}
