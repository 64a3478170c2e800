/** Alertmanager alone, as the stack runs it: what fires reaches who the settings name, what depends on it does not, no secret is shown. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INHIBIT_RULES } from '../../services/cli/alerts/inhibition.ts';
import { combinations, filesFor } from '../support/alert-settings.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { type AlertStack, docker, startAlertStack } from './support/alert-stack.ts';

const LOGIN = { SMTP_USER: 'relay-user', SMTP_PASSWORD: 'the-password-of-the-relay' };
const TOKENS = ['webhook-token', 'slack-token', 'heartbeat-token', LOGIN.SMTP_PASSWORD];

const logins: unknown[] = [];
let smtp: TestSmtp;
let said: Promise<string>;
let alerts: AlertStack;
beforeAll(async () => {
  smtp = await startSmtp(
    {
      onAuth: ({ username, password }, _session, done) => {
        logins.push([username, password]);
        done(null, { user: 'relay' });
      },
    },
    '0.0.0.0',
  );
  alerts = await startAlertStack((host, url) => ({
    API_DOMAIN: 'api.example.com',
    MAILBOX: 'yes',
    SES_FROM_EMAIL: 'noreply@example.com',
    ALERT_EMAIL_TO: 'ops@example.com, night@example.com',
    MAIL_TRANSPORT: 'smtp',
    SMTP_HOST: host,
    SMTP_PORT: String(smtp.port),
    SMTP_TLS: 'off',
    ...LOGIN,
    ALERT_WEBHOOK_URL: url('webhook-token'),
    // Where nobody listens, so that a failure is logged.
    ALERT_SLACK_WEBHOOK_URL: `http://${host}:1/slack-token`,
    ALERT_HEARTBEAT_URL: url('heartbeat-token'),
  }));
});
afterAll(async () => {
  await alerts?.stop();
  await smtp?.close();
});

const links = { runbook_url: 'https://example.com/runbook#api', dashboard: 'http://127.0.0.1:3000/d/api' };
const down = {
  labels: { alertname: 'ApiDown', severity: 'critical', depends_on: 'database', site: 'api.example.com' },
  annotations: { summary: 'No api answers', description: 'Codes can neither be asked for nor verified.', ...links },
};
const named = (alertname: string, severity: string, more: Record<string, string> = {}) => ({
  labels: { alertname, severity, ...more },
  annotations: { summary: alertname },
});

const mailed = () =>
  Promise.all(smtp.mails.map(async ({ to, raw }) => ({ ...(await PostalMime.parse(raw)), at: to.join() })));
/** Statuses of the alerts with this summary, in the order in which they were posted there. */
const posted = (path: string, summary: string): readonly string[] =>
  alerts.posts
    .filter((one) => one.path === `/${path}`)
    .flatMap((one) =>
      one.alerts.flatMap(({ annotations, status }) => (annotations.summary === summary ? [status] : [])),
    );

test('what fires reaches everybody by mail and webhook, with subject and links; what depends on it and what is info reach nobody', async () => {
  // It waits for half a minute for what fails, beside the others.
  said = alerts.sealpost('alerts', 'test');
  const soon = new Date(Date.now() + 5000).toISOString();
  const inhibited = [
    named('CodesNotSent', 'warning', { depends_on: 'mail,api' }),
    named('LoginsFail', 'critical', { depends_on: 'api' }),
    named('ApiDown', 'warning'),
  ];
  const others = [named('Info', 'info'), named('Mild', 'warning', { depends_on: 'apis' }), named('Watchdog', 'info')];
  await alerts.post(down, ...inhibited, ...others, { ...named('TestAlert', 'critical'), endsAt: soon });
  // The test alert waits for nothing, and neither does the sign of life, which goes where it belongs alone.
  await expect.poll(() => posted('webhook-token', 'TestAlert'), { timeout: 15_000 }).toEqual(['firing']);
  await expect.poll(() => posted('heartbeat-token', 'Watchdog'), { timeout: 15_000 }).toEqual(['firing']);
  // All come after the same half a minute, and then some time to arrive.
  await expect.poll(() => posted('webhook-token', down.annotations.summary), { timeout: 45_000 }).toEqual(['firing']);
  await expect.poll(() => posted('webhook-token', 'Mild'), { timeout: 5000 }).toEqual(['firing']);
  await expect.poll(() => posted('webhook-token', 'TestAlert'), { timeout: 15_000 }).toEqual(['firing', 'resolved']);
  const told = alerts.posts.flatMap(({ path, alerts: all }) => all.map(({ labels }) => `${path} ${labels.alertname}`));
  expect(new Set(told)).toEqual(
    new Set(['/heartbeat-token Watchdog', ...['TestAlert', 'ApiDown', 'Mild'].map((name) => `/webhook-token ${name}`)]),
  );

  await expect.poll(async () => (await mailed()).length, { timeout: 5000 }).toBeGreaterThanOrEqual(10);
  const mails = await mailed();
  const ofApi = mails.filter(({ subject }) => subject === '[critical] api.example.com: No api answers');
  expect(ofApi.map(({ at }) => at).toSorted()).toEqual(['night@example.com', 'ops@example.com']);
  for (const { text = '', html = '', from } of ofApi) {
    expect(from?.address).toBe('noreply@example.com');
    expect(text).toMatch(
      /^No api answers\ncritical, since 20\d\d-\d\d-\d\d \d\d:\d\d UTC, api\.example\.com\n\nCodes can neither/,
    );
    expect(text).toContain(`\nWhat to do: ${links.runbook_url}\nDashboard: ${links.dashboard}\n`);
    for (const link of Object.values(links)) expect(html).toContain(`<a href="${link}">`);
    expect(text + html).not.toContain('@');
  }
  expect(new Set(mails.map(({ subject }) => subject))).toEqual(
    new Set([
      ofApi[0]?.subject,
      '[critical] api.example.com: This is a test',
      '[critical] TestAlert',
      '[resolved] TestAlert',
      '[warning] Mild',
    ]),
  );
  expect(new Set(logins.map(String))).toEqual(new Set([Object.values(LOGIN).join()]));
});

