/** Settings of SES's reports, of the log, of the erasure ledger and of the doctor: defaults, bounds, and what is refused how. */
import { describe, expect, test } from 'vitest';
import { backupOptions, backupSettings } from '../../services/config/backup.ts';
import { doctorSettings } from '../../services/config/doctor.ts';
import { erasureSettings } from '../../services/config/erasure.ts';
import { feedbackSettings, reputationOptions, snsOptions } from '../../services/config/feedback.ts';
import { logSettings } from '../../services/config/log.ts';
import { readSettings } from '../../services/runtime/settings.ts';
import { problemsIn } from '../support/settings.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:sealpost-feedback';

const read = (environment: Record<string, string>) => readSettings(feedbackSettings, environment);

describe('what the mail service reports', () => {
  test('is believed of no topic unless told, with the certificate of SNS, and pauses at 5 % and 0.3 %', () => {
    expect(snsOptions(read({}))).toEqual({ topicArns: [], certificateUrl: undefined });
    const limitsOf = (given: Record<string, string>) =>
      reputationOptions({ ...read(given), EMAIL_RATE_LIMIT_PER_USER_HOUR: 10 }).limits;
    expect(limitsOf({})).toEqual({ bouncePercentMax: 5, complaintPercentMax: 0.3 });
    const given = { MAIL_BOUNCE_PERCENT_MAX: '4.5', MAIL_COMPLAINT_PERCENT_MAX: '0.1' };
    expect(limitsOf(given)).toEqual({ bouncePercentMax: 4.5, complaintPercentMax: 0.1 });
  });

  test.each([
    [10, 'users'],
    [1, 'users'],
    [0, 'addresses'],
  ])('with %d mails an hour a user, the people who are counted are %s', (perHour, people) => {
    expect(reputationOptions({ ...read({}), EMAIL_RATE_LIMIT_PER_USER_HOUR: perHour }).people).toBe(people);
  });

  test('is believed of the topics that are named, and the certificate is where it is said', () => {
    const other = 'arn:aws-cn:sns:cn-north-1:210987654321:Other_topic.fifo';
    const given = { SES_TOPIC_ARNS: `${TOPIC} , ${other}`, SNS_CERTIFICATE_URL: 'http://127.0.0.1:8005/x.pem' };
    expect(snsOptions(read(given))).toEqual({
      topicArns: [TOPIC, other],
      certificateUrl: 'http://127.0.0.1:8005/x.pem',
    });
  });

  test.each([
    ['MAIL_BOUNCE_PERCENT_MAX', '0', '10', '10.1'],
    ['MAIL_COMPLAINT_PERCENT_MAX', '0', '1', '1.01'],
  ] as const)('%s is from %s to %s, and %s is too much', (name, min, max, beyond) => {
    const { sentence } = feedbackSettings[name];
    const problem = (value: string) => problemsIn(feedbackSettings, { [name]: value });
    expect([...problem(min), ...problem(max)]).toEqual([]);
    expect(problem('-0.01')).toEqual([`${name}: must be a number from 0 to ${max}. ${sentence}`]);
    expect(problem(beyond)).toEqual([`${name}: must be a number from 0 to ${max}. ${sentence}`]);
    expect(problem('some')).toEqual([`${name}: must be a number from 0 to ${max}. ${sentence}`]);
  });

  test.each([
    'sealpost-feedback',
    'arn:aws:sqs:us-east-1:123456789012:sealpost-feedback',
    'arn:aws:sns:us-east-1:12345678901:sealpost-feedback',
    'arn:aws:sns:us-east-1:1234567890123:sealpost-feedback',
    'arn:aws:sns:us-east-1:123456789012:',
    'arn:aws:sns::123456789012:sealpost-feedback',
    'arn:aws:sns:us-east-1:123456789012:a:subscription',
    `x${TOPIC}`,
    '',
  ])('%j is refused as a topic', (text) => {
    expect(problemsIn(feedbackSettings, { SES_TOPIC_ARNS: `${TOPIC},${text}` })).toEqual([
      'SES_TOPIC_ARNS: must be ARNs such as arn:aws:sns:us-east-1:123456789012:sealpost-feedback, separated by commas. ' +
        feedbackSettings.SES_TOPIC_ARNS.sentence,
    ]);
  });

  test('a certificate is at a URL', () => {
    expect(problemsIn(feedbackSettings, { SNS_CERTIFICATE_URL: 'here' })).toEqual([
      `SNS_CERTIFICATE_URL: must be an http or https URL. ${feedbackSettings.SNS_CERTIFICATE_URL.sentence}`,
    ]);
  });
});

