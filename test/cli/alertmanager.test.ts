/** Alertmanager's configuration as it is made of settings: who is told of what, in which file a secret stands, and in no other. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, onTestFinished, test } from 'vitest';
import { asYaml } from '../../services/cli/alerts/yaml.ts';
import { writeSecrets } from '../../services/cli/secrets.ts';
import { sesSmtpPassword } from '../../services/mail/ses-smtp.ts';
import type { Environment } from '../../services/runtime/settings.ts';
import { combinations, filesFor, SECRETS } from '../support/alert-settings.ts';

type Receiver = Readonly<Record<string, unknown>> & { name: string };
type Route = { receiver: string; matchers?: string[]; repeat_interval?: string; routes?: Route[] };
type Config = { route: Route; receivers: Receiver[]; inhibit_rules: unknown[]; templates: string[] };

const configOf = (environment: Environment): Config => parse(filesFor(environment)['alertmanager.yml'] ?? '') as Config;
const at = (name: string): string => `/run/secrets/alertmanager/${name}`;

const passwordIn = (name: string) => filesFor(combinations[name] ?? {}).mail_password;
const emailsIn = (name: string): readonly Receiver[] =>
  (configOf(combinations[name] ?? {}).receivers[1]?.email_configs ?? []) as Receiver[];

/** Receivers by name, each with its members. */
const membersOf = ({ receivers }: Config): Record<string, string[]> =>
  Object.fromEntries(receivers.map(({ name, ...members }) => [name, Object.keys(members)]));

const operators = (...members: readonly string[]) => ({
  none: [],
  operators: members.map((name) => `${name}_configs`),
});
const heartbeat = { heartbeat: ['webhook_configs'] };

describe('the receivers', () => {
  test.each<[string, Record<string, string[]>]>([
    ['nothing', { none: [] }],
    ['emails by SES', operators('email')],
    ['emails by SMTP with a login', operators('email')],
    ['emails by SMTP without TLS and login', operators('email')],
    ['emails by SMTP with TLS from the first byte', operators('email')],
    ['emails to several', operators('email')],
    ['emails that stay in the mailbox', { none: [] }],
    ['ALERT_WEBHOOK_URL', operators('webhook')],
    ['ALERT_SLACK_WEBHOOK_URL', operators('slack')],
    ['ALERT_PAGERDUTY_ROUTING_KEY', operators('pagerduty')],
    ['ALERT_HEARTBEAT_URL', { none: [], ...heartbeat }],
    ['emails and a heartbeat', { ...operators('email'), ...heartbeat }],
    ['everything', { ...operators('email', 'webhook', 'slack', 'pagerduty'), ...heartbeat }],
  ])('for %s are these, and the routes know no other', (name, members) => {
    const config = configOf(combinations[name] ?? {});
    expect(membersOf(config)).toEqual(members);
    const named = [config.route, ...(config.route.routes ?? [])].map(({ receiver }) => receiver);
    expect(new Set(named)).toEqual(new Set(Object.keys(members)));
  });

  test('all combinations have a row', () => {
    expect(Object.keys(combinations)).toHaveLength(13);
  });

  test('mail each address by itself, through the server and with the login that the settings name', () => {
    const emails = emailsIn('emails to several');
    expect(emails.map(({ to, from }) => [to, from])).toEqual([
      ['ops@example.com', 'alerts@example.com'],
      ['night@example.com', 'alerts@example.com'],
    ]);
    for (const one of emails)
      expect(one).toMatchObject({
        smarthost: 'email-smtp.eu-west-1.amazonaws.com:587',
        hello: 'api.example.com',
        auth_username: 'AKIATEST',
        auth_password_file: at('mail_password'),
        require_tls: true,
        force_implicit_tls: false,
        send_resolved: true,
      });
  });

  test.each([
    ['emails by SMTP with a login', 'mail.example.com:587', true, false, "o'neill: {{ x }}"],
    ['emails by SMTP without TLS and login', 'mail.example.com:25', false, false, undefined],
    ['emails by SMTP with TLS from the first byte', '[2001:db8::25]:465', true, true, undefined],
  ])('%s: at %s, TLS wanted %s, from the first byte %s', (name, smarthost, required, implicit, user) => {
    const [mail] = emailsIn(name);
    const login = { auth_username: mail?.auth_username, auth_password_file: mail?.auth_password_file };
    expect(mail).toMatchObject({ smarthost, require_tls: required, force_implicit_tls: implicit });
    expect(login).toEqual({ auth_username: user, auth_password_file: user && at('mail_password') });
  });

  test('a sign of life is no alert: its end is not posted', () => {
    const { receivers } = configOf(combinations.everything ?? {});
    const urlFile = at('ALERT_HEARTBEAT_URL');
    expect(receivers.at(-1)).toEqual({
      name: 'heartbeat',
      webhook_configs: [{ url_file: urlFile, send_resolved: false }],
    });
  });
});

