/** Check of who is told when something breaks, and whether it arrives. */
import { alertSettings, alertTable, alertOptions } from '../../config/alerts.ts';
import { HEARTBEAT } from '../alerts/alertmanager.ts';
import { type Attempts, attemptsAt } from '../alerts/ask.ts';
import { listed, type Ways, waysOf } from '../alerts/ways.ts';
import { isServed } from '../../config/edge.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, skipped, warning } from './finding.ts';

export async function checkAlerts({
  environment,
  settings,
}: Pick<DoctorContext, 'environment' | 'settings'>): Promise<Finding> {
  const { ALERTMANAGER_URL: url } = settings({ ALERTMANAGER_URL: alertSettings.ALERTMANAGER_URL });
  if (url === undefined) return skipped('ALERTMANAGER_URL is not set.');
  const ways = environment.ALERTMANAGER_FOLDER ? undefined : waysOf(alertOptions(settings(alertTable)));
  return judgeAlerts(ways, await attemptsAt(url), isServed(environment));
}

/** `ways` undefined: the operator's own file says it. `attempts` undefined: Alertmanager does not answer. */
export function judgeAlerts(
  ways: Ways | undefined,
  attempts: readonly Attempts[] | undefined,
  served: boolean,
): Finding {
  const facts = { ways: ways?.ways.map(({ integration }) => integration) ?? null, heartbeat: ways?.heartbeat ?? null };
  if (attempts === undefined)
    return {
      ...warning(
        'Alertmanager does not answer: alerts reach nobody.',
        'The log says why: "docker compose logs --tail 50 alertmanager".',
      ),
      facts,
    };
  const failing = attempts
    .filter(({ made, failed }) => failed > 0 && failed >= made)
    .map(({ receiver, integration }) => (receiver === HEARTBEAT ? 'heartbeat' : integration));
  if (failing.length > 0) {
    const what = `Every message by ${listed(failing)} has failed since Alertmanager started.`;
    return { ...warning(what, 'The log says why: "docker compose logs --tail 50 alertmanager".'), facts };
  }
  return { ...(ways ? judgeWays(ways, served) : ok('Alerts go where the file in ALERTMANAGER_FOLDER says.')), facts };
}

function judgeWays({ ways, mailStays, heartbeat }: Ways, served: boolean): Finding {
  const todo = 'Set ALERT_EMAIL_TO, or another setting of docs/alerts.md, in .env; then "./sealpost apply".';
  if (mailStays)
    return warning(
      `The addresses of ALERT_EMAIL_TO get nothing: emails of alerts need Amazon SES or SMTP. ${goTo(ways)}`,
      'Set the keys of Amazon SES, or MAIL_TRANSPORT=smtp.',
    );
  if (ways.length === 0) {
    if (served) return warning('Alerts reach nobody.', todo);
    return ok('Alerts reach nobody, as long as API_DOMAIN is not set.');
  }
  return ok(
    `${goTo(ways)} ${heartbeat ? 'The heartbeat goes out.' : 'Nothing tells of the end of this machine: ALERT_HEARTBEAT_URL is not set.'}`,
  );
}

const goTo = (ways: Ways['ways']): string =>
  ways.length === 0 ? 'Alerts reach nobody.' : `Alerts go ${listed(ways.map(({ what }) => what))}.`;