describe('the log', () => {
  test('tells what is of interest and more, to standard output alone, unless told', () => {
    expect(readSettings(logSettings, {})).toEqual({ LOG_LEVEL: 'info', LOG_FILE: undefined });
    expect(readSettings(logSettings, { LOG_FILE: '/x/y.log' }).LOG_FILE).toBe('/x/y.log');
  });

  test('has five levels', () => {
    for (const level of ['debug', 'info', 'warn', 'error', 'silent']) {
      expect(readSettings(logSettings, { LOG_LEVEL: level }).LOG_LEVEL).toBe(level);
    }
    expect(problemsIn(logSettings, { LOG_LEVEL: 'loud' })).toEqual([
      'LOG_LEVEL: must be one of debug, info, warn, error, silent. Lowest level that is logged.',
    ]);
  });
});

test('the erasure ledger is nowhere unless told', () => {
  expect(readSettings(erasureSettings, {})).toEqual({ ERASURE_LEDGER: undefined });
  expect(readSettings(erasureSettings, { ERASURE_LEDGER: '/x' })).toEqual({ ERASURE_LEDGER: '/x' });
});

const options = (given: Record<string, string>) => backupOptions(readSettings(backupSettings, given));

test('backups are made where a folder is named, and kept for 30 days unless told', () => {
  expect(options({})).toBeUndefined();
  expect(options({ BACKUP_KEEP_DAYS: '7' })).toBeUndefined();
  expect(options({ BACKUP_DIR: '/b' })).toEqual({ folder: '/b', keepDays: 30 });
  expect(options({ BACKUP_DIR: '/b', BACKUP_KEEP_DAYS: '7' })).toEqual({ folder: '/b', keepDays: 7 });
});

describe('the doctor', () => {
  test('asks the system’s DNS servers, unless told', () => {
    expect(readSettings(doctorSettings, {})).toEqual({ DNS_SERVERS: [] });
    const given = { DNS_SERVERS: '192.0.2.1, 192.0.2.1:5353,2001:db8::1,[2001:db8::1]:53' };
    expect(readSettings(doctorSettings, given)).toEqual({
      DNS_SERVERS: ['192.0.2.1', '192.0.2.1:5353', '2001:db8::1', '[2001:db8::1]:53'],
    });
  });

  test.each(['192.0.2.1:0', '192.0.2.1:65535', '[2001:db8::1]'])('asks %s', (text) => {
    expect(problemsIn(doctorSettings, { DNS_SERVERS: text })).toEqual([]);
  });

  test.each([
    '192.0.2.1:65536',
    '[2001:db8::1]:65536',
    '192.0.2.1:',
    '192.0.2.1:x',
    '192.0.2.256',
    '[192.0.2.1]:53',
    'dns.example.com',
    'x192.0.2.1:53',
    'dns:a:192.0.2.1',
    '192.0.2.1[2001:db8::1]',
    '192.0.2.1:123456',
    '',
  ])('asks no DNS server named %j', (text) => {
    expect(problemsIn(doctorSettings, { DNS_SERVERS: `192.0.2.2,${text}` })).toEqual([
      'DNS_SERVERS: must be IP addresses separated by commas, each with :port unless it is 53. ' +
        doctorSettings.DNS_SERVERS.sentence,
    ]);
  });
});
