/** What is wrong with the settings of a stack of containers, read from its .env before anything is made of it. */
import { randomBytes } from 'node:crypto';
import { chapters, problemsOf } from '../config/all.ts';
import { isServed } from '../config/edge.ts';
import { misspeltNames } from '../config/misspelt.ts';
import type { Environment } from '../runtime/settings.ts';
import { stackValueProblems } from './stack-values.ts';

/** What compose.yaml sets itself, or what names a place of the machine there: the programs do not read it from .env. */
const ofTheStack = new Set([
  'DB_HOST',
  'DB_PORT',
  'METRICS_HOST',
  'METRICS_PORT',
  'EDGE_ADDRESS',
  'TRUSTED_PROXIES',
  'ERASURE_LEDGER',
  'BACKUP_DIR',
  'REPORT_DIR',
  'WAL_DIR',
  'MAIL_TEMPLATES',
  'ALERTMANAGER_URL',
]);

/** What compose.modes.yaml sets while mails go to the mailbox. */
const ofTheMailbox = new Set(['SES_ENDPOINT', 'SES_TOPIC_ARNS', 'SNS_CERTIFICATE_URL']);

/** What the stack's own files read of .env (docs/docker.md, Settings of the stack). */
export const STACK_NAMES: readonly string[] = (
  'ACME_EMAIL ALERTMANAGER_FOLDER ALERTMANAGER_PORT API_HEAP_MEGABYTES API_MEMORY API_REPLICAS APP_DOMAIN ' +
  'COMPOSE_FILE COMPOSE_PROFILES COMPOSE_PROJECT_NAME DATABASE_CA EDGE_IPV6 EDGE_SUBNET EDGE_SUBNET_IPV6 ' +
  'GRAFANA_PASSWORD GRAFANA_PORT GRAFANA_URL HTTPS_PORT HTTP_PORT MAILBOX MAILBOX_PORT OFF_SITE_DIR OUTER_PROXIES POSTGRES_MEMORY ' +
  'POSTGRES_PASSWORD PROMETHEUS_PORT PROMETHEUS_RETENTION PROMETHEUS_RETENTION_SIZE SEALPOST_COMMIT SEALPOST_VERSION WEB_ROOT'
).split(' ');

const made = (): string => randomBytes(32).toString('hex');

/** A line each; empty where nothing is. What the first start makes is taken as made. */
export const stackProblems = (environment: Environment, own: readonly string[] = []): readonly string[] => [
  ...misspelt(environment, own),
  ...valueProblems(environment),
];

/** The same but for names, which `./sealpost check` looks at itself. */
export const valueProblems = (environment: Environment): readonly string[] => [
  ...halfProduction(environment),
  ...stackValueProblems(environment),
  ...wrongValues(environment),
];

/** `own`: what the operator's compose files read. */
function misspelt(environment: Environment, own: readonly string[]): readonly string[] {
  const settings = Object.values(chapters).flatMap((table) => Object.keys(table));
  const known = [...settings, ...settings.map((name) => `${name}_FILE`), ...STACK_NAMES, ...own];
  return misspeltNames(Object.keys(environment), known).map(
    ({ name, meant }) =>
      `${name}: there is no such setting. If it is ${meant}, correct it; else give it a name less like it.`,
  );
}

/** Why half a pair of keys is none; undefined where there are both or neither. */
export const loneKey = ({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }: Environment): string | undefined =>
  Boolean(AWS_ACCESS_KEY_ID) === Boolean(AWS_SECRET_ACCESS_KEY)
    ? undefined
    : 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set both, or neither for the mailbox.';

function halfProduction(environment: Environment): readonly string[] {
  const lone = loneKey(environment);
  if (lone !== undefined) return [lone];
  const { AWS_ACCESS_KEY_ID, MAIL_TRANSPORT, MAILBOX, API_DOMAIN } = environment;
  if (MAILBOX && MAILBOX !== 'yes') return ['MAILBOX: must be yes, or not be set.'];
  if (!isServed(environment) || AWS_ACCESS_KEY_ID || MAIL_TRANSPORT === 'smtp' || MAILBOX === 'yes') return [];
  return [
    `AWS_ACCESS_KEY_ID: required, since API_DOMAIN is ${API_DOMAIN}: without the keys of Amazon SES every code stays in this machine's mailbox. ` +
      'For mails by SMTP set MAIL_TRANSPORT=smtp; to try it out without mails, MAILBOX=yes.',
  ];
}

function wrongValues(environment: Environment): readonly string[] {
  const mailbox = !environment.AWS_ACCESS_KEY_ID;
  const isRead = (name: string): boolean =>
    !ofTheStack.has(name) &&
    !name.endsWith('_FILE') &&
    !(mailbox && ofTheMailbox.has(name)) &&
    !(name === 'DB_SSL' && !environment.DATABASE_URL);
  const read = Object.fromEntries(Object.entries(environment).filter(([name, value]) => value !== '' && isRead(name)));
  return problemsOf({
    // As the image has it.
    NODE_ENV: 'production',
    // As compose.yaml has it.
    BACKUP_DIR: '/var/backups/postgresql',
    REPORT_DIR: '/var/backups/reports',
    JWT_SECRET: made(),
    DB_PASSWORD: made(),
    BACKUP_DB_PASSWORD: made(),
    AWS_ACCESS_KEY_ID: made(),
    AWS_SECRET_ACCESS_KEY: made(),
    // The mailbox has a sender by default; nobody else has.
    ...(mailbox && !isServed(environment) ? { SES_FROM_EMAIL: 'noreply@example.com' } : {}),
    ...read,
  });
}
