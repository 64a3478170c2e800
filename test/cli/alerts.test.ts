/** Who is told, as the doctor and the status say it, and the test alert: beside a server that answers as Alertmanager does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attemptsIn } from '../../services/cli/alerts/ask.ts';
import { addAlerts, testAlerts } from '../../services/cli/alerts/command.ts';
import { checkAlerts } from '../../services/cli/doctor/alerts.ts';
import { readSettings } from '../../services/runtime/settings.ts';
import { combinations, SECRETS } from '../support/alert-settings.ts';
import { runCommand } from '../support/command.ts';

type Posted = { labels: Record<string, string>; annotations: Record<string, string>; startsAt: string; endsAt: string };
type Counts = Record<string, readonly [made: number, failed: number]>;

const metricsOf = (counts: Counts): string =>
  Object.entries(counts)
    .flatMap(([key, [made, failed]]) => {
      const [receiver, integration] = key.split(' ');
      const labels = `{integration="${integration}",receiver_name="${receiver}"}`;
      return [`_total${labels} ${made}`, `_failed_total${labels} ${failed}`];
    })
    .map((line) => `alertmanager_notification_requests${line}\n`)
    .join('');

/** Takes alerts, and counts then as `after` says. */
async function fakeAlertmanager(before: Counts = {}, after: Counts = before) {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/metrics')
      return response.end(`alertmanager_build_info 1\n${metricsOf(posted.length > 0 ? after : before)}`);
    if (request.url !== '/api/v2/alerts') return response.writeHead(404).end();
    void text(request).then((body) => response.end(void posted.push(...(JSON.parse(body) as Posted[]))));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posted };
}

const served = { API_DOMAIN: 'api.example.com' };
const nowhere = 'http://127.0.0.1:9';

/** What the doctor says of an installation with these settings. */
const look = (environment: Record<string, string | undefined>) =>
  checkAlerts({ environment, settings: (table) => readSettings(table, environment) });

describe('the doctor', () => {
  test('says in one line where alerts go, and whether a sign of life goes out; no address, no secret', async () => {
    const { url } = await fakeAlertmanager();
    const all = await look({ ...combinations.everything, ...served, ALERTMANAGER_URL: url });
    expect(all).toEqual({
      status: 'ok',
      what: 'Alerts go by email to 1 address, to a webhook, to Slack and to PagerDuty. The heartbeat goes out.',
      facts: { ways: ['email', 'webhook', 'slack', 'pagerduty'], heartbeat: true },
    });
    const some = await look({ ...combinations['emails to several'], ...served, ALERTMANAGER_URL: url });
    expect([some.status, some.what]).toEqual([
      'ok',
      'Alerts go by email to 2 addresses. Nothing tells of the end of this machine: ALERT_HEARTBEAT_URL is not set.',
    ]);
    for (const shown of [...Object.values(SECRETS), '@example.com', 'hooks.'])
      expect(JSON.stringify([all, some])).not.toContain(shown);
  });

  test('warns where they reach nobody, but not of a stack that serves nobody', async () => {
    const { url: ALERTMANAGER_URL } = await fakeAlertmanager();
    expect(await look({ ALERTMANAGER_URL, ...served })).toMatchObject({
      status: 'warning',
      what: 'Alerts reach nobody.',
      todo: expect.stringContaining('ALERT_EMAIL_TO'),
    });
    for (const domain of [undefined, '', 'localhost', 'a.localhost'])
      expect(await look({ ALERTMANAGER_URL, API_DOMAIN: domain }), domain).toMatchObject({ status: 'ok' });
  });

  test('warns of emails that would have to go to the mailbox', async () => {
    const { url: ALERTMANAGER_URL } = await fakeAlertmanager();
    const mailbox = { ...combinations['emails that stay in the mailbox'], AWS_ACCESS_KEY_ID: 'LOCAL0' };
    expect(await look({ ...mailbox, ALERTMANAGER_URL })).toMatchObject({
      status: 'warning',
      what: 'The addresses of ALERT_EMAIL_TO get nothing: emails of alerts need Amazon SES or SMTP. Alerts reach nobody.',
    });
    const beside = { ...mailbox, ALERT_WEBHOOK_URL: SECRETS.ALERT_WEBHOOK_URL, ALERTMANAGER_URL };
    expect((await look(beside)).what).toMatch(/SMTP\. Alerts go to a webhook\.$/);
  });

  test('warns of what has never arrived, and not of what failed in between', async () => {
    const failing = await fakeAlertmanager({ 'operators email': [3, 3], 'heartbeat webhook': [2, 2] });
    expect(await look({ ...combinations.everything, ALERTMANAGER_URL: failing.url })).toMatchObject({
      status: 'warning',
      what: 'Every message by email and heartbeat has failed since Alertmanager started.',
    });
    const passing = await fakeAlertmanager({ 'operators email': [3, 2], 'operators slack': [0, 0] });
    expect((await look({ ...combinations.everything, ALERTMANAGER_URL: passing.url })).status).toBe('ok');
  });

  test('warns where Alertmanager is away, knows nothing of an own file, and asks nobody where there is none', async () => {
    expect(await look({ ...combinations.everything, ALERTMANAGER_URL: nowhere })).toMatchObject({
      status: 'warning',
      what: 'Alertmanager does not answer: alerts reach nobody.',
    });
    const { url: ALERTMANAGER_URL } = await fakeAlertmanager();
    const own = await look({ ALERTMANAGER_URL, ALERTMANAGER_FOLDER: './own/alertmanager', ...served });
    expect([own.status, own.what]).toEqual(['ok', 'Alerts go where the file in ALERTMANAGER_FOLDER says.']);
    expect(await look({})).toEqual({ status: 'skipped', what: 'ALERTMANAGER_URL is not set.' });
  });
});

