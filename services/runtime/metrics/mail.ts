/** What the mail service takes, refuses and reports, and the mails that wait. */
import { counter, gauge, histogram, type Program, SECONDS } from './define.ts';

const of: readonly Program[] = ['api'];
const FAULTS = ['recipient', 'message', 'session', 'sender', 'quota', 'paused', 'credentials', 'account', 'unlisted'];

export const mailMetrics = {
  sendSeconds: histogram({
    name: 'sealpost_mail_send_duration_seconds',
    help: 'Time of a request to the mail service, by result.',
    of,
    labels: ['result'],
    buckets: SECONDS,
  }),
  mailRefusals: counter({
    name: 'sealpost_mail_refusals_total',
    help: `Refusals of the mail service, by whose they are: ${FAULTS.join(', ')}.`,
    of,
    labels: ['reason'],
    known: { reason: FAULTS },
  }),
  mailAvailable: gauge({
    name: 'sealpost_mail_available',
    help: '1 while the mail service takes mails, 0 while none is handed to it but a probe every ten seconds.',
    of,
  }),
  mailUnavailable: counter({
    name: 'sealpost_mail_unavailable_total',
    help: 'How often the mail service was given up, by reason: as of a refusal; disputed, for reasons that nobody knows; unreached.',
    of,
    labels: ['reason'],
    known: { reason: ['session', 'sender', 'quota', 'paused', 'credentials', 'account', 'disputed', 'unreached'] },
  }),
  feedback: counter({
    name: 'sealpost_mail_feedback_total',
    help: 'Reports of the mail service, by kind, and whether the mail was ours.',
    of,
    labels: ['kind', 'known'],
    known: { kind: ['delivered', 'bounced', 'complained'], known: ['true', 'false'] },
  }),
  bounceRatio: gauge({
    name: 'sealpost_mail_bounce_ratio',
    help: 'Of the mails of 24 hours, those that bounced permanently: 0 to 1.',
    of,
  }),
  complaintRatio: gauge({
    name: 'sealpost_mail_complaint_ratio',
    help: 'Of the mails of 24 hours, those complained of: 0 to 1.',
    of,
  }),
  sendingPaused: gauge({
    name: 'sealpost_sending_paused',
    help: '1 while so many mails came back that only proven addresses get one, else 0, by what came back: bounced, complained.',
    of,
    labels: ['reason'],
  }),
  usersPaused: gauge({
    name: 'sealpost_users_paused',
    help: 'Users for whom no mail is sent because too many of theirs came back.',
    of,
  }),
  mailsWaiting: gauge({ name: 'sealpost_outbox_mails', help: 'Emails requested that have no outcome yet.', of }),
  oldestMailSeconds: gauge({
    name: 'sealpost_outbox_oldest_seconds',
    help: 'Age of the oldest mail not yet answered for.',
    of,
  }),
  outboxWaitSeconds: gauge({
    name: 'sealpost_outbox_wait_seconds',
    help: 'How long a mail asked for now is going to wait: those before it at the rate that is sent at.',
    of,
  }),
  mailRate: gauge({
    name: 'sealpost_mail_rate_per_second',
    help: 'Mails a second that all processes together hand over at most; 0 while it is not known.',
    of,
  }),
};
