/** Where alerts go by the settings, in words that name no address and no secret. */
import { type AlertOptions, alertOptions, alertTable } from '../../config/alerts.ts';
import { type Environment, readSettings } from '../../runtime/settings.ts';

/** `integration`: what Alertmanager calls it in its metrics; `count`: how many messages are one alert. */
export type Way = Readonly<{ integration: string; count: number; what: string; setting: string }>;

/** Undefined where the operator's own file says it, of which nothing is known here. */
export type Ways = Readonly<{
  ways: readonly Way[];
  /** Addresses are named, and mails stay in the local mailbox. */
  mailStays: boolean;
  heartbeat: boolean;
}>;

/** Throws InvalidSettings. */
export function waysIn(environment: Environment): Ways | undefined {
  if (environment.ALERTMANAGER_FOLDER) return undefined;
  return waysOf(alertOptions(readSettings(alertTable, environment)));
}

export function waysOf({ mail, webhookUrl, slackUrl, pagerdutyKey, heartbeatUrl }: AlertOptions): Ways {
  const mailStays = mail?.server === 'mailbox';
  const count = mail?.to.length ?? 0;
  const all: readonly (Way & { set: boolean })[] = [
    {
      set: mail !== undefined && !mailStays,
      integration: 'email',
      count,
      what: `by email to ${count} ${count === 1 ? 'address' : 'addresses'}`,
      setting: 'ALERT_EMAIL_TO',
    },
    {
      set: webhookUrl !== undefined,
      count: 1,
      integration: 'webhook',
      what: 'to a webhook',
      setting: 'ALERT_WEBHOOK_URL',
    },
    {
      set: slackUrl !== undefined,
      count: 1,
      integration: 'slack',
      what: 'to Slack',
      setting: 'ALERT_SLACK_WEBHOOK_URL',
    },
    {
      set: pagerdutyKey !== undefined,
      count: 1,
      integration: 'pagerduty',
      what: 'to PagerDuty',
      setting: 'ALERT_PAGERDUTY_ROUTING_KEY',
    },
  ];
  const ways = all.flatMap(({ set, ...way }) => (set ? [way] : []));
  return { ways, mailStays, heartbeat: heartbeatUrl !== undefined };
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