describe('the secrets', () => {
  test.each(Object.entries(combinations))('of %s stand in their own files and not in the configuration', (_, given) => {
    const {
      'alertmanager.yml': config = '',
      'sealpost.tmpl': templates,
      mail_password: password,
      ...own
    } = filesFor(given);
    for (const secret of Object.values(SECRETS)) expect(config).not.toContain(secret);
    if (password) expect(config).not.toContain(password);
    const names = Object.keys(SECRETS).filter((name) => name.startsWith('ALERT_'));
    expect(own).toEqual(Object.fromEntries(names.map((name) => [name, given[name] ?? ''])));
    // What the configuration names is there, and holds something.
    const named = [...config.matchAll(/_file: \/run\/secrets\/alertmanager\/(\w+)/g)].map(([, name = '']) => name);
    for (const name of named) expect({ ...own, mail_password: password }[name], name).toMatch(/./);
    expect(templates).toContain('define "sealpost.subject"');
  });

  test('the password of the mail server is the relay’s, or what SES makes of the key', () => {
    expect(passwordIn('emails by SMTP with a login')).toBe(SECRETS.SMTP_PASSWORD);
    expect(passwordIn('emails by SES')).toBe(sesSmtpPassword(SECRETS.AWS_SECRET_ACCESS_KEY, 'eu-west-1'));
    expect(passwordIn('emails by SMTP without TLS and login')).toBe('');
  });
});

describe('in the folder of a stack', () => {
  test('they follow .env, and of a way that was taken out of it nothing is left; a reader may read and nobody write', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealpost-alertmanager-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const read = (name: string): string => readFileSync(join(folder, 'alertmanager', name), 'utf8');
    writeSecrets(folder, { ...combinations.everything, API_DOMAIN: 'api.example.com' });
    expect(read('alertmanager.yml')).toBe(filesFor(combinations.everything ?? {})['alertmanager.yml']);
    expect(read('ALERT_WEBHOOK_URL')).toBe(SECRETS.ALERT_WEBHOOK_URL);
    expect(read('mail_password')).toBe(SECRETS.SMTP_PASSWORD);
    for (const name of ['alertmanager.yml', 'sealpost.tmpl', 'mail_password', 'ALERT_WEBHOOK_URL'])
      expect(statSync(join(folder, 'alertmanager', name)).mode & 0o777, name).toBe(0o444);
    writeSecrets(folder, { ALERT_EMAIL_TO: 'ops@example.com' });
    // Its own keys are of the mailbox, which takes no SMTP.
    expect(membersOf(parse(read('alertmanager.yml')) as Config)).toEqual({ none: [] });
    for (const name of ['mail_password', ...Object.keys(SECRETS).slice(0, 4)]) expect(read(name), name).toBe('');
  });

  test('a file that .env names instead of a secret is not read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealpost-alertmanager-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeSecrets(folder, { ALERT_WEBHOOK_URL_FILE: '/etc/hostname' });
    expect(readFileSync(join(folder, 'alertmanager/ALERT_WEBHOOK_URL'), 'utf8')).toBe('');
  });
});

test('what is written as YAML is read as it was, also what could mean something else', () => {
  const words = [
    'yes',
    'null',
    '1',
    '1e3',
    '0x10',
    '',
    ' a',
    'a: b',
    "it's",
    '{{ x }}',
    '#',
    '- a',
    'ü\n"',
    '4m30s',
    '...',
    '*',
  ];
  const data = { words, lists: [{ a: 1, b: [true, 'b'] }, { c: { d: words } }], one: 'two words', none: [] };
  expect(parse(asYaml(data))).toEqual(data);
  expect(asYaml({ left: undefined, kept: [{ x: 'b', z: ['a'] }] })).toBe('kept:\n  - x: b\n    z: [a]\n');
});