test('no secret is in the configuration, in what is known of the container, or in its log, also of what failed', async () => {
  const config = await alerts.compose('exec', '-T', 'alertmanager', 'cat', '/etc/alertmanager/alertmanager.yml');
  const [log, known] = [await alerts.compose('logs', 'alertmanager'), await alerts.inspect()];
  expect(log).toMatch(/integration=slack\[0\].+refused/);
  expect(config).toContain('/run/secrets/alertmanager/ALERT_WEBHOOK_URL');
  for (const secret of TOKENS) for (const text of [config, log, known]) expect(text).not.toContain(secret);
  expect(JSON.parse(known)[0].Config.User).toBe('nobody');
});

const routes: readonly (readonly [string, string])[] = [
  ['alertname=Watchdog severity=critical', 'heartbeat'],
  ['alertname=TestAlert severity=critical', 'operators'],
  ['alertname=Any severity=info', 'none'],
  ['alertname=Any severity=warning', 'operators'],
  ['alertname=Any severity=critical', 'operators'],
  ['alertname=Any', 'operators'],
];

test('the operator’s first look: the test alert says what arrived, and the routes are as the page has them', async () => {
  const amtool = ['exec', '-T', 'alertmanager', 'amtool', 'config', 'routes', 'test'];
  const file = '--config.file=/etc/alertmanager/alertmanager.yml';
  const [words, ...received] = await Promise.all([
    said,
    ...routes.map(([labels]) => alerts.compose(...amtool, file, ...labels.split(' '))),
  ]);
  expect(received.map((one) => one.trim())).toEqual(routes.map(([, receiver]) => receiver));
  expect(words).toContain('email: sent by email to 2 addresses (ALERT_EMAIL_TO).\n');
  expect(words).toContain('webhook: sent to a webhook (ALERT_WEBHOOK_URL).\n');
  expect(words).toContain('slack: FAILED (ALERT_SLACK_WEBHOOK_URL).\n');
});

test('another start with another .env makes it anew, and one with the same does not; another secret counts at once', async () => {
  const id = () => alerts.compose('ps', '--quiet', 'alertmanager');
  const receivers = () =>
    alerts.compose(
      'exec',
      '-T',
      'alertmanager',
      'amtool',
      'config',
      'show',
      '--alertmanager.url=http://127.0.0.1:9093',
    );
  const [before, config] = [await id(), await receivers()];
  await alerts.apply({ ALERT_WEBHOOK_URL: alerts.url('another-token') });
  expect(await id()).toBe(before);
  await alerts.post({ ...named('TestAlert', 'critical', { test: 'another' }) });
  await expect.poll(() => posted('another-token', 'TestAlert'), { timeout: 10_000 }).toEqual(['firing']);
  await alerts.apply({ ALERT_EMAIL_TO: 'third@example.com' });
  expect(await id()).not.toBe(before);
  expect(config).toContain('night@example.com');
  expect(await receivers()).toContain('third@example.com');
});

test('each combination of settings is one that Alertmanager takes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sealpost-configs-'));
  try {
    const names = await Promise.all(
      Object.values(combinations).map(async (given, n) => {
        const files = filesFor(given);
        await writeFile(join(folder, 'sealpost.tmpl'), files['sealpost.tmpl'] ?? '');
        await writeFile(join(folder, `${n}.yml`), files['alertmanager.yml'] ?? '');
        return `/run/secrets/alertmanager/${n}.yml`;
      }),
    );
    await chmod(folder, 0o755);
    const mount = [
      '-v',
      `${folder}:/run/secrets/alertmanager:ro`,
      '--entrypoint',
      'amtool',
      'prom/alertmanager:v0.33.1',
    ];
    const told = await docker('run', '--rm', ...mount, 'check-config', ...names);
    expect(told.split(` - ${INHIBIT_RULES.length} inhibit rules\n`)).toHaveLength(names.length + 1);
    expect(told).not.toContain('FAILED');
  } finally {
    await rm(folder, { recursive: true });
  }
});