const run = (environment: Record<string, string | undefined>) => runCommand(addAlerts, ['alerts', 'test'], environment);

describe('sealpost alerts test', () => {
  test('posts an alert of its own that ends by itself, and says of each way that it went out, exit code 0', async () => {
    const ways = ['email', 'webhook', 'slack', 'pagerduty'].map((name) => [`operators ${name}`, [5, 1]] as const);
    const after = ways.map(([key]) => [key, [6, 1]] as const);
    const { url, posted } = await fakeAlertmanager(Object.fromEntries(ways), Object.fromEntries(after));
    const { code, stdout } = await run({ ...combinations.everything, ...served, ALERTMANAGER_URL: url });
    expect([code, stdout.trimEnd().split('\n')]).toEqual([
      0,
      [
        'Alertmanager has the alert "This is a test".',
        'email: sent by email to 1 address (ALERT_EMAIL_TO).',
        'webhook: sent to a webhook (ALERT_WEBHOOK_URL).',
        'slack: sent to Slack (ALERT_SLACK_WEBHOOK_URL).',
        'pagerduty: sent to PagerDuty (ALERT_PAGERDUTY_ROUTING_KEY).',
        'In two minutes, the same tells you that it is resolved.',
      ],
    ]);
    const [{ labels = {}, startsAt = '', endsAt = '' } = {}] = posted;
    expect(labels).toMatchObject({ alertname: 'TestAlert', severity: 'critical', site: 'api.example.com' });
    expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(60_000);
    await testAlerts(url, { ...combinations.everything }, () => {}, 0);
    expect(posted[1]?.labels.test).not.toBe(labels.test);
  });

  test('an address that got nothing counts: of two, one message is not enough', async () => {
    const { url } = await fakeAlertmanager({}, { 'operators email': [3, 2], 'heartbeat webhook': [1, 0] });
    const said: string[] = [];
    const all = await testAlerts(url, { ...combinations['emails to several'] }, (line) => said.push(line), 600);
    expect([all, ...said.slice(1)]).toEqual([
      false,
      'email: FAILED (ALERT_EMAIL_TO).',
      'Why it failed: docker compose logs --tail 20 alertmanager',
    ]);
  });

  test.each([
    [{}, 0, 'It reaches nobody: no receiver is set (docs/alerts.md). It shows in Grafana and in Alertmanager.'],
    [
      { ALERT_EMAIL_TO: 'a@example.com' },
      1,
      'Emails of alerts need Amazon SES or SMTP, and here they would go to the mailbox.',
    ],
    [{ ALERTMANAGER_FOLDER: './own' }, 0, 'The file in ALERTMANAGER_FOLDER says whom it reaches.'],
  ])('with %j it ends with %i and says why nobody of ours is told', async (environment, code, words) => {
    const { url, posted } = await fakeAlertmanager();
    const ran = await run({ ...environment, ALERTMANAGER_URL: url });
    expect([ran.code, posted.length]).toEqual([code, 1]);
    expect(ran.stdout).toContain(words);
    expect(ran.stdout).not.toContain('@');
  });

  test('without an Alertmanager it says so', async () => {
    const [none, away] = [await run({}), await run({ ALERTMANAGER_URL: nowhere })];
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('There is no Alertmanager here')]);
    expect([away.code, away.stderr]).toEqual([1, expect.stringContaining('Alertmanager does not answer')]);
  });
});

test('attempts are read of Alertmanager’s metrics by receiver and integration, and of nothing else', () => {
  const metrics = `alertmanager_notification_requests_failed_total{integration="email",receiver_name="operators"} 1
alertmanager_notification_requests_total{integration="email",receiver_name="operators"} 1.2e+02
alertmanager_notifications_total{integration="email",receiver_name="operators"} 7`;
  expect(attemptsIn(metrics)).toEqual([{ receiver: 'operators', integration: 'email', made: 120, failed: 1 }]);
});
