/** `sealpost alerts test`: an alert that means nothing, so that the operator sees whether one arrives. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { alertSettings } from '../../config/alerts.ts';
import { type Environment, readSettings } from '../../runtime/settings.ts';
import { OPERATORS, TEST_ALERT } from './alertmanager.ts';
import { type Attempts, attemptsAt, postAlert } from './ask.ts';
import { type Way, waysIn } from './ways.ts';

const LASTS_MILLISECONDS = 60_000;
const WAIT_MILLISECONDS_MAX = 30_000;

export function addAlerts(program: Command, environment: Environment): void {
  const alerts = program.command('alerts').description('who is told when something breaks');
  alerts
    .command('test')
    .description('send a test alert to everybody who is told of alerts; exit 1 when it does not arrive')
    .action(async () => {
      const { ALERTMANAGER_URL } = readSettings({ ALERTMANAGER_URL: alertSettings.ALERTMANAGER_URL }, environment);
      if (ALERTMANAGER_URL === undefined)
        throw new Error(
          'There is no Alertmanager here: ALERTMANAGER_URL is not set. In the Docker stack it is "./sealpost alerts test".',
        );
      if (!(await testAlerts(ALERTMANAGER_URL, environment, console.log))) process.exitCode = 1;
    });
}

/** Whether everybody who is to be told has been. */
export async function testAlerts(
  url: string,
  environment: Environment,
  say: (line: string) => void,
  milliseconds = WAIT_MILLISECONDS_MAX,
): Promise<boolean> {
  const ways = waysIn(environment);
  const before = (await attemptsAt(url)) ?? [];
  const alert = testAlert(environment, Date.now());
  await postAlert(url, alert);
  say(`Alertmanager has the alert "${alert.annotations.summary}".`);
  if (!ways) say('The file in ALERTMANAGER_FOLDER says whom it reaches.');
  else if (ways.mailStays)
    say('email: not sent. Emails of alerts need Amazon SES or SMTP, and here they would go to the mailbox.');
  else if (ways.ways.length === 0)
    say('It reaches nobody: no receiver is set (docs/alerts.md). It shows in Grafana and in Alertmanager.');
  const results = await Promise.all(
    (ways?.ways ?? []).map(async (way) => {
      const sent = await arrives(url, way, before, milliseconds);
      say(
        sent
          ? `${way.integration}: sent ${way.what} (${way.setting}).`
          : `${way.integration}: FAILED (${way.setting}).`,
      );
      return sent;
    }),
  );
  const all = results.every(Boolean) && !ways?.mailStays;
  if (results.includes(false)) say('Why it failed: docker compose logs --tail 20 alertmanager');
  else if (results.length > 0) say('In two minutes, the same tells you that it is resolved.');
  return all;
}

/** For a minute, then it is resolved. Each is another one, so that none is taken for the one before. */
function testAlert({ API_DOMAIN, GRAFANA_URL, GRAFANA_PORT }: Environment, now: number) {
  return {
    labels: { alertname: TEST_ALERT, severity: 'critical', site: API_DOMAIN || 'localhost', test: randomUUID() },
    annotations: {
      summary: 'This is a test',
      description: 'Nothing is wrong. Somebody ran "./sealpost alerts test" to see whether alerts arrive.',
      dashboard: `${GRAFANA_URL || `http://127.0.0.1:${GRAFANA_PORT || 3000}`}/`,
    },
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + LASTS_MILLISECONDS).toISOString(),
  };
}

/** Whether as many messages as there must be succeed in time; Alertmanager repeats one that fails. */
async function arrives(
  url: string,
  { integration, count }: Way,
  before: readonly Attempts[],
  milliseconds: number,
): Promise<boolean> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const now = (await attemptsAt(url)) ?? before;
    if (succeeded(now, integration) - succeeded(before, integration) >= count) return true;
    if (performance.now() > end) return false;
    await wait(500);
  }
}

function succeeded(attempts: readonly Attempts[], of: string): number {
  const found = attempts.find(({ receiver, integration }) => receiver === OPERATORS && integration === of);
  return found ? found.made - found.failed : 0;
}
