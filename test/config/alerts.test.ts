/** The settings of alerts: what they take and refuse, what must fit together, and by which road emails go. */
import { describe, expect, test } from 'vitest';
import { alertOptions, alertSettings, alertTable, checkAlerts } from '../../services/config/alerts.ts';
import { problemsOf } from '../../services/config/all.ts';
import { sesSmtpPassword } from '../../services/mail/ses-smtp.ts';
import { type Environment, readSettings } from '../../services/runtime/settings.ts';
import { goodSettings, problemsIn } from '../support/settings.ts';

const KEY = 'abcdefABCDEF01234567890123456789';
const many = (count: number): string => Array.from({ length: count }, (_, n) => `n${n}@example.com`).join();
const options = (environment: Environment) => alertOptions(readSettings(alertTable, environment, checkAlerts));

describe('who is told', () => {
  test('is nobody where nothing is set', () => {
    expect(options({})).toEqual({
      mail: undefined,
      webhookUrl: undefined,
      slackUrl: undefined,
      pagerdutyKey: undefined,
      heartbeatUrl: undefined,
    });
  });

  test('are up to ten addresses, with blanks around them or not', () => {
    expect(options({ ALERT_EMAIL_TO: 'a@example.com, b@example.com' }).mail?.to).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
    expect(options({ ALERT_EMAIL_TO: many(10) }).mail?.to).toHaveLength(10);
    for (const wrong of [many(11), 'nobody', 'a@example.com,', 'a@example.com;b@example.com', 'A <a@example.com>'])
      expect(problemsIn(alertSettings, { ALERT_EMAIL_TO: wrong }), wrong).toEqual([
        `ALERT_EMAIL_TO: must be email addresses separated by commas, 10 at most. ${alertSettings.ALERT_EMAIL_TO.sentence}`,
      ]);
  });

  test.each(['ALERT_WEBHOOK_URL', 'ALERT_SLACK_WEBHOOK_URL', 'ALERT_HEARTBEAT_URL'] as const)(
    '%s is https, or http to a host within; a refusal does not show it',
    (name) => {
      const within =
        '10.1.2.3 172.31.0.1 192.168.1.1:8080 100.64.0.1 127.0.0.1 [::1] [fd00::1] hooks localhost a.internal';
      const good = [
        'https://hooks.example.com/T0/secret?x=1',
        ...within.split(' ').map((host) => `http://${host}/secret`),
      ];
      for (const url of good) expect(readSettings(alertSettings, { [name]: url })[name], url).toBe(url);
      const outside = '8.8.8.8 172.32.0.1 100.128.0.1 [2001:db8::1] hooks.example.com a.internal.example.com'.split(
        ' ',
      );
      const wrong = [
        ...outside.map((host) => `http://${host}/secret`),
        'ftp://10.0.0.1/secret',
        'secret',
        'https://a.example.com/secret token',
        'https://a.example.com/secret{{ .ExternalURL }}',
        `https://a.example.com/secret${'x'.repeat(2000)}`,
      ];
      for (const url of wrong) {
        const told = problemsIn(alertSettings, { [name]: url });
        expect(told, url).toEqual([
          `${name}: must be an https URL, or an http URL of a host within, such as http://10.0.0.5:8080/alerts. ${alertSettings[name].sentence}`,
        ]);
        expect(told.join()).not.toContain('secret');
      }
    },
  );

  test('the key of PagerDuty has 32 letters and digits, and a refusal does not show it', () => {
    expect(options({ ALERT_PAGERDUTY_ROUTING_KEY: KEY }).pagerdutyKey).toBe(KEY);
    for (const wrong of [KEY.slice(1), `${KEY}0`, `${KEY.slice(1)}-`, `${KEY}\n`]) {
      const told = problemsIn(alertSettings, { ALERT_PAGERDUTY_ROUTING_KEY: wrong });
      expect(told, wrong).toEqual([
        expect.stringContaining('ALERT_PAGERDUTY_ROUTING_KEY: must have 32 letters and digits. '),
      ]);
      expect(told.join()).not.toContain(KEY.slice(1, 30));
    }
  });
});

describe('the road of the emails', () => {
  const to = { ALERT_EMAIL_TO: 'ops@example.com', SES_FROM_EMAIL: 'noreply@example.com' };

  test('is SES’s door for SMTP where there are keys of Amazon’s', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'the key', AWS_REGION: 'eu-west-1' };
    expect(options({ ...to, ...keys }).mail).toEqual({
      to: ['ops@example.com'],
      from: 'noreply@example.com',
      server: {
        host: 'email-smtp.eu-west-1.amazonaws.com',
        port: 587,
        tls: 'starttls',
        login: { user: 'AKIATEST', password: sesSmtpPassword('the key', 'eu-west-1') },
      },
    });
  });

  test('is the SMTP server where that sends the codes, also beside keys of Amazon’s, with a login or without', () => {
    const smtp = { ...to, MAIL_TRANSPORT: 'smtp', SMTP_HOST: 'mail.example.com', SMTP_PORT: '465', SMTP_TLS: 'tls' };
    const server = { host: 'mail.example.com', port: 465, tls: 'tls' };
    expect(options({ ...smtp, AWS_ACCESS_KEY_ID: 'AKIATEST' }).mail?.server).toEqual({ ...server, login: undefined });
    expect(options({ ...smtp, SMTP_USER: 'me', SMTP_PASSWORD: 'mine' }).mail?.server).toEqual({
      ...server,
      login: { user: 'me', password: 'mine' },
    });
  });

  test.each([{}, { AWS_ACCESS_KEY_ID: 'LOCAL0123', AWS_SECRET_ACCESS_KEY: 'made' }])(
    'is none with the mailbox, whose keys are a stack’s own: %j',
    (keys) => {
      expect(options({ ...to, ...keys }).mail?.server).toBe('mailbox');
    },
  );

  test('has the sender of the codes, or one of its own', () => {
    expect(options({ ...to, ALERT_EMAIL_FROM: 'alerts@example.com' }).mail?.from).toBe('alerts@example.com');
    expect(options({ ALERT_EMAIL_TO: 'ops@example.com' }).mail?.from).toBe('noreply@example.com');
  });
});

describe('between the settings', () => {
  const table = { ...goodSettings, ALERT_EMAIL_TO: 'ops@example.com' };

  test('a temporary key of Amazon’s is refused for emails of alerts, and only for those', () => {
    const temporary = { ...table, AWS_ACCESS_KEY_ID: 'ASIATEST' };
    expect(problemsOf(temporary)).toEqual([
      'ALERT_EMAIL_TO: AWS_ACCESS_KEY_ID is a temporary key (ASIA…), which gives no password for SMTP: take the key of an IAM user, or another way to be told.',
    ]);
    expect(problemsOf({ ...temporary, ALERT_EMAIL_TO: '' })).toEqual([]);
    expect(problemsOf({ ...temporary, MAIL_TRANSPORT: 'smtp', SMTP_HOST: 'mail.example.com' })).toEqual([]);
  });

  test('a sender without anybody to mail to is refused', () => {
    expect(problemsOf({ ...table, ALERT_EMAIL_FROM: 'a@example.com' })).toEqual([]);
    expect(problemsOf({ ...goodSettings, ALERT_EMAIL_FROM: 'a@example.com' })).toEqual([
      'ALERT_EMAIL_FROM: needs ALERT_EMAIL_TO as well.',
    ]);
  });
});
